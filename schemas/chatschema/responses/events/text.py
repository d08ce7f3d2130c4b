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
        str | None, Field(description="Padding that hides the length of a token from whoever reads the line.")
    ] = None


class OutputTextDoneEvent(_ContentEvent):
    """The text as a whole."""

    type: Literal["response.output_text.done"]
    text: Text
    logprobs: list[OutputLogprob] | None = None


class RefusalDeltaEvent(_ContentEvent):
    """More of a refusal."""

    type: Literal["response.refusal.delta"]
    delta: Text
    obfuscation: str | None = None


class RefusalDoneEvent(_ContentEvent):
    """The refusal as a whole."""

    type: Literal["response.refusal.done"]
    refusal: Text


class ReasoningTextDeltaEvent(_ContentEvent):
    """More of the model's thoughts. The second name is that of Open Responses."""

    type: Literal["response.reasoning_text.delta", "response.reasoning.delta"]
    delta: Text
    obfuscation: str | None = None


class ReasoningTextDoneEvent(_ContentEvent):
    """The thoughts as a whole."""

    type: Literal["response.reasoning_text.done", "response.reasoning.done"]
    text: Text


class ReasoningSummaryTextDeltaEvent(_SummaryEvent):
    """More of a summary of the thoughts."""

    type: Literal["response.reasoning_summary_text.delta"]
    delta: Text
    obfuscation: str | None = None


class ReasoningSummaryTextDoneEvent(_SummaryEvent):
    """The part of the summary as a whole."""

    type: Literal["response.reasoning_summary_text.done"]
    text: Text


class AudioDeltaEvent(NumberedEvent):
    """More sound, in base64. Never recorded, and its item is nowhere named."""

    type: Literal["response.audio.delta"]
    delta: Text
    response_id: str | None = None


class AudioDoneEvent(NumberedEvent):
    """No more sound."""

    type: Literal["response.audio.done"]
    response_id: str | None = None


class AudioTranscriptDeltaEvent(NumberedEvent):
    """More of what the sound says."""

    type: Literal["response.audio.transcript.delta"]
    delta: Text
    response_id: str | None = None


class AudioTranscriptDoneEvent(NumberedEvent):
    """No more of it."""

    type: Literal["response.audio.transcript.done"]
    response_id: str | None = None
