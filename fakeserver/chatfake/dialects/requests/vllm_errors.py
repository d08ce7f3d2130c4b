"""How vLLM tells of errors: OpenAI's object with the status as its code, and FastAPI's own where vLLM is not asked."""

import re
from collections.abc import Mapping

from chatfake.core.api_error import MALFORMED_JSON, NO_MODEL, ApiError
from chatfake.core.json_text import JsonObject
from chatfake.dialects.format.rendered_error import RenderedError, is_unknown_url, is_wrong_method

__all__ = ["BAD_REQUEST", "VALIDATION", "vllm_error"]

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
_MODEL = re.compile(r"The model `(.*)` does not exist", re.DOTALL)


def vllm_error(refusal: ApiError) -> RenderedError:
    """One error as vLLM sends it."""
    if is_unknown_url(refusal):
        return RenderedError(status=404, payload={"detail": "Not Found"})
    if is_wrong_method(refusal):
        return RenderedError(status=405, payload={"detail": "Method Not Allowed"})
    if refusal.status == 401:
        return RenderedError(status=401, payload={"error": "Unauthorized"})
    return RenderedError(status=refusal.status, payload={"error": _error(refusal)})


def _error(refusal: ApiError) -> JsonObject:
    kind, message, param = _TYPES.get(refusal.status, refusal.type), refusal.message, refusal.param
    if refusal.type == VALIDATION:
        kind = VALIDATION
    if refusal is NO_MODEL:  # an empty body
        kind, param = VALIDATION, "body"
        message = _one("{'type': 'missing', 'loc': 'body', 'msg': 'Field required', 'input': 'None'}")
    elif refusal is MALFORMED_JSON:
        kind, param = VALIDATION, "body.0"
        message = _one(
            "{'type': 'json_invalid', 'loc': 'body.0', 'msg': 'JSON decode error', 'input': '<dict of 0 items>', "
            "'ctx': {'error': 'Expecting value'}}"
        )
    elif refusal.code == "model_not_found" and (found := _MODEL.search(message)):
        served = f" Valid aliases: {', '.join(refusal.served)}." if refusal.served else ""
        message, param = f"The model `{found[1]}` does not exist.{served}", "model"
    return {"message": message, "type": kind, "param": param, "code": refusal.status}


def _one(problem: str) -> str:
    return f"1 validation error:\n  {problem}"
