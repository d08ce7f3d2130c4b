"""Recorded exchanges, as the recorders write them: one reading for all their dialects.

| who writes it | where the body is |
| --- | --- |
| vcrpy, pytest-recording, Ruby's VCR, betamax | `response.body.string` or `.base64_string` |
| vcrpy's httpx stub before 6 | `response.content` |
| serializers that parse JSON bodies | `response.parsed_body` |
| go-vcr, recordings in JSON lines | `response.body` as text, or `response.body_base64` |
| OpenAI's batches | `response.body` as an object |
| HAR | `response.content.text`, `.encoding` |
| `chatproof serve --record` | `response.reads`, each with `text` (one, or lines) or `base64` |
| a log of answers | `body` beside `status`, `url`, `content_type` |

Members that are not as expected are passed over: a container is no contract of ours.
"""

from collections.abc import Iterable, Mapping
from typing import TypeAlias, cast

from chatschema import JsonValue
from chatschema.core.json_text import NotJsonError, load

from .body import Body, Item, Place, Reason, Skipped, Unreadable
from .encoded import EncodedError, from_base64, unpacked

__all__ = ["item_of", "recording"]

_Members: TypeAlias = Mapping[str, object]

#: A line without one of these names is a body itself, and need not be parsed to see that.
_TELLING = (b'"response"', b'"body"')

_BODY = frozenset({"body", "body_base64", "content", "parsed_body", "raw_reads", "reads", "status_code"})
_BESIDE = frozenset(
    {"content_type", "custom_id", "method", "path", "status", "status_code", "url", "url_path"}
)


def item_of(data: bytes, place: Place) -> Item:
    """What the bytes of one JSON value are: a recorded exchange, or a body."""
    if not any(name in data for name in _TELLING):
        return Body(place=place, data=data)
    try:
        value = load(data.decode().removeprefix("\ufeff")).value
    except (UnicodeDecodeError, NotJsonError):
        return Body(place=place, data=data)
    return recording(value, place) or Body(place=place, data=data)


def recording(value: object, place: Place) -> Item | None:
    """The item of a recorded exchange; None for a value that is none."""
    if not isinstance(value, dict):
        return None
    members = cast("_Members", value)
    request, response = _members(members, "request"), _members(members, "response")
    if response.keys() & _BODY or (response and request):
        return _exchange(request, response, place)
    if request and "response" in members:
        return Skipped(place=place, reason=Reason.NO_BODY)
    if "body" in members and members.keys() & _BESIDE:
        if "custom_id" in members:  # a line of a batch that goes to the API
            return Skipped(place=place, reason=Reason.REQUEST)
        return _exchange(members, members, place)
    if "custom_id" in members and "response" in members:
        return Skipped(place=place, reason=Reason.NO_BODY)
    return None


def _exchange(request: _Members, response: _Members, place: Place) -> Item:
    status = _status(response)
    method = _text(request, "method").upper()
    if response.get("ending", "complete") != "complete" or "raw_reads" in response:
        return Skipped(place=place, reason=Reason.CUT)
    if response.get("timed_out") is True or response.get("socket_error") or response.get("_error"):
        return Skipped(place=place, reason=Reason.CUT)
    if method in {"HEAD", "OPTIONS"} or (status is not None and (100 <= status < 200 or 300 <= status < 400)):
        return Skipped(place=place, reason=Reason.NO_ANSWER)
    codings = _header(response, "content-encoding")
    try:
        data = _body(response, codings)
    except EncodedError as error:
        return Unreadable(place=place, why=str(error))
    if data is None or status in {0, 204}:
        return Skipped(place=place, reason=Reason.NO_BODY)
    content = _members(response, "content")
    return Body(
        place=place,
        data=data,
        method=method,
        url=_text(request, "url", "uri", "path", "url_path") or _text(response, "url"),
        status=status,
        content_type=_header(response, "content-type")
        or _text(response, "content_type")
        or _text(content, "mimeType"),
    )


def _body(response: _Members, codings: str) -> bytes | str | JsonValue:
    """The body; None where none was recorded."""
    for name in ("parsed_body", "body"):
        value = response.get(name)
        if isinstance(value, dict) and name == "body":
            wrapped = cast("_Members", value)
            if wrapped.keys() <= {"encoding", "string", "base64_string", "base64", "size"}:
                value = _wrapped(wrapped)
        if value is not None:
            return unpacked(value, codings) if isinstance(value, bytes) else cast("JsonValue", value)
    coded = response.get("body_base64")
    if isinstance(coded, str):
        return unpacked(from_base64(coded), codings)
    if isinstance(reads := response.get("reads"), list):
        return unpacked(b"".join(_read(one) for one in cast("list[object]", reads)), codings)
    content = response.get("content")
    if isinstance(content, bytes):
        return unpacked(content, codings)
    if isinstance(content, str):
        return content
    return _har(_members(response, "content"), codings)


def _read(value: object) -> bytes:
    """What one network read brought."""
    members = cast("_Members", value if isinstance(value, dict) else {})
    if isinstance(coded := members.get("base64"), str):
        return from_base64(coded)
    text = members.get("text")
    lines = cast("list[object]", text if isinstance(text, list) else [text])
    return "".join(line for line in lines if isinstance(line, str)).encode("utf-8", "replace")


def _wrapped(body: _Members) -> object:
    for name in ("base64_string", "base64"):
        if isinstance(body.get(name), str):
            return from_base64(_text(body, name))
    return body.get("string")


def _har(content: _Members, codings: str) -> bytes | str | None:
    text = content.get("text")
    if not isinstance(text, str):
        return None  # "leave out this field if the information is not available"
    if _text(content, "encoding").lower() == "base64":
        return unpacked(from_base64(text), codings)
    return text


def _status(response: _Members) -> int | None:
    for name in ("status", "status_code", "code"):
        value = response.get(name)
        if isinstance(value, dict):
            value = cast("_Members", value).get("code")
        if isinstance(value, str):
            value = int(value[:3]) if value[:3].isascii() and value[:3].isdigit() else None
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    return None


def _header(response: _Members, name: str) -> str:
    for key, value in _headers(response.get("headers")):
        if isinstance(key, str) and key.lower() == name:
            first = cast("list[object]", value)[:1] if isinstance(value, list) else [value]
            return first[0] if first and isinstance(first[0], str) else ""
    return ""


def _headers(headers: object) -> Iterable[tuple[object, object]]:
    """Pairs, from an object, from pairs, or from HAR's list of objects."""
    if isinstance(headers, dict):
        yield from cast("dict[object, object]", headers).items()
    for item in cast("list[object]", headers) if isinstance(headers, list) else ():
        if isinstance(item, dict):
            pair = cast("_Members", item)
            yield pair.get("name"), pair.get("value")
        elif isinstance(item, list) and len(cast("list[object]", item)) == 2:
            key, value = cast("list[object]", item)
            yield key, value


def _members(value: _Members, name: str) -> _Members:
    found = value.get(name)
    return cast("_Members", found) if isinstance(found, dict) else {}


def _text(value: _Members, *names: str) -> str:
    return next((found for name in names if isinstance(found := value.get(name), str)), "")
