"""The answer in pieces: `chat.completion.chunk` objects, one an event."""

from typing import Annotated, Any, Literal, cast

from pydantic import Discriminator, Field, Tag

from chatschema.chat.annotation import Annotation
from chatschema.chat.audio import AudioDelta
from chatschema.chat.completion import FinishReason
from chatschema.chat.logprobs import Logprobs
from chatschema.chat.moderation import Moderation
from chatschema.chat.tool_call import FunctionCallDelta, ToolCallDelta
from chatschema.common.usage import Usage
from chatschema.core.base import MOST_PARTS, Forbidden, Integer, NonEmpty, NonNegative, Strict, forbidden

__all__ = ["AnyChunk", "ChatCompletionChunk", "ChunkChoice", "Delta", "Preamble", "is_preamble"]


class Delta(Strict):
    """What is new since the chunk before."""

    role: Literal["assistant"] | None = None
    """Who speaks, in the first delta."""
    content: str | None = None
    """More of the text."""
    refusal: str | None = None
    """More of the refusal."""
    tool_calls: Annotated[list[ToolCallDelta], Field(max_length=MOST_PARTS)] | None = None
    """Fragments of tool calls."""
    function_call: FunctionCallDelta | None = None
    """A fragment of the one call that the older `functions` ask for."""
    annotations: Annotated[list[Annotation], Field(max_length=MOST_PARTS)] | None = None
    """Where parts of the text come from."""
    audio: AudioDelta | None = None
    """A piece of the answer as sound."""


class ChunkChoice(Strict):
    """The new piece of one choice; `finish_reason` is null until the last."""

    index: NonNegative
    """The number of the choice."""
    delta: Delta
    """What is new."""
    finish_reason: FinishReason | None = None
    """Why it ended, in its last chunk."""
    logprobs: Logprobs | None = None
    """How likely the new tokens were."""
    message: Forbidden = forbidden()
    """Belongs to the whole answer."""


class _ChunkBody(Strict):
    created: Integer
    """When the answer was begun, in seconds since 1970; the same in each chunk."""
    model: str
    """The model that answers; the same in each chunk."""
    choices: Annotated[list[ChunkChoice], Field(max_length=MOST_PARTS)]
    """The new pieces."""
    usage: Usage | None = None
    """What the answer cost, in a last chunk of its own where that was asked for."""
    service_tier: str | None = None
    """How it is served: default, flex, priority."""
    system_fingerprint: str | None = None
    """The state of the server."""
    obfuscation: str | None = None
    """Random text that hides how long the piece is from those who see only lengths."""
    moderation: Moderation | None = None
    """What moderation found, in a chunk of its own where that was asked for."""


class ChatCompletionChunk(_ChunkBody):
    """One event's data. `choices` is empty in the chunk that carries the usage."""

    id: NonEmpty
    """The name of the exchange; the same in each chunk."""
    object: Literal["chat.completion.chunk"]
    """What it is."""


class Preamble(_ChunkBody):
    """Azure's first chunk in 35 of 40 recorded streams: the prompt's filter results under an empty head."""

    id: Literal[""]
    """Empty."""
    object: Literal["", "chat.completion.chunk"]
    """What it is, or empty."""
    choices: Annotated[list[ChunkChoice], Field(max_length=0)]
    """None yet."""


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
