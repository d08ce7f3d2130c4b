"""The answer of the native routes, whole and in events."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, RootModel

from chatschema.core.base import NonNegative, Strict
from chatschema.lorax.numbers import Size

from .tokens import GeneratedToken, PrefillToken

__all__ = [
    "BestOfSequence",
    "GenerateDetails",
    "GenerateEvent",
    "GenerateResponse",
    "GenerateRoot",
    "StreamDetails",
]

#: Why the text ends: at the limit, at the end-of-sequence token, or at a stop sequence (which stays in the text).
FinishReason = Literal["length", "eos_token", "stop_sequence"]


class BestOfSequence(Strict):
    """One of the sequences that were not the best."""

    generated_text: str
    """The text."""
    finish_reason: FinishReason
    """Finish reason."""
    generated_tokens: NonNegative
    """Tokens, the end of the sequence among them."""
    seed: Size | None
    """The seed of the sampling; null where there was none."""
    prefill: list[PrefillToken]
    """The prompt's tokens where `decoder_input_details` asked for them, else empty."""
    tokens: list[GeneratedToken]
    """The tokens of the text."""


class GenerateDetails(Strict):
    """How a text came to be."""

    finish_reason: FinishReason
    """Finish reason."""
    prompt_tokens: NonNegative
    """Tokens of the prompt."""
    generated_tokens: NonNegative
    """Tokens of the text, the end of the sequence among them."""
    skipped_tokens: NonNegative = 0
    """Tokens that speculation got for nothing; servers before 0.12.1 do not say."""
    seed: Size | None
    """The seed of the sampling; null where there was none."""
    prefill: list[PrefillToken]
    """The prompt's tokens where `decoder_input_details` asked for them, else empty."""
    tokens: list[GeneratedToken]
    """The tokens of the text."""
    best_of_sequences: Annotated[list[BestOfSequence], Field(min_length=1)] | None = None
    """The other sequences where `best_of` was above 1."""


class GenerateResponse(Strict):
    """The answer of `/generate`."""

    generated_text: str
    """The text, without special tokens; the prompt stands before it where `return_full_text` asked for that."""
    details: GenerateDetails | None = None
    """Where `details` or `decoder_input_details` asked for it."""


class GenerateRoot(RootModel[Annotated[list[GenerateResponse], Field(min_length=1, max_length=1)]]):
    """The answer of `POST /`: the same in a list of one."""

    model_config = ConfigDict(strict=True, defer_build=True)


class StreamDetails(Strict):
    """How a streamed text came to be; the tokens were in the events."""

    finish_reason: FinishReason
    """Finish reason."""
    prompt_tokens: NonNegative
    """Tokens of the prompt."""
    generated_tokens: NonNegative
    """Tokens of the text: the number of events."""
    seed: Size | None
    """The seed of the sampling; null where there was none."""


class GenerateEvent(Strict):
    """One event of a stream: one token."""

    token: GeneratedToken
    """The generated token."""
    generated_text: str | None
    """The whole text, in the last event; null before it."""
    details: StreamDetails | None
    """In the last event where `details` asked for it; else null."""
