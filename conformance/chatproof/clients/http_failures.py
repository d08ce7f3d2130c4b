"""What went wrong over HTTP, as an `AnswerError`."""

import httpx

from chatproof.clients.failures import AnswerError, RefusedError, SilentError, UnreachedError
from chatproof.probe.client import error_text

__all__ = ["SHOWN", "begins_page", "failure_of", "refusal_of"]

SHOWN = 400
"""Bytes of an error's body that are worth a look."""

_TELLING = ("content-type", "location", "retry-after")
"""Headers that say what to do about a refusal."""

_KINDS: tuple[tuple[type[Exception], type[AnswerError]], ...] = (
    (httpx.ConnectTimeout, UnreachedError),
    (httpx.ConnectError, UnreachedError),
    (httpx.TimeoutException, SilentError),
)


def failure_of(error: Exception) -> AnswerError:
    """What an error of httpx says, of the kind that it is."""
    kind = next((kind for cause, kind in _KINDS if isinstance(error, cause)), AnswerError)
    return kind(error_text(error))


def refusal_of(response: httpx.Response, data: bytes | bytearray) -> RefusedError:
    """An answer that is no reply, with the beginning of its body."""
    told = {name: response.headers[name] for name in _TELLING if name in response.headers}
    return RefusedError(response.status_code, bytes(data[:SHOWN]).decode("utf-8", "replace"), told)


def begins_page(response: httpx.Response, data: bytes | bytearray) -> bool:
    """Whether this is a web page; JSON that is called one may be a reply."""
    kind = response.headers.get("content-type", "").lower()
    return bool(kind.startswith("text/html") and data.lstrip().startswith(b"<"))
