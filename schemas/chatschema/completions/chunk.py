"""The answer in pieces: `text_completion` objects, one an event."""

from typing import Annotated, Literal

from pydantic import Field

from chatschema.core.base import Integer, NonEmpty, NonNegative, Strict, Text

from .completion import MOST_TEXTS, TextFinishReason
from .logprobs import CompletionLogprobs
from .usage import CompletionUsage

__all__ = ["CompletionChunk", "CompletionChunkChoice"]


class CompletionChunkChoice(Strict):
    """The new piece of one text; `finish_reason` is null until the last."""

    text: Text
    """More of the text."""
    index: NonNegative
    """Index of the text."""
    logprobs: CompletionLogprobs | None = None
    """Log probabilities of the new tokens."""
    finish_reason: TextFinishReason | None = None
    """Why it ended, in its last chunk. The specification forgot that it is null before (661 of 683 chunks)."""


class CompletionChunk(Strict):
    """One event's data. `choices` is empty in the chunk that carries the usage."""

    id: NonEmpty
    """Unique id of the completion; the same in every chunk."""
    object: Literal["text_completion"]
    """What it is; a whole answer says the same."""
    created: Integer
    """Creation time, in seconds since 1970; the same in every chunk."""
    model: str
    """The model that answers; the same in every chunk."""
    choices: Annotated[list[CompletionChunkChoice], Field(max_length=MOST_TEXTS)]
    """The new pieces."""
    usage: CompletionUsage | None = None
    """Token usage, in a separate last chunk where it was requested."""
    system_fingerprint: str | None = None
    """Fingerprint of the server's configuration."""
