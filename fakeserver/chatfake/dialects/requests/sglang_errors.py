"""How SGLang tells of errors: without an object around them."""

from dataclasses import replace

from chatfake.core.api_error import (
    ApiError,
    MalformedJsonError,
    NoModelError,
    UnknownModelError,
    UnknownUrlError,
    WrongMethodError,
)
from chatfake.dialects.format.rendered_error import RenderedError
from chatfake.dialects.requests.sglang import BAD_REQUEST, VALIDATION


def sglang_error(error: ApiError) -> RenderedError:
    match error:
        case WrongMethodError():
            return _flat(405, "Method Not Allowed", "405")
        case UnknownUrlError():
            return _flat(404, "Not Found", "404")
        case UnknownModelError(model=model):
            message = f"The model '{model}' does not exist"
            return RenderedError(status=404, payload=replace(error, message=message, param="model").payload)
        case NoModelError():
            return _flat(400, "1 validation error: Field required")
        case MalformedJsonError():
            return _flat(400, "1 validation error: JSON decode error")
        case _:
            kind = _KINDS.get(error.status, str(error.status))
            return _flat(error.status, error.message, error.type if error.type.startswith("Bad") else kind)


_KINDS = {400: BAD_REQUEST, 500: "InternalServerError", 501: "NotImplementedError"}


def _flat(status: int, message: str, kind: str = VALIDATION) -> RenderedError:
    """The members of the error are those of the body."""
    return RenderedError(
        status=status,
        payload={"object": "error", "message": message, "type": kind, "param": None, "code": status},
    )
