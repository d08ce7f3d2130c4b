"""The format of one route's answers, as data: how its JSON answer looks, and how its stream does."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from chatfake.core.framing import DONE
from chatfake.core.json_text import JsonObject
from chatfake.dialects.format.chunk import ChunkTransform, Fragments, token_fragments
from chatfake.dialects.format.completion import Completion
from chatfake.dialects.format.render_context import Part, RenderContext, as_is

__all__ = ["Body", "Format", "Stream", "UsageIn", "usage_null_elsewhere"]


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
