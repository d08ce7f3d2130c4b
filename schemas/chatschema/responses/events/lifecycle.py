"""Events about the response as a whole."""

from typing import Annotated, Literal

from pydantic import Field

from chatschema.common.error import ErrorObject
from chatschema.core.base import NonNegative
from chatschema.responses.body import Body
from chatschema.responses.response.response import Response

__all__ = [
    "CompletedEvent",
    "CreatedEvent",
    "ErrorEvent",
    "FailedEvent",
    "InProgressEvent",
    "IncompleteEvent",
    "NumberedEvent",
    "QueuedEvent",
]


class NumberedEvent(Body):
    """What all events have."""

    sequence_number: Annotated[
        NonNegative | None,
        Field(description="One more than that of the event before: the rule `responses.sequence-numbers`."),
    ] = None


class _ResponseEvent(NumberedEvent):
    response: Annotated[Response, Field(description="The response so far.")]


class CreatedEvent(_ResponseEvent):
    """The response was created."""

    type: Literal["response.created"]


class QueuedEvent(_ResponseEvent):
    """The response is queued."""

    type: Literal["response.queued"]


class InProgressEvent(_ResponseEvent):
    """The response is in progress."""

    type: Literal["response.in_progress"]


class CompletedEvent(_ResponseEvent):
    """The response is complete."""

    type: Literal["response.completed"]


class IncompleteEvent(_ResponseEvent):
    """The response is incomplete."""

    type: Literal["response.incomplete"]


class FailedEvent(_ResponseEvent):
    """The response failed."""

    type: Literal["response.failed"]


class ErrorEvent(NumberedEvent):
    """Something went wrong: in the event itself (OpenAI's specification) or under `error` (Open Responses)."""

    type: Literal["error"]
    message: str | None = None
    code: str | None = None
    param: str | None = None
    error: ErrorObject | None = None
