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
    output_index: Annotated[NonNegative, Field(description="Where the item stands in the response's output.")]
    item: OutputItem


class OutputItemAddedEvent(_OutputItemEvent):
    """An item begins, with nothing in it yet."""

    type: Literal["response.output_item.added"]


class OutputItemDoneEvent(_OutputItemEvent):
    """An item is at its end, and here it is whole."""

    type: Literal["response.output_item.done"]


class ItemEvent(NumberedEvent):
    """What all events about an item have."""

    output_index: Annotated[NonNegative, Field(description="Where the item stands in the response's output.")]
    item_id: Annotated[
        NonEmpty, Field(description="The item's id; it belongs to `output_index` and no other.")
    ]


class _ContentPartEvent(ItemEvent):
    content_index: NonNegative
    part: StreamedPart


class ContentPartAddedEvent(_ContentPartEvent):
    """A part of a message, or of a model's own thoughts, begins."""

    type: Literal["response.content_part.added"]


class ContentPartDoneEvent(_ContentPartEvent):
    """A part is at its end."""

    type: Literal["response.content_part.done"]


class _SummaryPartEvent(ItemEvent):
    summary_index: NonNegative
    part: StreamedPart


class ReasoningSummaryPartAddedEvent(_SummaryPartEvent):
    """A part of a summary of the model's thoughts begins."""

    type: Literal["response.reasoning_summary_part.added"]


class ReasoningSummaryPartDoneEvent(_SummaryPartEvent):
    """Such a part is at its end."""

    type: Literal["response.reasoning_summary_part.done"]
    status: str | None = None


class AnnotationAddedEvent(ItemEvent):
    """A text says where it has something from."""

    type: Literal["response.output_text.annotation.added"]
    content_index: NonNegative
    annotation_index: NonNegative
    annotation: Annotation | None = None
