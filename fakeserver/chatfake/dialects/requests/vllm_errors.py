"""How vLLM tells of errors: OpenAI's object with the status as its code, and FastAPI's own where vLLM is not asked."""

from collections.abc import Mapping
from dataclasses import replace

from chatfake.core.api_error import (
    ApiError,
    MalformedJsonError,
    NoModelError,
    UnknownModelError,
    UnknownUrlError,
    WrongMethodError,
)
from chatfake.core.json_text import JsonObject
from chatfake.dialects.format.rendered_error import RenderedError

#: What vLLM calls a request that its own checks refuse; what pydantic refuses is a `Bad Request`.
BAD_REQUEST = "BadRequestError"
VALIDATION = "Bad Request"
_TYPES: Mapping[int, str] = {
    400: BAD_REQUEST,
    401: "AuthenticationError",
    404: "NotFoundError",
    413: BAD_REQUEST,
    429: "RateLimitError",
    500: "InternalServerError",
    501: "NotImplementedError",
    503: "ServiceUnavailableError",
}


def vllm_error(error: ApiError) -> RenderedError:
    """One error as vLLM sends it."""
    told: ApiError = error
    match error:
        case WrongMethodError():
            return RenderedError(status=405, payload={"detail": "Method Not Allowed"})
        case UnknownUrlError():
            return RenderedError(status=404, payload={"detail": "Not Found"})
        case ApiError(status=401):
            return RenderedError(status=401, payload={"error": "Unauthorized"})
        case NoModelError():  # an empty body
            message = _one("{'type': 'missing', 'loc': 'body', 'msg': 'Field required', 'input': 'None'}")
            told = replace(error, type=VALIDATION, message=message, param="body")
        case MalformedJsonError():
            message = _one(
                "{'type': 'json_invalid', 'loc': 'body.0', 'msg': 'JSON decode error', 'input': '<dict of 0 items>', "
                "'ctx': {'error': 'Expecting value'}}"
            )
            told = replace(error, type=VALIDATION, message=message, param="body.0")
        case UnknownModelError(model=model, served=served):
            names = f" Valid aliases: {', '.join(served)}." if served else ""
            told = replace(error, message=f"The model `{model}` does not exist.{names}", param="model")
        case _:
            pass
    kind = VALIDATION if told.type == VALIDATION else _TYPES.get(told.status, told.type)
    payload: JsonObject = {"message": told.message, "type": kind, "param": told.param, "code": told.status}
    return RenderedError(status=told.status, payload={"error": payload})


def _one(problem: str) -> str:
    return f"1 validation error:\n  {problem}"
