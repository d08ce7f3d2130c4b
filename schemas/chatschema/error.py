"""The error object."""

from .base import Code, NonEmpty, Strict

__all__ = ["ErrorObject", "ErrorResponse"]


class ErrorObject(Strict):
    """What went wrong. Clients show `message`; the other members are the rule `chat.errors.shape`."""

    message: NonEmpty
    type: str | None = None
    param: str | None = None
    code: Code | None = None


class ErrorResponse(Strict):
    """The body of an answer with an error status."""

    error: ErrorObject
