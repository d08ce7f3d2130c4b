"""Histories: the messages of a request, in an order of roles that endpoints accept."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import chain, product
from typing import TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.valid.members import among, call_of, something, texts
from chatschema import JsonObject, JsonValue

__all__ = ["histories", "tool_histories"]

#: One round: what is said in it, something beside it, and a number for its calls.
_Round: TypeAlias = Callable[[str, str, int], list[JsonObject]]


def _said(text: str, beside: str, _number: int) -> list[JsonObject]:
    return [{"role": "user", "content": text}, {"role": "assistant", "content": beside}]


def _parts(text: str, beside: str, _number: int) -> list[JsonObject]:
    image: JsonObject = {
        "type": "image_url",
        "image_url": {"url": "data:image/png;base64,AAAA", "detail": "low"},
    }
    parts: list[JsonValue] = [{"type": "text", "text": text}, image]
    spoken: list[JsonValue] = [{"type": "text", "text": something(beside)}]
    return [{"role": "user", "content": parts, "name": "ann"}, {"role": "assistant", "content": spoken}]


def _refused(text: str, beside: str, _number: int) -> list[JsonObject]:
    refusal: JsonObject = {"role": "assistant", "content": None, "refusal": something(beside)}
    return [{"role": "user", "content": text}, refusal]


def _called(text: str, beside: str, number: int) -> list[JsonObject]:
    asked = _asked(text, beside, number, calls=1 + number % 3)
    return [*asked, *_results(asked[-1], beside), {"role": "assistant", "content": text}]


def _called_again(text: str, beside: str, number: int) -> list[JsonObject]:
    """A second call after the first one's result, with nothing said between them."""
    first = _asked(text, beside, number, calls=1)
    again = _asked(text, beside, number + 1, calls=2)[1:]
    said: JsonObject = {"role": "assistant", "content": beside}
    return [*first, *_results(first[-1], text), *again, *_results(again[-1], beside), said]


_ROUNDS: tuple[_Round, ...] = (_said, _called, _parts, _refused, _called_again)
_TOOL_ROUNDS = (_called, _called_again)
_OPENINGS: tuple[tuple[str, ...], ...] = ((), ("system",), ("developer",))

_Plan: TypeAlias = tuple[tuple[str, ...], tuple[_Round, ...], str]
_SEQUENCES = tuple(chain.from_iterable(product(_ROUNDS, repeat=size) for size in range(4)))
_PLANS: tuple[_Plan, ...] = tuple(product(_OPENINGS, _SEQUENCES, ("question", "results")))
_TOOL_PLANS: tuple[_Plan, ...] = tuple(
    (opening, rounds, end) for opening, rounds, end in _PLANS if set(rounds).intersection(_TOOL_ROUNDS)
)


@cache
def histories() -> SearchStrategy[list[JsonObject]]:
    """The `messages` of a chat request: a system or developer message first or none, up to three rounds, and
    what the model is to answer: a user's message, or the results of the calls that it made.

    Rounds are plain, with content in parts, refused, or go through one or two rounds of tool calls, where each call
    gets its result before anything else is said. `[{"role": "user", "content": "Hi"}]` is the smallest.
    """
    return _histories(_PLANS)


@cache
def tool_histories() -> SearchStrategy[list[JsonObject]]:
    """Those of `histories` that have a whole round of tool calls in them:

    `[{"role": "user", …}, {"role": "assistant", "content": null, "tool_calls": [{"id": "call_0", …}]},
    {"role": "tool", "tool_call_id": "call_0", "content": ""}, {"role": "assistant", …}, {"role": "user", …}]`
    """
    return _histories(_TOOL_PLANS)


def _histories(plans: Sequence[_Plan]) -> SearchStrategy[list[JsonObject]]:
    return st.builds(_history, among(plans), texts(), texts(), st.integers(0, 10**6))


def _history(plan: _Plan, text: str, beside: str, number: int) -> list[JsonObject]:
    opening, rounds, end = plan
    found: list[JsonObject] = [{"role": role, "content": beside} for role in opening]
    for each, play in enumerate(rounds):
        found += play(text + str(each), beside, number + 10 * each)
    last = _asked(text, beside, number + 10 * len(rounds), calls=2)
    return found + (last[:1] if end == "question" else [*last, *_results(last[-1], text)])


def _asked(text: str, beside: str, number: int, *, calls: int) -> list[JsonObject]:
    made: list[JsonValue] = [call_of(beside, number + each) for each in range(calls)]
    call: JsonObject = {"role": "assistant", "content": None, "tool_calls": made}
    return [{"role": "user", "content": text}, call]


def _results(asked: JsonObject, text: str) -> Iterator[JsonObject]:
    """A result for each call, the last call's first: they may come in any order."""
    calls = asked["tool_calls"]
    for call in reversed(calls if isinstance(calls, list) else []):
        if isinstance(call, dict):
            yield {"role": "tool", "tool_call_id": call["id"], "content": text}
