"""Events that open and close the items of an output and their parts."""

from typing import Annotated, Literal

from pydantic import Field

from chatschema.core.base import NonEmpty, NonNegative
from chatschema.responses.annotation import Annotation
from chatschema.responses.content import StreamedPart
from chatschema.responses.items.item import OutputItem

from .lifecycle import NumberedEvent

__all__ = [
    "AnnotationAddedEvent",
    "ContentPartAddedEvent",
    "ContentPartDoneEvent",
    "ItemEvent",
    "OutputItemAddedEvent",
    "OutputItemDoneEvent",
    "ReasoningSummaryPartAddedEvent",
    "ReasoningSummaryPartDoneEvent",
]


class _OutputItemEvent(NumberedEvent):
    output_index: Annotated[NonNegative, Field(description="Index of the item in the response's output.")]
    item: OutputItem


class OutputItemAddedEvent(_OutputItemEvent):
    """An output item was added; it is still empty."""

    type: Literal["response.output_item.added"]


class OutputItemDoneEvent(_OutputItemEvent):
    """An output item is complete; the event carries all of it."""

    type: Literal["response.output_item.done"]


class ItemEvent(NumberedEvent):
    """What all events about an item have."""

    output_index: Annotated[NonNegative, Field(description="Index of the item in the response's output.")]
    item_id: Annotated[NonEmpty, Field(description="Id of the item at `output_index`.")]


class _ContentPartEvent(ItemEvent):
    content_index: NonNegative
    part: StreamedPart


class ContentPartAddedEvent(_ContentPartEvent):
    """A content part of a message or of the reasoning was added."""

    type: Literal["response.content_part.added"]


class ContentPartDoneEvent(_ContentPartEvent):
    """A content part is complete."""

    type: Literal["response.content_part.done"]


class _SummaryPartEvent(ItemEvent):
    summary_index: NonNegative
    part: StreamedPart


class ReasoningSummaryPartAddedEvent(_SummaryPartEvent):
    """A part of the reasoning summary was added."""

    type: Literal["response.reasoning_summary_part.added"]


class ReasoningSummaryPartDoneEvent(_SummaryPartEvent):
    """A summary part is complete."""

    type: Literal["response.reasoning_summary_part.done"]
    status: str | None = None


class AnnotationAddedEvent(ItemEvent):
    """An annotation was added to a text."""

    type: Literal["response.output_text.annotation.added"]
    content_index: NonNegative
    annotation_index: NonNegative
    annotation: Annotation | None = None
