"""How llama.cpp tells of errors: the status as a number in the code, and the numbers of a prompt that is too long."""

from chatfake.core.api_error import (
    ApiError,
    ContextExceededError,
    MalformedJsonError,
    NoModelError,
    UnknownUrlError,
)
from chatfake.core.json_text import JsonObject
from chatfake.dialects.format.rendered_error import RenderedError

_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    501: "not_supported_error",
}


def llamacpp_error(error: ApiError) -> RenderedError:
    status, message = error.status, error.message
    match error:
        case UnknownUrlError():
            told: JsonObject = {"message": "File Not Found", "type": "not_found_error", "code": 404}
            return RenderedError(status=404, payload={"error": told})
        case NoModelError():
            message = f"{_PARSE} {_EMPTY}"
        case MalformedJsonError():
            message = f"{_PARSE} syntax error while parsing value - invalid literal"
        case ContextExceededError(prompt=prompt, limit=limit):
            return _error(status, message, error.type, n_prompt_tokens=prompt, n_ctx=limit)
        case _:
            pass
    return _error(status, message, _TYPES.get(status, error.type))


def _error(status: int, message: str, kind: str, **numbers: int) -> RenderedError:
    told: JsonObject = {"code": status, "message": message, "type": kind, **numbers}
    return RenderedError(status=status, payload={"error": told})


_EMPTY = (
    "attempting to parse an empty input; check that your input string or stream contains the expected JSON"
)
_PARSE = "[json.exception.parse_error.101] parse error at line 1, column 1:"
