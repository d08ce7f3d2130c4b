"""Items in which the model speaks: messages, reasoning, and what a long conversation was cut down to."""

from typing import Annotated, Literal

from pydantic import Field

from chatschema.core.base import MOST_PARTS, NonEmpty
from chatschema.responses.body import Body
from chatschema.responses.content import OutputPart, ThoughtPart

__all__ = ["CompactionItem", "ItemStatus", "OutputMessage", "ReasoningItem"]

ItemStatus = Literal["in_progress", "completed", "incomplete"]


class OutputMessage(Body):
    """A message of the assistant."""

    id: NonEmpty
    type: Literal["message"]
    role: Literal["assistant"]
    content: Annotated[list[OutputPart], Field(max_length=MOST_PARTS)]
    status: ItemStatus | None = None
    phase: Annotated[
        str | None, Field(description="`commentary` or `final_answer`, where a model tells them apart.")
    ] = None


class ReasoningItem(Body):
    """What the model thought: summed up, in its own words, or encrypted. Without an id where a client says it again."""

    type: Literal["reasoning"]
    id: NonEmpty | None = None
    summary: Annotated[list[ThoughtPart], Field(max_length=MOST_PARTS)]
    content: Annotated[list[ThoughtPart], Field(max_length=MOST_PARTS)] | None = None
    encrypted_content: str | None = None
    status: ItemStatus | None = None


class CompactionItem(Body):
    """What went before, cut down and encrypted."""

    type: Literal["compaction"]
    id: NonEmpty | None = None
    encrypted_content: str
    created_by: str | None = None
