"""The chunks of a stream: what each says of its choice. Servers cut and order the same content differently.

A transform is a function from the chunks of one choice to others; a dialect has as many of them as it needs.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TypeAlias

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.core.tokens import split


class ChunkKind(Enum):
    """What a chunk is there for."""

    ROLE = "role"
    REASONING = "reasoning"  #: only where the dialect tells it
    TEXT = "text"
    REFUSAL = "refusal"
    CALL = "call"
    FINISH = "finish"
    USAGE = "usage"  #: the chunk of its own that carries the usage, without choices
    EMPTY = "empty"  #: the one chunk of an answer that has no choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """One chunk of one choice. `delta` of a text completion has the member `text` alone."""

    kind: ChunkKind
    index: int = 0
    delta: JsonObject = field(default_factory=dict[str, JsonValue])
    logprobs: JsonValue = None
    finish_reason: str | None = None
    stopped_by: str = ""  #: with a finish_reason: the stop sequence that ended it


ChunkTransform: TypeAlias = Callable[[tuple[Chunk, ...]], tuple[Chunk, ...]]
#: From the calls of a message, as the JSON answer has them, to the lists `tool_calls` of one delta after the other.
Fragments: TypeAlias = Callable[[Iterable[JsonObject]], Iterator[list[JsonValue]]]


def transformed(chunks: tuple[Chunk, ...], transforms: Iterable[ChunkTransform]) -> tuple[Chunk, ...]:
    """The chunks after all transforms."""
    for transform in transforms:
        chunks = transform(chunks)
    return chunks


# -- transforms ---------------------------------------------------------------------------------------------


def lone_call_with_role(chunks: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
    """A message that is one call and no text opens it together with the role, as OpenAI does."""
    heads = [chunk for chunk in chunks if chunk.kind is ChunkKind.CALL and _opens(chunk)]
    opening = chunks[0]
    if len(heads) != 1 or opening.delta.get("content", "") is not None:
        return chunks
    # calls stand before the refusal in 97 of 101 recorded streams of OpenAI's
    first = {name: value for name, value in opening.delta.items() if name != "refusal"}
    joined = replace(opening, delta={**first, **heads[0].delta, **opening.delta})
    return (joined, *(chunk for chunk in chunks[1:] if chunk is not heads[0]))


def _opens(chunk: Chunk) -> bool:
    calls = chunk.delta.get("tool_calls")
    return isinstance(calls, list) and any(isinstance(call, dict) and "id" in call for call in calls)


def role_with_first(chunks: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
    """The role has no chunk of its own: it comes with the first piece."""
    if len(chunks) < 2 or chunks[0].kind is not ChunkKind.ROLE:
        return chunks
    first = chunks[1]
    return (replace(first, delta={**chunks[0].delta, **first.delta}), *chunks[2:])


def role_everywhere(chunks: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
    """The role comes with every chunk."""
    return tuple(replace(chunk, delta={"role": "assistant", **chunk.delta}) for chunk in chunks)


def finish_with_last(chunks: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
    """The finish_reason has no chunk of its own: it comes with the last piece."""
    if len(chunks) < 2 or chunks[-1].kind is not ChunkKind.FINISH:
        return chunks
    end = chunks[-1]
    return (*chunks[:-2], replace(chunks[-2], finish_reason=end.finish_reason, stopped_by=end.stopped_by))


def finish_with_last_if_cut(chunks: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
    """Where a limit or a stop sequence cut it, no end token followed that could have had a chunk of its own."""
    cut = chunks[-1].finish_reason == "length" or chunks[-1].stopped_by
    return finish_with_last(chunks) if cut else chunks


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
