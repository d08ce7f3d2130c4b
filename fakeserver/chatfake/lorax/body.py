"""A request's JSON as axum's extractor takes it: what it refuses it refuses in plain text, and before all else."""

import re

from chatfake.core.json_text import JsonError, JsonObject, parse
from chatfake.dialects.requests.lorax_errors import Failure
from chatfake.handling.request_context import RequestContext
from chatfake.lorax.errors import Broken, Mistaken
from chatfake.lorax.scanner import Scanner
from chatfake.lorax.shapes import Record

__all__ = ["parse_body"]

#: Of axum's `DefaultBodyLimit`.
MAX_BODY = 2 * 1024 * 1024
_JSON = re.compile(r"application/(?:json|[^;/ ]+\+json)\s*(?:;|\Z)", re.IGNORECASE)

_NO_JSON = Failure(status=415, error="Expected request with `Content-Type: application/json`")
_TOO_LARGE = Failure(status=413, error="Failed to buffer the request body: length limit exceeded")


def parse_body(context: RequestContext, form: Record) -> JsonObject | Failure:
    """The body, in which every member that `form` knows has its type (axum/src/json.rs)."""
    if not _JSON.match(context.request.header("content-type").strip()):
        return _NO_JSON
    data = context.request.body
    if len(data) > min(context.settings.max_body, MAX_BODY):
        return _TOO_LARGE
    return read(data, form)


def read(data: bytes, form: Record) -> JsonObject | Failure:
    """The value in the bytes; what comes after it is not looked at."""
    scanner = Scanner(data)
    try:
        form.read(scanner)
    except Broken as broken:
        return _broken(broken.told(data))
    except Mistaken as mistaken:
        told = mistaken.told(data)
        return Failure(status=422, error=f"Failed to deserialize the JSON body into the target type: {told}")
    try:
        value = parse(data[: scanner.at])
    except JsonError:  # past the limits of this server, which are wider than any request needs
        return _broken(Broken("recursion limit exceeded", "", scanner.at).told(data))
    return value if isinstance(value, dict) else {}


def _broken(told: str) -> Failure:
    return Failure(status=400, error=f"Failed to parse the request body as JSON: {told}")
