"""A request's JSON as axum's extractor takes it: what it refuses it refuses in plain text, and before all else."""

import re

from chatfake.core.api_error import ApiError
from chatfake.core.json_text import JsonError, JsonObject, parse_first
from chatfake.dialects.requests.lorax_errors import unread
from chatfake.dialects.requests.serde import Shape
from chatfake.handling.request_context import RequestContext

#: Of axum's `DefaultBodyLimit`.
MAX_BODY = 2 * 1024 * 1024
_JSON = re.compile(r"application/(?:json|[^;/ ]+\+json)\s*(?:;|\Z)", re.IGNORECASE)

_NO_JSON = unread(415, "Expected request with `Content-Type: application/json`")
_TOO_LARGE = unread(413, "Failed to buffer the request body: length limit exceeded")


def parse_body(context: RequestContext, form: Shape) -> JsonObject | ApiError:
    """The body, in which every member that `form` knows has its type (axum/src/json.rs)."""
    if not _JSON.match(context.request.header("content-type").strip()):
        return _NO_JSON
    data = context.request.body
    if len(data) > min(context.settings.max_body, MAX_BODY):
        return _TOO_LARGE
    try:
        value = parse_first(data)
    except JsonError:
        return unread(400, _BEFORE[400])
    status, sentence = next(form(value, ""), (0, ""))
    if status:
        return unread(status, f"{_BEFORE[status]}: {sentence}")
    return value if isinstance(value, dict) else {}


_BEFORE = {
    400: "Failed to parse the request body as JSON",
    422: "Failed to deserialize the JSON body into the target type",
}
