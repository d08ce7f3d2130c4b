"""The beats of a stream: what each chunk says of its choice. Every server says the same in another rhythm.

A rhythm is a function from the beats of one choice to others; a dialect has as many of them as it needs.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TypeAlias

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.core.tokens import split

__all__ = [
    "Beat", "Fragments", "Kind", "Rhythm", "finish_with_last", "finish_with_last_if_cut", "fragments_without_head",
    "head_with_first_fragment", "head_without_arguments", "in_rhythm", "lone_call_with_role", "role_everywhere",
    "role_with_first", "token_fragments", "whole_calls",
]  # fmt: skip


class Kind(Enum):
    """What a beat is there for."""

    ROLE = "role"
    REASONING = "reasoning"  #: only where the dialect tells it
    TEXT = "text"
    REFUSAL = "refusal"
    CALL = "call"
    FINISH = "finish"
    USAGE = "usage"  #: the chunk of its own that carries the usage, without choices
    EMPTY = "empty"  #: the one chunk of an answer that has no choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """One chunk of one choice. `delta` of a text completion has the member `text` alone."""

    kind: Kind
    index: int = 0
    delta: JsonObject = field(default_factory=dict[str, JsonValue])
    logprobs: JsonValue = None
    finish_reason: str | None = None
    stopped_by: str = ""  #: with a finish_reason: the stop sequence that ended it


Rhythm: TypeAlias = Callable[[tuple[Beat, ...]], tuple[Beat, ...]]
#: From the calls of a message, as the JSON answer has them, to the lists `tool_calls` of one delta after the other.
Fragments: TypeAlias = Callable[[Iterable[JsonObject]], Iterator[list[JsonValue]]]


def in_rhythm(beats: tuple[Beat, ...], rhythms: Iterable[Rhythm]) -> tuple[Beat, ...]:
    """The beats after all rhythms."""
    for rhythm in rhythms:
        beats = rhythm(beats)
    return beats


# -- rhythms ------------------------------------------------------------------------------------------------


def lone_call_with_role(beats: tuple[Beat, ...]) -> tuple[Beat, ...]:
    """A message that is one call and no text opens it together with the role, as OpenAI does."""
    heads = [beat for beat in beats if beat.kind is Kind.CALL and _opens(beat)]
    opening = beats[0]
    if len(heads) != 1 or opening.delta.get("content", "") is not None:
        return beats
    # calls stand before the refusal in 97 of 101 recorded streams of OpenAI's
    first = {name: value for name, value in opening.delta.items() if name != "refusal"}
    joined = replace(opening, delta={**first, **heads[0].delta, **opening.delta})
    return (joined, *(beat for beat in beats[1:] if beat is not heads[0]))


def _opens(beat: Beat) -> bool:
    calls = beat.delta.get("tool_calls")
    return isinstance(calls, list) and any(isinstance(call, dict) and "id" in call for call in calls)


def role_with_first(beats: tuple[Beat, ...]) -> tuple[Beat, ...]:
    """The role has no chunk of its own: it comes with the first piece."""
    if len(beats) < 2 or beats[0].kind is not Kind.ROLE:
        return beats
    first = beats[1]
    return (replace(first, delta={**beats[0].delta, **first.delta}), *beats[2:])


def role_everywhere(beats: tuple[Beat, ...]) -> tuple[Beat, ...]:
    """The role comes with every chunk."""
    return tuple(replace(beat, delta={"role": "assistant", **beat.delta}) for beat in beats)


def finish_with_last(beats: tuple[Beat, ...]) -> tuple[Beat, ...]:
    """The finish_reason has no chunk of its own: it comes with the last piece."""
    if len(beats) < 2 or beats[-1].kind is not Kind.FINISH:
        return beats
    end = beats[-1]
    return (*beats[:-2], replace(beats[-2], finish_reason=end.finish_reason, stopped_by=end.stopped_by))


def finish_with_last_if_cut(beats: tuple[Beat, ...]) -> tuple[Beat, ...]:
    """Where a limit or a stop sequence cut it, no end token followed that could have had a chunk of its own."""
    cut = beats[-1].finish_reason == "length" or beats[-1].stopped_by
    return finish_with_last(beats) if cut else beats


# -- calls --------------------------------------------------------------------------------------------------


def _numbered(calls: Iterable[JsonObject]) -> Iterator[tuple[int, JsonObject, JsonObject, str]]:
    for number, call in enumerate(calls):
        function = call["function"]
        if isinstance(function, dict):
            yield number, call, function, str(function["arguments"])


def token_fragments(calls: Iterable[JsonObject]) -> Iterator[list[JsonValue]]:
    """Each call's head with empty arguments, then its arguments a token at a time."""
    for number, call, function, arguments in _numbered(calls):
        yield [{"index": number, **call, "function": {**function, "arguments": ""}}]
        yield from fragments_without_head(number, split(arguments))


def fragments_without_head(number: int, pieces: Iterable[str]) -> Iterator[list[JsonValue]]:
    """The pieces of one call's arguments."""
    for piece in pieces:
        yield [{"index": number, "function": {"arguments": piece}}]


def head_without_arguments(calls: Iterable[JsonObject]) -> Iterator[list[JsonValue]]:
    """Each call's head without the member `arguments`, then its arguments a token at a time."""
    for number, call, function, arguments in _numbered(calls):
        named = {name: value for name, value in function.items() if name != "arguments"}
        yield [
            {**{name: call[name] for name in call if name != "function"}, "index": number, "function": named}
        ]
        yield from fragments_without_head(number, split(arguments))


def head_with_first_fragment(calls: Iterable[JsonObject]) -> Iterator[list[JsonValue]]:
    """Each call's head with the first token of its arguments, then the others."""
    for number, call, function, arguments in _numbered(calls):
        first, *rest = split(arguments) or ("",)
        yield [{"index": number, **call, "function": {**function, "arguments": first}}]
        yield from fragments_without_head(number, rest)


def whole_calls(calls: Iterable[JsonObject]) -> Iterator[list[JsonValue]]:
    """One chunk a call, with all of its arguments."""
    for number, call, _, _ in _numbered(calls):
        yield [{"index": number, **call}]
