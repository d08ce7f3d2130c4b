"""What LoRAX says when it does not do what was asked: flat JSON, and plain text where the body could not be read."""

from collections.abc import Mapping

from chatfake.core.api_error import ApiError, UnknownModelError, UnknownUrlError
from chatfake.core.http import Headers
from chatfake.core.json_text import JsonObject
from chatfake.dialects.format.rendered_error import RenderedError

#: What tower-http puts on every answer.
CORS: Headers = (
    ("access-control-allow-origin", "*"),
    ("vary", "origin, access-control-request-method, access-control-request-headers"),
)
#: The router's own types, and what it puts before their messages (router/src/server.rs, ErrorResponse).
_BEFORE: Mapping[str, str] = {
    "validation": "Input validation error: ",
    "generation": "Request failed during generation: Server error: ",
    "tool_error": "Tool error: ",
}
_TYPES: Mapping[int, str] = {422: "validation", 424: "generation"}

INCOMPLETE = ApiError(message="Incomplete generation", type="incomplete_generation", status=500)
_OVERLOADED = ApiError(message="Model is overloaded", type="overloaded", status=429)
_UNHEALTHY = ApiError(message="unhealthy", type="healthcheck", status=503)


def invalid(message: str) -> ApiError:
    """What the validator refuses (router/src/validation.rs)."""
    return ApiError(message=message, type="validation", status=422)


def generation_failed(message: str) -> ApiError:
    """What the model's shard throws; an adapter that cannot be loaded too."""
    return ApiError(message=message, type="generation", status=424)


def tool_failure(message: str) -> ApiError:
    """What goes wrong with tools."""
    return ApiError(message=message, type="tool_error", status=422)


def unread(status: int, message: str) -> ApiError:
    """What axum says of a body that it could not read: an error without a type is plain text."""
    return ApiError(message=message, type="", status=status)


def lorax_error(error: ApiError) -> RenderedError:
    """Any error; those of paths, which are axum's, have no body."""
    if isinstance(error, UnknownUrlError):
        return RenderedError(status=error.status, payload="")
    return lorax_failure(error)


def lorax_failure(error: ApiError) -> RenderedError:
    """What goes wrong on a route; what LoRAX has no word for keeps its own."""
    match error:
        case UnknownModelError(model=model):
            words = f"The adapter `{model}` does not exist or you do not have access to it.{error.hint}"
            told = generation_failed(words)
        case ApiError(status=429):
            told = _OVERLOADED
        case ApiError(status=503):
            told = _UNHEALTHY
        case ApiError(status=500, type="server_error", code=None):
            told = INCOMPLETE
        case _:
            told = error
    if not told.type:
        return RenderedError(status=told.status, payload=told.message)
    kind = told.type if told.type in _BEFORE else _TYPES.get(told.status, told.code or told.type)
    return RenderedError(status=told.status, payload=_flat(_BEFORE.get(kind, "") + told.message, kind))


def lorax_event(error: ApiError) -> JsonObject:
    """In mid-stream all are failures of the generation."""
    return _flat(_BEFORE["generation"] + error.message, "generation")


def _flat(message: str, kind: str) -> JsonObject:
    return {"error": message, "error_type": kind}
