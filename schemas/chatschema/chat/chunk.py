"""The answer in pieces: `chat.completion.chunk` objects, one an event."""

from typing import Annotated, Any, Literal, cast

from pydantic import Discriminator, Field, JsonValue, Tag

from chatschema.base import MOST_PARTS, Forbidden, Integer, NonEmpty, NonNegative, Strict, forbidden
from chatschema.usage import Usage

from .completion import FinishReason
from .logprobs import Logprobs
from .tool_call import FunctionCallDelta, ToolCallDelta

__all__ = ["AnyChunk", "ChatCompletionChunk", "ChunkChoice", "Delta", "Preamble", "is_preamble"]


class Delta(Strict):
    """What is new since the chunk before."""

    role: Literal["assistant"] | None = None
    content: str | None = None
    refusal: str | None = None
    tool_calls: Annotated[list[ToolCallDelta], Field(max_length=MOST_PARTS)] | None = None
    function_call: FunctionCallDelta | None = None
    audio: dict[str, JsonValue] | None = None


class ChunkChoice(Strict):
    """The new piece of one choice; `finish_reason` is null until the last."""

    index: NonNegative
    delta: Delta
    finish_reason: FinishReason | None = None
    logprobs: Logprobs | None = None
    message: Forbidden = forbidden()


class _ChunkBody(Strict):
    created: Integer
    model: str
    choices: Annotated[list[ChunkChoice], Field(max_length=MOST_PARTS)]
    usage: Usage | None = None
    service_tier: str | None = None
    system_fingerprint: str | None = None


class ChatCompletionChunk(_ChunkBody):
    """One event's data. `choices` is empty in the chunk that carries the usage."""

    id: NonEmpty
    object: Literal["chat.completion.chunk"]


class Preamble(_ChunkBody):
    """Azure's first chunk in 35 of 40 recorded streams: the prompt's filter results under an empty head."""

    id: Literal[""]
    object: Literal["", "chat.completion.chunk"]


def is_preamble(value: object) -> bool:
    """Whether it is a chunk of Azure's kind: no choices under an empty head."""
    if isinstance(value, dict):
        members = cast("dict[str, object]", value)
        return members.get("choices") == [] and members.get("id") == ""
    return isinstance(value, Preamble)


def _form(value: Any) -> str:
    return "<preamble>" if is_preamble(value) else "<chunk>"


#: What the data of an event may be.
AnyChunk = Annotated[
    Annotated[ChatCompletionChunk, Tag("<chunk>")] | Annotated[Preamble, Tag("<preamble>")],
    Discriminator(_form),
]
