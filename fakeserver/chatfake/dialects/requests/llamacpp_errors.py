"""How llama.cpp tells of errors: the status as a number in the code, and the numbers of a prompt that is too long."""

from chatfake.core.api_error import MALFORMED_JSON, NO_MODEL, ApiError
from chatfake.core.json_text import JsonObject
from chatfake.dialects.format.rendered_error import RenderedError, is_unknown_url, is_wrong_method

__all__ = ["llamacpp_error"]

_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    501: "not_supported_error",
}


def llamacpp_error(refusal: ApiError) -> RenderedError:
    status, message = refusal.status, refusal.message
    kind = _TYPES.get(status, refusal.type)
    if is_unknown_url(refusal) or is_wrong_method(refusal):
        error: JsonObject = {"message": "File Not Found", "type": "not_found_error", "code": 404}
        return RenderedError(status=404, payload={"error": error})
    if refusal is NO_MODEL:
        message = f"{_PARSE} {_EMPTY}"
    elif refusal is MALFORMED_JSON:
        message = f"{_PARSE} syntax error while parsing value - invalid literal"
    error = {"code": status, "message": message, "type": kind}
    if refusal.code == "context_length_exceeded":
        numbers = [int(word) for word in message.replace("(", " ").split() if word.isdecimal()]
        error.update(zip(("n_prompt_tokens", "n_ctx"), numbers, strict=False))
    return RenderedError(status=status, payload={"error": error})


_EMPTY = (
    "attempting to parse an empty input; check that your input string or stream contains the expected JSON"
)
_PARSE = "[json.exception.parse_error.101] parse error at line 1, column 1:"
