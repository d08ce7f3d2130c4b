"""What there is to know about a rule, for people: what is asked, why, how it is tried, and what to do."""

import textwrap
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import groupby

from chatproof.history.model.answers import ANSWERS
from chatproof.history.model.plan import (
    Again,
    Answer,
    Clear,
    Fork,
    Load,
    Move,
    Plan,
    Restart,
    Say,
    Spoil,
    Spoilage,
    Tear,
    Together,
    Widen,
)
from chatproof.history.model.policy import Messages, Policy
from chatproof.history.rules import RULES
from chatproof.history.running.tour import Leg, tour
from chatproof.history.running.tour.traps import CONTROL_TOKENS, TEMPLATES, TEXTS

__all__ = ["advice", "explain", "moves_told", "paragraphs"]

_ABLE = frozenset(
    {
        "again",
        "cancel",
        "clear",
        "conversation",
        "fork",
        "handed",
        "kill",
        "load",
        "older",
        "restart",
        "spoil",
        "stream",
        "tear",
        "together",
        "lines",
        "dashes",
        "window",
    }
)
_EVERYTHING = Policy(
    window=Messages(4),
    cap=Messages(10),
    tools=3,
    persistent=True,
    many=True,
    tree=True,
    models=("one", "two"),
    sticky=True,
    timeout=2.0,
)
_POLICIES = (_EVERYTHING, Policy(timeout=2.0), Policy(window=Messages(0)))
"""Between them these claim every rule."""

_SHOWN = 7
"""Moves of a leg that are told."""


def explain(id: str) -> str:  # noqa: A002  the catalogue's word
    """A rule in paragraphs, each 100 columns wide.

    Raises:
        KeyError: no rule has this id.
    """
    rule = RULES[id]
    told = (
        ("asked", f"{rule.sentence} ({rule.level})"),
        ("without it", rule.breaks),
        ("seen in", f"{rule.reference}."),
        ("tried by", _tried(id)),
        ("what to do", advice(id)),
    )
    return paragraphs(rule.id, told)


def paragraphs(head: str, told: Iterable[tuple[str, str]]) -> str:
    """A head, and below it texts with their titles, wrapped."""
    lines = [head]
    for title, text in told:
        lines += textwrap.wrap(
            text,
            width=100,
            initial_indent=f"  {title:<12}",
            subsequent_indent=" " * 14,
            break_long_words=False,
            break_on_hyphens=False,
        )
    return "\n".join(lines) + "\n"


def advice(id: str) -> str:  # noqa: A002
    """What keeps a rule: for itself, or for its group."""
    return _ADVICE.get(id) or _ADVICE[RULES[id].group]


def _tried(id_: str) -> str:
    legs = _legs()[id_]
    shortest = min(legs, key=lambda leg: (leg.asks, len(leg.plan)))
    others = [leg.name for leg in legs if leg is not shortest]
    also = f" Also in {', '.join(others)}." if others else ""
    return f"{shortest.name}: {moves_told(_about(id_, shortest.plan))}.{also}"


def _about(id_: str, plan: Plan) -> Plan:
    """Of a chain of failures the rule's own, with the ask after it; else all of the plan."""
    for at, move in enumerate(plan):
        answers = move.answers if isinstance(move, Say) else ()
        if any(ANSWERS[answer.name].rule == id_ for answer in answers):
            return plan[at : at + 2]
    return plan


@cache
def _legs() -> Mapping[str, tuple[Leg, ...]]:
    """The legs that provoke each rule, the first of each name."""
    found: dict[str, dict[str, Leg]] = {id_: {} for id_ in RULES}
    for policy in _POLICIES:
        for leg in tour(policy, _ABLE):
            for id_ in leg.provokes:
                found[id_].setdefault(leg.name, leg)
    return {id_: tuple(legs.values()) for id_, legs in found.items()}


def moves_told(plan: Plan) -> str:
    """The moves of a plan in words, as far as anybody reads on."""
    groups = [(told, len(list(same))) for told, same in groupby(map(_told, plan))]
    words = [told if number == 1 else f"{told} ({number} times)" for told, number in groups]
    if len(words) > _SHOWN:
        words = [*words[:_SHOWN], "and so on"]
    return "; ".join(words)


def _told(move: Move) -> str:
    match move:
        case Say():
            return _said(move)
        case Again(answers=answers, to=to):
            return f"the last reply{_in(to)} is asked for again{_answered(answers)}"
        case Together(first=first, second=second):
            where = "in one conversation" if first.to == second.to else "in two conversations"
            return f"two things are said at once, {where}"
        case Restart(killed=killed):
            return (
                "the client is killed and started again"
                if killed
                else "the client is ended and started again"
            )
        case Tear(to=to):
            return f"something is said{_in(to)}, and the client is killed within a write of its files and started again"
        case Clear(to=to):
            return f"the conversation{_named(to)} is cleared"
        case Fork(at=at, to=to, new=new):
            return f"a branch{_named(new)} begins after {at} rounds{_of(to)}"
        case Load(texts=texts):
            return f"a conversation is made from a list of {len(texts)} messages"
        case Widen(n=n):
            return f"the window is set to {n}"
        case Spoil(how=how):
            return _SPOILED[how]


_SPOILED: Mapping[Spoilage, str] = {
    Spoilage.TRUNCATED: "the second half of each file is cut off, and the client starts on that",
    Spoilage.EMPTY: "each file is emptied, and the client starts on that",
    Spoilage.BINARY: "each file is filled with bytes that are no text, and the client starts on that",
    Spoilage.SCHEMA: "each file is filled with JSON of another shape, and the client starts on that",
    Spoilage.UNWRITABLE: "no file can be written any more",
    Spoilage.OLDER: "the files are written as an older version did, and the client starts on that",
}


def _said(move: Say) -> str:
    what = "the same is said again" if move.same else "something is said"
    if move.text in _TRAPS:
        what = f"the text {_TRAPS[move.text]} is said"
    elif len(move.text) > _LONG:
        what = "a long text is said"
    streamed = ", streamed" if move.streamed else ""
    stopped = "" if move.stop is None else f", and stopped after {move.stop} pieces of the answer"
    return f"{what}{_in(move.to)}{streamed}{_answered(move.answers)}{stopped}"


_TRAPS = {text: name for traps in (TEXTS, TEMPLATES, CONTROL_TOKENS) for name, text in traps.items()}
_LONG = 200


def _answered(answers: tuple[Answer, ...]) -> str:
    if all(answer.is_ordinary for answer in answers):
        return ""
    groups = [(told, len(list(same))) for told, same in groupby(map(_answer, answers))]
    told = [what if number == 1 else f"{what} ({number} times)" for what, number in groups]
    return f", and gets an answer {', then one '.join(told)}"


def _answer(answer: Answer) -> str:
    if answer.calls:
        return f"that calls {' and '.join(call.tool for call in answer.calls)}"
    return ANSWERS[answer.name].outcome


def _named(key: str) -> str:
    return "" if key == "a" else f" {key}"


def _in(key: str) -> str:
    return "" if key == "a" else f" in conversation {key}"


def _of(key: str) -> str:
    return "" if key == "a" else f" of {key}"


_AS_IT_IS = (
    "Put texts into the request as they are: no strip, no format, no template; write JSON with a library."
)
_ANEW = (
    "Build each message of a request anew, from role, content, tool_calls and tool_call_id and nothing else."
)
_IN_FRONT = "Keep the prompt out of the history, and put it in front of each request when that is built."
_BY_EVENTS = (
    "Read the stream by the rules of server-sent events, from bytes; record when the finish_reason has come, and with"
    " an error before that do as with any failed round."
)

_ADVICE: Mapping[str, str] = {
    "accumulate": "Keep one list of what was said and answered, only ever add to its end, and send all of it.",
    "accumulate.verbatim": _AS_IT_IS,
    "accumulate.reply-verbatim": _AS_IT_IS,
    "accumulate.same-bytes": "Store the message in the very form in which it is sent, and send that from then on.",
    "accumulate.no-placeholder": _AS_IT_IS,
    "accumulate.control-tokens": _AS_IT_IS,
    "accumulate.system-first": _IN_FRONT,
    "accumulate.system-survives": _IN_FRONT,
    "accumulate.request-valid": _ANEW,
    "accumulate.private": _ANEW,
    "accumulate.prefix-stable": "Put what changes, such as the time, behind what stays, and write messages one way.",
    "accumulate.stateless": "Send the whole history each time, and no id of an earlier response.",
    "accumulate.caller-untouched": "Take a deep copy of the list when it is handed in.",
    "accumulate.stream-equals-json": "Let both ways end in the one function that records a round.",
    "answer": "Give back the text of the choice with index 0 as it is; else raise an error that says why.",
    "retry": "Take the old reply out of the history, send what is left, and add the new reply in its place.",
    "truncate": "Cut when the request is built, not in the store: whole rounds from the newest back, while they fit.",
    "truncate.zero": "Treat 0 as a number like any other (in Python, messages[-0:] is everything), and record as ever.",
    "truncate.system-kept": _IN_FRONT,
    "truncate.stored-cap": "When a round is added, take whole rounds from the beginning until the cap is kept.",
    "truncate.unbounded-growth": "Write the store anew from what is kept, instead of only adding to it.",
    "record": "Add the question and its reply together, once the whole answer has been read and has a text.",
    "record.recovers": "Treat each ask by itself: the failure of one says nothing about the next.",
    "record.retries-bounded": "Count attempts and seconds for the whole turn, and give up at the first limit.",
    "record.stream-cut": _BY_EVENTS,
    "record.stream-error": _BY_EVENTS,
    "record.stream-garbled": _BY_EVENTS,
    "record.stream-keepalive": _BY_EVENTS,
    "record.stream-no-done": _BY_EVENTS,
    "record.stream-abandoned": "Record where the stream is read to its end, and close it when its reader leaves.",
    "record.duplicate-choice": "Look for the choice whose index is 0.",
    "tools": "Keep calls, results and reply as one unit: added whole, dropped whole, cut whole.",
    "tools.arguments-verbatim": "Keep the string that came, and parse a copy of it for the tool.",
    "tools.arguments-string": "Keep the string that came; where it is empty, send {}.",
    "tools.failure-is-a-result": "Catch whatever a tool raises, and send its text as the result.",
    "tools.fragments": "Collect fragments by their index, and parse arguments when the stream has ended.",
    "tools.bounded": "Count the requests of a turn; at the limit drop the round, or end it with results and a reply.",
    "persist": "Write a new file beside the old one, flush it, and rename it over that, with a lock around it all.",
    "persist.corrupt": "Rename a file that cannot be read, say so, and begin an empty one.",
    "persist.read-only": "Give the reply back first; where saving fails, warn, and go on.",
    "persist.clear": "Give each conversation a file of its own, or rewrite the shared one without it.",
    "persist.private": "Create files with mode 600 in a folder with mode 700, and store no key.",
    "persist.no-loss": "Find the message by its id, and change nothing else; never write back an older copy.",
    "persist.migrates": "Write a version into each file, and keep a reader for each version that was ever released.",
    "isolate": "Give each conversation an object of its own, with a lock that is held for a whole turn.",
    "isolate.cancelled": "Undo in a finally clause what the turn has added, or mark it as was declared.",
    "tree": "Walk from the node to the root, and send exactly that path.",
    "tree.from-messages": "Take the list message by message as it is, and refuse it as a whole where that cannot be.",
    "fallback": "Build the messages once for a turn, send the same to each model, and record the first reply.",
    "fallback.sticky": "Remember with the conversation which model answered, and ask it first.",
}
