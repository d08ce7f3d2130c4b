"""Talks written out: what a client of a policy may send, and what it is told when it sends something else.

S is the system prompt, U1 and A1 what is said and answered first; C1 an answer with a call and R1 its result; + joins.
"""

import json
from typing import Any

import pytest

from chatproof.history.model.answers import Fate
from chatproof.history.model.oracle import follow
from chatproof.history.model.plan import Answer, Call, Restart, Say, Widen
from chatproof.history.model.policy import (
    UNKNOWN,
    Messages,
    Policy,
    Rounds,
    SystemPrompt,
    Tokens,
    Turns,
)
from chatproof.history.model.seen import Ask, Exchange, Play, Raised, Returned, Step
from chatproof.history.rules.owner import owner

SYSTEM = "Be brief."


def text_of(letter: str) -> str:
    words = {"U": "amber", "A": "birch", "C": "cedar", "R": "raven"}
    return SYSTEM if letter == "S" else f"{words[letter[0]]}-{int(letter[1:]):07}"


def wire(word: str) -> dict[str, Any]:
    letters = word.split("+")
    text = "\n".join(map(text_of, letters))
    kind = letters[-1][0]
    if kind == "R":
        return {"role": "tool", "tool_call_id": f"call{letters[0][1:]}", "content": text}
    role = {"S": "system", "U": "user"}.get(kind, "assistant")
    message: dict[str, Any] = {"role": role, "content": text}
    if kind == "C":
        function = {"name": "look_up", "arguments": json.dumps({"query": text})}
        message |= {
            "content": None,
            "tool_calls": [{"id": f"call{letters[0][1:]}", "type": "function", "function": function}],
        }
    return message


def answer_of(word: str) -> Answer:
    if word.startswith("!"):
        return Answer(name=word[1:], text="")
    if word.startswith("C"):
        call = Call(arguments=json.dumps({"query": text_of(word)}), id=f"call{word[1:]}")
        return Answer(text="", calls=(call,))
    return Answer(text=text_of(word))


def talk(policy: Policy, *turns: str | tuple[str, ...] | int) -> list[str]:
    """The rules that are broken in a talk, each with the number of its request. A turn is what is said, and then what
    is sent and what is answered, by turns; a number widens the window; `same` before it says the same again.
    """
    steps: list[Step] = []
    number = 0
    for turn in turns:
        if isinstance(turn, int):
            steps.append(Step(move=Widen(n=turn)))
            continue
        if isinstance(turn, str):
            steps.append(Step(move=Restart()))
            continue
        said, *rest = turn
        same = said.startswith("same ")
        exchanges: list[Exchange] = []
        for sent, answered in zip(rest[::2], rest[1::2], strict=True):
            number += 1
            answer = answer_of(answered)
            body = json.dumps({"messages": [wire(word) for word in sent.split()]}).encode()
            exchanges.append(
                Exchange(number=number, route="chat", body=body, answer=answer, arrived=answer.text)
            )
        last = exchanges[-1].answer
        ending = Returned(text=last.text) if last.name == "text" else Raised(error=last.name)
        ask = Ask(to="a", said=text_of(said.split()[-1]), ending=ending)
        steps.append(Step(move=Say(same=same), asks=(ask,), exchanges=tuple(exchanges)))
    play = Play(policy=policy, system_prompt=SYSTEM, steps=tuple(steps))
    return [f"{judged.exchange.number} {owner(one)}" for judged in follow(play) for one in judged.deviations]


KEEPS_USER = Policy(fates={"http-500": Fate.KEEP_USER})
UNSURE = Policy(fates={"http-500": Fate.UNKNOWN})
TOOLS = Policy(tools=3)
IN_USER = Policy(system=SystemPrompt.IN_USER)
FIRST = ("U1", "S U1", "A1")
SECOND = ("U2", "S U1 A1 U2", "A2")
LOST = ("U2", "S U1 A1 U2", "!http-500")
CALLED = ("U1", "S U1", "C1", "S U1 C1 R1", "!http-500")

RIGHT: list[tuple[Policy, tuple[Any, ...]]] = [
    # neighbours of one role joined
    (KEEPS_USER, (FIRST, LOST, ("U3", "S U1 A1 U2+U3", "A3"), ("U4", "S U1 A1 U2+U3 A3 U4", "A4"))),
    (KEEPS_USER, (FIRST, LOST, ("U3", "S U1 A1 U2 U3", "A3"))),
    # the system prompt in the first user message, whichever that is
    (IN_USER, (("U1", "S+U1", "A1"), ("U2", "S+U1 A1 U2", "A2"))),
    (
        Policy(system=SystemPrompt.IN_USER, window=Rounds(1)),
        (("U1", "S+U1", "A1"), ("U2", "S+U1 A1 U2", "A2"), ("U3", "S+U2 A2 U3", "A3")),
    ),
    # the system prompt counted in the window
    (Policy(system=SystemPrompt.COUNTED, window=Messages(3)), (FIRST, SECOND, ("U3", "S U2 A2 U3", "A3"))),
    (Policy(system=SystemPrompt.COUNTED, window=Messages(1)), (FIRST, ("U2", "S U2", "A2"))),
    # the same said again
    (Policy(), (FIRST, LOST, ("same U2", "S U1 A1 U2", "A2"), ("U3", "S U1 A1 U2 A2 U3", "A3"))),
    (KEEPS_USER, (FIRST, LOST, ("same U2", "S U1 A1 U2", "A2"), ("U3", "S U1 A1 U2 A2 U3", "A3"))),
    (Policy(), (FIRST, ("same U1", "S U1 A1 U1", "A2"), ("U3", "S U1 A1 U1 A2 U3", "A3"))),
    # a failure after calls
    (TOOLS, (CALLED, ("U2", "S U2", "A2"))),
    (TOOLS, (CALLED, ("U2", "S U1 U2", "A2"))),
    (TOOLS, (CALLED, ("U2", "S U1 C1 R1 U2", "A2"), ("U3", "S U1 C1 R1 U2 A2 U3", "A3"))),
    # odd windows, none, and wider ones
    (Policy(window=Messages(3)), (FIRST, SECOND, ("U3", "S U2 A2 U3", "A3"))),
    (Policy(window=Turns(1)), (FIRST, SECOND, ("U3", "S U2 A2 U3", "A3"))),
    (Policy(window=Messages(0)), (FIRST, ("U2", "S U2", "A2"), 10, ("U3", "S U1 A1 U2 A2 U3", "A3"))),
    # windows that nobody knows
    (Policy(window=UNKNOWN), (FIRST, SECOND, ("U3", "S U2 A2 U3", "A3"), ("U4", "S U4", "A4"))),
    (Policy(window=Tokens(50)), (FIRST, SECOND, ("U3", "S U3", "A3"), ("U4", "S U2 A2 U3 A3 U4", "A4"))),
    # a round of which nobody knows whether it is kept
    (UNSURE, (FIRST, LOST, ("U3", "S U1 A1 U3", "A3"), ("U4", "S U1 A1 U3 A3 U4", "A4"))),
    (UNSURE, (FIRST, LOST, ("U3", "S U1 A1 U2 U3", "A3"), ("U4", "S U1 A1 U2 U3 A3 U4", "A4"))),
    (
        Policy(window=Messages(3), fates=UNSURE.fates),
        (FIRST, LOST, ("U3", "S U1 A1 U2 U3", "A3"), ("U4", "S U2 U3 A3 U4", "A4")),
    ),
    (
        Policy(window=Messages(3), fates=UNSURE.fates),
        (FIRST, LOST, ("U3", "S U1 A1 U3", "A3"), ("U4", "S U3 A3 U4", "A4")),
    ),
    (Policy(window=Messages(2), fates=UNSURE.fates), (FIRST, LOST, ("U3", "S U2 U3", "A3"))),
    (Policy(window=Messages(2), fates=UNSURE.fates), (FIRST, LOST, ("U3", "S U1 A1 U3", "A3"))),
    # what is stored is less than the window
    (Policy(window=Messages(10), cap=Messages(2)), (FIRST, SECOND, ("U3", "S U2 A2 U3", "A3"))),
    (Policy(cap=Messages(3)), (FIRST, SECOND, "restart", ("U3", "S U2 A2 U3", "A3"))),
]

WRONG: list[tuple[Policy, tuple[Any, ...], list[str]]] = [
    (Policy(), (FIRST, LOST, ("U3", "S U1 A1 U2+U3", "A3")), ["3 record.http-error"]),
    (Policy(), (FIRST, LOST, ("same U2", "S U1 A1 U2+U2", "A3")), ["3 record.retry-once"]),
    (Policy(), (FIRST, LOST, ("same U2", "S U1 A1 U2 U2", "A3")), ["3 record.retry-once"]),
    (KEEPS_USER, (FIRST, LOST, ("same U2", "S U1 A1 U2 U2", "A3")), ["3 record.retry-once"]),
    (KEEPS_USER, (FIRST, LOST, ("U3", "S U1 A1 U3", "A3")), ["3 record.http-error"]),
    (IN_USER, (("U1", "U1", "A1"), ("U2", "U1 A1 U2", "A2")), ["1 accumulate.system-first"]),
    (
        Policy(system=SystemPrompt.IN_USER, window=Rounds(1)),
        (("U1", "S+U1", "A1"), ("U2", "S+U1 A1 U2", "A2"), ("U3", "U2 A2 U3", "A3")),
        ["3 truncate.system-kept"],
    ),
    (
        Policy(system=SystemPrompt.COUNTED, window=Messages(2)),
        (FIRST, ("U2", "S U1 A1 U2", "A2")),
        ["2 truncate.bound", "2 truncate.bound"],
    ),
    (TOOLS, (CALLED, ("U2", "S U1 C1 U2", "A2")), ["3 tools.fault-after-call"]),
    (TOOLS, (CALLED, ("U2", "S U1 R1 U2", "A2")), ["3 tools.fault-after-call"]),
    (TOOLS, (CALLED, ("U2", "S C1 R1 U2", "A2")), ["3 tools.fault-after-call"]),
    (
        Policy(window=Messages(3)),
        (FIRST, SECOND, ("U3", "S A1 U2 A2 U3", "A3")),
        ["3 truncate.starts-with-user"],
    ),
    (Policy(window=Messages(4)), (FIRST, SECOND, ("U3", "S U2 A2 U3", "A3")), ["3 truncate.full"] * 2),
    (
        Policy(window=Messages(2)),
        (FIRST, SECOND, ("U3", "S U1 A1 U3", "A3")),
        ["3 truncate.most-recent"] * 4,
    ),
    (
        Policy(window=Messages(0)),
        (FIRST, ("U2", "S U2", "A2"), 10, ("U3", "S U3", "A3")),
        ["3 truncate.zero"] * 4,
    ),
    (
        Policy(window=UNKNOWN),
        (FIRST, SECOND, ("U3", "S U1 A1 U3", "A3")),
        ["3 truncate.most-recent"] * 2,
    ),
    (Policy(window=UNKNOWN), (FIRST, ("U2", "S A1 U2", "A2")), ["2 truncate.starts-with-user"]),
    (
        UNSURE,
        (FIRST, LOST, ("U3", "S U1 A1 U3", "A3"), ("U4", "S U1 A1 U2 U3 A3 U4", "A4")),
        ["4 record.http-error"],
    ),
    (
        UNSURE,
        (FIRST, LOST, ("U3", "S U1 A1 U2 U3", "A3"), ("U4", "S U1 A1 U3 A3 U4", "A4")),
        ["4 accumulate.complete"],
    ),
    (
        Policy(window=Messages(10), cap=Messages(2)),
        (FIRST, SECOND, ("U3", "S U1 A1 U2 A2 U3", "A3")),
        ["3 truncate.stored-cap"] * 2,
    ),
]


@pytest.mark.parametrize(("policy", "turns"), RIGHT)
def test_right_talk_breaks_nothing(policy: Policy, turns: tuple[Any, ...]) -> None:
    assert talk(policy, *turns) == []


@pytest.mark.parametrize(("policy", "turns", "rules"), WRONG)
def test_wrong_talk_breaks_what_it_breaks(policy: Policy, turns: tuple[Any, ...], rules: list[str]) -> None:
    assert talk(policy, *turns) == rules
