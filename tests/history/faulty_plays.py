"""Plays in which one request goes wrong."""

from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import strategies as st

from chatproof.history.model.deviation import Cause
from chatproof.history.model.oracle import follow
from chatproof.history.model.plan import Again, Answer, Call, Fork, Move, Say
from chatproof.history.model.policy import Messages, Policy, Rounds, SystemPrompt, Turns
from chatproof.history.model.seen import Exchange, Play
from tests.history.model_client import ModelClient, Wire
from tests.history.mutations import Mutation, mutated, mutations, wires_of

PLAIN = Say()
BLANK = Say(text=" § ")
TOOLS = Say(answers=(Answer(calls=(Call(), Call())), Answer()))
FAILED = Say(text="lost §", answers=(Answer(name="http-500"),))
ELSEWHERE = Say(to="other")

_policies = st.builds(
    Policy,
    window=st.none() | st.sampled_from([Messages(4), Messages(7), Rounds(2), Turns(3), Messages(40)]),
    system=st.sampled_from([SystemPrompt.KEPT, SystemPrompt.NONE, SystemPrompt.COUNTED]),
    tools=st.just(3),
    many=st.just(value=True),
    tree=st.just(value=True),
    retries=st.just(0),
)
_moves: st.SearchStrategy[list[Move]] = st.lists(
    st.sampled_from([PLAIN, BLANK, TOOLS, FAILED, ELSEWHERE, Again()]), max_size=6
)


def _plan_of(before: list[Move], new: Say) -> list[Move]:
    """A branch, something before, and then the ask that goes wrong, and two more."""
    whole = False
    kept: list[Move] = [PLAIN, Fork(at=1, new="b1"), Say(to="b1")]
    for move in before:
        if isinstance(move, Again) and not whole:
            continue
        whole = whole if move == ELSEWHERE else move != FAILED
        kept.append(move)
    return [*kept, new, PLAIN, PLAIN]


@dataclass(frozen=True, kw_only=True)
class Faulty:
    """A play, the request that goes wrong in it, and in what way; with `lasting` those after it do so, too."""

    right: Play
    target: Exchange
    mutation: Mutation
    lasting: bool

    @property
    def play(self) -> Play:
        return mutated(self.right, self.target.number, self.mutation.change, lasting=self.lasting)


@st.composite
def faulty_plays(draw: st.DrawFn, *, tools: bool = True) -> Faulty:
    """One mutation of one request of an ask that two more follow."""
    kinds = [PLAIN, BLANK, TOOLS] if tools else [PLAIN, BLANK]
    client = ModelClient(draw(_policies))
    before: list[Move] = [move for move in draw(_moves) if tools or move != TOOLS]
    plan = _plan_of(before, draw(st.sampled_from(kinds)))
    play = client.play(tuple(plan))
    at = len(plan) - 3
    target = draw(st.sampled_from(play.steps[at].exchanges))
    wires = wires_of(target)
    mutation = draw(st.sampled_from(list(mutations(wires, list(_foreign(client, play, wires, at))))))
    return Faulty(right=play, target=target, mutation=mutation, lasting=draw(st.booleans()))


Found = tuple[int, str, str]
"""The number of a request, a kind and a cause."""


def found_in(play: Play) -> list[Found]:
    """What is found in a play."""
    return [
        (judged.exchange.number, one.kind, one.cause) for judged in follow(play) for one in judged.deviations
    ]


def _foreign(client: ModelClient, play: Play, here: list[Wire], at: int) -> Iterator[tuple[Wire, Cause]]:
    """What was said or answered before a step and is not in a request of it, each with what it is there."""
    stored = [kept.wire for kept in client.store["a"]]
    seen: list[Wire] = []
    replies: dict[str, Wire] = {}
    for step in play.steps[:at]:
        for exchange in step.exchanges:
            to = step.asks[0].to
            wires = wires_of(exchange)
            for wire in wires:
                if wire in seen or wire["role"] in ("system", "tool") or wire.get("tool_calls"):
                    continue
                seen.append(wire)
                if wire in here:
                    continue
                if wire in stored:
                    yield wire, Cause.OUTSIDE
                elif to != "a":
                    yield wire, Cause.CONVERSATION if to == "other" else Cause.BRANCH
                elif wire == wires[-1] and exchange.answer.name != "text":
                    yield wire, Cause.FAILED
            if isinstance(step.move, Again) and to in replies:
                yield replies[to], Cause.REPLACED
            replies[to] = {"role": "assistant", "content": exchange.answer.text}
