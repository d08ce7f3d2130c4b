"""The error object."""

from chatschema.core.base import Code, NonEmpty, Strict

__all__ = ["ErrorObject", "ErrorResponse"]


class ErrorObject(Strict):
    """What went wrong. Clients show `message`; the other members are the rule `chat.errors.shape`."""

    message: NonEmpty
    """Error message, for a user to read."""
    type: str | None = None
    """The kind of error, `invalid_request_error` for one; clients tell retries from mistakes by it."""
    param: str | None = None
    """The parameter of the request that caused the error."""
    code: Code | None = None
    """A short name of the error; servers that send the HTTP status as a number break a should."""


class ErrorResponse(Strict):
    """The body of an answer with an error status."""

    error: ErrorObject
    """The error."""
