"""`/v1/completions`, whole and in events. All but the choice and the usage are constants."""

from typing import Annotated, Literal

from pydantic import Field

from chatschema.core.base import Strict
from chatschema.lorax.numbers import Zero
from chatschema.lorax.usage import LoraxUsage

__all__ = ["LoraxCompletion", "LoraxCompletionChunk", "LoraxTextChoice", "LoraxTextPiece", "OpenAiReason"]

#: `content_filter` is how a stop sequence is said; `tool_calls` is never said.
OpenAiReason = Literal["stop", "length", "content_filter"]


class LoraxTextChoice(Strict):
    """The text; there is one, whatever `n` asked for."""

    index: Zero
    """Always 0."""
    text: str
    """The text, the prompt before it where `echo` asked for that."""
    logprobs: None
    """Always null."""
    finish_reason: OpenAiReason
    """Finish reason."""


class LoraxCompletion(Strict):
    """The answer of `POST /v1/completions`."""

    id: Literal["null"]
    """Always "null", a text."""
    object: Literal["text_completion"]
    """Always "text_completion"."""
    created: Zero
    """Always 0."""
    model: Literal["null"]
    """Always "null", a text."""
    choices: Annotated[list[LoraxTextChoice], Field(min_length=1, max_length=1)]
    """The text."""
    usage: LoraxUsage
    """Token usage."""


class LoraxTextPiece(Strict):
    """One token of the text."""

    index: Zero
    """Always 0."""
    text: str
    """Text that the token adds; empty where it ends the sequence."""
    logprobs: None
    """Always null."""
    finish_reason: OpenAiReason | None
    """Finish reason, in the last chunk; null before it."""


class LoraxCompletionChunk(Strict):
    """One event of the stream."""

    id: Literal["null"]
    """Always "null", a text."""
    object: Literal["text_completion"]
    """Always "text_completion"."""
    created: Zero
    """Always 0."""
    model: Literal["null"]
    """Always "null", a text."""
    choices: Annotated[list[LoraxTextPiece], Field(min_length=1, max_length=1)]
    """The generated token."""
    usage: LoraxUsage
    """Zeros until the last chunk."""
