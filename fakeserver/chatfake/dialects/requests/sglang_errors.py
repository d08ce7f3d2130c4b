"""How SGLang tells of errors: without an object around them."""

from chatfake.core.api_error import MALFORMED_JSON, NO_MODEL, ApiError
from chatfake.core.json_text import JsonObject
from chatfake.dialects.format.rendered_error import (
    RenderedError,
    is_unknown_url,
    is_wrong_method,
    quoted_model,
)
from chatfake.dialects.requests.sglang import BAD_REQUEST, VALIDATION

__all__ = ["sglang_error"]


def sglang_error(refusal: ApiError) -> RenderedError:
    if is_unknown_url(refusal):
        return _flat(404, "Not Found", "404")
    if is_wrong_method(refusal):
        return _flat(405, "Method Not Allowed", "405")
    if refusal.code == "model_not_found":
        error: JsonObject = {
            "message": f"The model '{quoted_model(refusal)}' does not exist",
            "type": "invalid_request_error",
            "param": "model",
            "code": "model_not_found",
        }
        return RenderedError(status=404, payload={"error": error})
    if refusal is NO_MODEL:
        return _flat(
            400, _problem("{'type': 'missing', 'loc': ('body',), 'msg': 'Field required', 'input': None}")
        )
    if refusal is MALFORMED_JSON:
        return _flat(
            400,
            _problem(
                "{'type': 'json_invalid', 'loc': ('body', 0), 'msg': 'JSON decode error', 'input': {}, "
                "'ctx': {'error': 'Expecting value'}}"
            ),
        )
    kinds = {400: BAD_REQUEST, 500: "InternalServerError", 501: "NotImplementedError"}
    ours = refusal.type.startswith("Bad")
    kind = refusal.type if ours else kinds.get(refusal.status, str(refusal.status))
    return _flat(refusal.status, refusal.message, kind)


def _problem(error: str) -> str:
    return f"1 validation error:\n  {error}\n [{error}]"


def _flat(status: int, message: str, kind: str = VALIDATION) -> RenderedError:
    """The members of the error are those of the body."""
    return RenderedError(
        status=status,
        payload={"object": "error", "message": message, "type": kind, "param": None, "code": status},
    )
