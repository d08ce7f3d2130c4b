"""Events that bring text, piece by piece, and then as a whole."""

from typing import Annotated, Literal

from pydantic import Field

from chatschema.core.base import NonNegative, Text
from chatschema.responses.logprob import OutputLogprob

from .items import ItemEvent
from .lifecycle import NumberedEvent

__all__ = [
    "AudioDeltaEvent",
    "AudioDoneEvent",
    "AudioTranscriptDeltaEvent",
    "AudioTranscriptDoneEvent",
    "OutputTextDeltaEvent",
    "OutputTextDoneEvent",
    "ReasoningSummaryTextDeltaEvent",
    "ReasoningSummaryTextDoneEvent",
    "ReasoningTextDeltaEvent",
    "ReasoningTextDoneEvent",
    "RefusalDeltaEvent",
    "RefusalDoneEvent",
]


class _ContentEvent(ItemEvent):
    content_index: NonNegative


class _SummaryEvent(ItemEvent):
    summary_index: NonNegative


class OutputTextDeltaEvent(_ContentEvent):
    """More text of the assistant."""

    type: Literal["response.output_text.delta"]
    delta: Text
    logprobs: list[OutputLogprob] | None = None
    obfuscation: Annotated[
        str | None, Field(description="Random padding, which hides the length of the token.")
    ] = None


class OutputTextDoneEvent(_ContentEvent):
    """The whole text."""

    type: Literal["response.output_text.done"]
    text: Text
    logprobs: list[OutputLogprob] | None = None


class RefusalDeltaEvent(_ContentEvent):
    """More of a refusal."""

    type: Literal["response.refusal.delta"]
    delta: Text
    obfuscation: str | None = None


class RefusalDoneEvent(_ContentEvent):
    """The whole refusal."""

    type: Literal["response.refusal.done"]
    refusal: Text


class ReasoningTextDeltaEvent(_ContentEvent):
    """More of the reasoning. The second name is that of Open Responses."""

    type: Literal["response.reasoning_text.delta", "response.reasoning.delta"]
    delta: Text
    obfuscation: str | None = None


class ReasoningTextDoneEvent(_ContentEvent):
    """The whole reasoning text."""

    type: Literal["response.reasoning_text.done", "response.reasoning.done"]
    text: Text


class ReasoningSummaryTextDeltaEvent(_SummaryEvent):
    """More of the reasoning summary."""

    type: Literal["response.reasoning_summary_text.delta"]
    delta: Text
    obfuscation: str | None = None


class ReasoningSummaryTextDoneEvent(_SummaryEvent):
    """The whole part of the summary."""

    type: Literal["response.reasoning_summary_text.done"]
    text: Text


class AudioDeltaEvent(NumberedEvent):
    """More sound, in base64. Never recorded, and its item is nowhere named."""

    type: Literal["response.audio.delta"]
    delta: Text
    response_id: str | None = None


class AudioDoneEvent(NumberedEvent):
    """The audio is complete."""

    type: Literal["response.audio.done"]
    response_id: str | None = None


class AudioTranscriptDeltaEvent(NumberedEvent):
    """More of the transcript."""

    type: Literal["response.audio.transcript.delta"]
    delta: Text
    response_id: str | None = None


class AudioTranscriptDoneEvent(NumberedEvent):
    """The transcript is complete."""

    type: Literal["response.audio.transcript.done"]
    response_id: str | None = None
