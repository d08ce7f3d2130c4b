"""The format of one route's answers as data, and how a completion is written in it: one JSON body, or chunks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import zip_longest
from typing import TypeVar

from chatfake.core.http import DONE
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.dialects.format.chunk import (
    Chunk,
    ChunkKind,
    ChunkTransform,
    Fragments,
    token_fragments,
    transformed,
)
from chatfake.dialects.format.completion import Completion
from chatfake.dialects.format.openai_base import BaseFormat
from chatfake.dialects.format.render_context import Part, RenderContext, as_is


class UsageIn(Enum):
    """Where a stream has its usage."""

    NO_CHUNK = "no chunk"
    OWN_CHUNK = "a last chunk without choices"
    LAST_CHUNK = "the last chunk that has a choice"
    EVERY_CHUNK = "every chunk"


def _nothing(_: Completion) -> tuple[JsonObject, ...]:
    return ()


def usage_null_elsewhere(context: RenderContext) -> JsonObject:
    """OpenAI's chunk: where usage was asked for, it is null on all chunks but the last."""
    if context.completion.chat.include_usage and "usage" not in context.openai:
        return {**context.openai, "usage": None}
    return context.openai


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A JSON answer, each object as a part. `logprobs` is asked only where there are some."""

    whole: Part = as_is
    choice: Part = as_is
    message: Part = as_is  #: of chat alone
    logprobs: Part = as_is
    usage: Part = as_is
    reasoning: str = ""  #: the member of the message that has it; empty: it is not told


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A stream: its chunks, each object as a part, and what comes when."""

    chunk: Part = usage_null_elsewhere
    choice: Part = as_is
    delta: Part = as_is  #: of chat alone
    logprobs: Part = as_is
    usage: Part = as_is
    reasoning: str = ""  #: the member of a delta that has a piece of it; empty: it is not told
    transforms: tuple[ChunkTransform, ...] = ()
    calls: Fragments = token_fragments  #: of chat alone
    before: Callable[[Completion], tuple[JsonObject, ...]] = _nothing  #: chunks ahead of all others
    usage_asked: UsageIn = UsageIn.OWN_CHUNK  #: with `stream_options.include_usage`
    usage_unasked: UsageIn = UsageIn.NO_CHUNK
    opening: tuple[bytes, ...] = ()  #: events ahead of the first chunk, such as comments
    closing: tuple[bytes, ...] = (DONE.data,)  #: events after the last


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """Both renderings of one route's answers."""

    body: Body = field(default_factory=Body)
    stream: Stream = field(default_factory=Stream)


# -- writing --------------------------------------------------------------------------------------------------

S = TypeVar("S", bound=Completion)


def whole(base: BaseFormat[S], body: Body, completion: S) -> JsonObject:
    """The body of a JSON answer."""
    choices: list[JsonValue] = [
        _choice(base, body, completion, index) for index in range(len(completion.replies))
    ]
    usage = _written(body.usage, RenderContext(openai=base.usage(completion), completion=completion))
    filled: JsonObject = {**base.whole(completion), "choices": choices, "usage": usage}
    return _written(body.whole, RenderContext(openai=filled, completion=completion))


def _choice(base: BaseFormat[S], body: Body, completion: S, index: int) -> JsonObject:
    context = RenderContext(
        openai=base.choice(completion, index), completion=completion, reply=completion.replies[index]
    )
    counted = _with(_thinking(context, body.reasoning), "logprobs", body.logprobs)
    return _written(body.choice, _with(counted, "message", body.message))


def _thinking(context: RenderContext, name: str) -> RenderContext:
    """With what the model thought in the message, under the name that it has there."""
    message = context.openai.get("message")
    thought = None if context.reply is None else context.reply.reasoning
    if not name or thought is None or not isinstance(message, dict):
        return context
    return context.on({**context.openai, "message": {**message, name: thought}})


def chunks(base: BaseFormat[S], stream: Stream, completion: S) -> Iterator[JsonObject]:
    """The chunks of a stream in order: those ahead of all, the choices in turn, the usage."""
    yield from stream.before(completion)
    usage = stream.usage_asked if completion.chat.include_usage else stream.usage_unasked
    chunks = list(_beats(base, stream, completion, usage))
    head = base.chunk(completion)
    for place, chunk in enumerate(chunks, start=1):
        last = place == len(chunks)
        choices: list[JsonValue] = (
            []
            if chunk.kind in (ChunkKind.USAGE, ChunkKind.EMPTY)
            else [_piece(base, stream, completion, chunk, last=last)]
        )
        filled: JsonObject = {**head, "choices": choices}
        carries = usage is UsageIn.EVERY_CHUNK or (last and usage is UsageIn.LAST_CHUNK)
        if carries or chunk.kind is ChunkKind.USAGE:
            counted = base.usage(completion)
            filled["usage"] = _written(
                stream.usage, RenderContext(openai=counted, completion=completion, chunk=chunk, last=last)
            )
        yield stream.chunk(RenderContext(openai=filled, completion=completion, chunk=chunk, last=last))


def _beats(base: BaseFormat[S], stream: Stream, completion: S, usage: UsageIn) -> Iterator[Chunk]:
    columns = [
        transformed(
            _thought(base.chunks(completion, index, stream.calls), stream.reasoning), stream.transforms
        )
        for index in range(len(completion.replies))
    ]
    for row in zip_longest(*columns):
        yield from (chunk for chunk in row if chunk is not None)
    if not columns:
        yield Chunk(kind=ChunkKind.EMPTY)
    if usage is UsageIn.OWN_CHUNK:
        yield Chunk(kind=ChunkKind.USAGE)


def _thought(chunks: tuple[Chunk, ...], name: str) -> tuple[Chunk, ...]:
    """The chunks with reasoning under the name that it has there, or without any."""
    return tuple(
        chunk
        if chunk.kind is not ChunkKind.REASONING
        else replace(chunk, delta={name: chunk.delta["reasoning"]})
        for chunk in chunks
        if name or chunk.kind is not ChunkKind.REASONING
    )


def _piece(base: BaseFormat[S], stream: Stream, completion: S, chunk: Chunk, *, last: bool) -> JsonObject:
    piece = base.piece(chunk)
    if stream.choice is stream.delta is stream.logprobs is as_is:
        return piece
    reply = completion.replies[chunk.index]
    context = RenderContext(openai=piece, completion=completion, reply=reply, chunk=chunk, last=last)
    return _written(stream.choice, _with(_with(context, "logprobs", stream.logprobs), "delta", stream.delta))


def _written(part: Part, context: RenderContext) -> JsonObject:
    return context.openai if part is as_is else part(context)


def _with(context: RenderContext, name: str, part: Part) -> RenderContext:
    """The context with an object in its object written by the part."""
    inner = context.openai.get(name)
    if part is as_is or not isinstance(inner, dict):
        return context
    return context.on({**context.openai, name: part(context.on(inner))})
