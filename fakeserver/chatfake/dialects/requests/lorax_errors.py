"""What LoRAX says when it does not do what was asked: flat JSON, and plain text where the body could not be read."""

from dataclasses import dataclass

from chatfake.core.api_error import ApiError
from chatfake.core.http import Answer, Headers, Send, body_answer, event
from chatfake.core.json_text import JsonObject, JsonValue, dump, encode

__all__ = ["CORS", "INCOMPLETE", "Failure", "failure_answer", "failure_event", "from_refusal", "invalid"]

#: What tower-http puts on every answer.
CORS: Headers = (
    ("access-control-allow-origin", "*"),
    ("vary", "origin, access-control-request-method, access-control-request-headers"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One error. Without a type it is axum's own, a plain text (router/src/server.rs, ErrorResponse)."""

    status: int
    error: str
    error_type: str = ""

    @property
    def payload(self) -> JsonObject:
        """The JSON body, or the data of an event."""
        return {"error": self.error, "error_type": self.error_type}


INCOMPLETE = Failure(status=500, error="Incomplete generation", error_type="incomplete_generation")

_OVERLOADED = Failure(status=429, error="Model is overloaded", error_type="overloaded")
_UNHEALTHY = Failure(status=503, error="unhealthy", error_type="healthcheck")


def invalid(message: str) -> Failure:
    """What the validator refuses (router/src/validation.rs)."""
    return Failure(status=422, error=f"Input validation error: {message}", error_type="validation")


def generation_failed(message: str) -> Failure:
    """What the model's shard throws; an adapter that cannot be loaded too."""
    return Failure(
        status=424,
        error=f"Request failed during generation: Server error: {message}",
        error_type="generation",
    )


def from_refusal(refusal: ApiError) -> Failure:
    """The same in LoRAX's words; what LoRAX has no word for keeps its own."""
    if refusal.code == "model_not_found":
        return generation_failed(refusal.message.replace("The model `", "The adapter `", 1))
    return from_status(refusal.status, refusal.message, refusal.code or refusal.type)


def from_status(status: int, message: str, error_type: str) -> Failure:
    """What LoRAX says with a status; one that it never sends says what others say."""
    match status:
        case 422:
            return invalid(message)
        case 424:
            return generation_failed(message)
        case 429:
            return _OVERLOADED
        case 503:
            return _UNHEALTHY
        case 500 if error_type == "server_error":
            return INCOMPLETE
        case _:
            return Failure(status=status, error=message, error_type=error_type)


def failure_answer(failure: Failure, headers: Headers = ()) -> Answer:
    """An error as the whole answer."""
    kind = "application/json" if failure.error_type else "text/plain; charset=utf-8"
    body = encode(dump(failure.payload) if failure.error_type else failure.error)
    return body_answer(body, kind, failure.status, (*headers, *CORS))


def failure_event(failure: Failure) -> Send:
    """An error as an event of a stream, which is the last then."""
    return event(dump(failure.payload))


def error_in(value: JsonValue) -> JsonObject | None:
    """OpenAI's error object, where a value is a body with one."""
    error = value.get("error") if isinstance(value, dict) else None
    return error if isinstance(error, dict) else None
