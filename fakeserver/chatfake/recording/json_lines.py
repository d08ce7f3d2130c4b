"""Recordings in JSON lines, one exchange each, as other recorders write them: whole bodies, and little of the time.

`request` {method, path, headers, body}, `response` {status, reason, http_version, headers, body or body_base64,
chunk_sizes, seconds, first_byte_seconds, timed_out, socket_error, chunked_complete}.
"""

import base64
import binascii
from collections.abc import Mapping

from chatfake.core.http import Headers, Request
from chatfake.core.json_text import JsonValue, encode
from chatfake.recording.exchange import Arrival, Exchange, Finish, Reading, RecordingError


def parse_line(value: JsonValue, source: str) -> Exchange | None:
    """The exchange of a line; None where no answer came, `RecordingError` where it is something else."""
    if not isinstance(value, dict):
        raise RecordingError(f"{source}: no object")
    request, response = value.get("request"), value.get("response")
    if not isinstance(request, dict) or not isinstance(response, dict):
        raise RecordingError(f"{source}: request and response are not both objects")
    status = response.get("status")
    if not isinstance(status, int) or not 200 <= status <= 599:
        return None
    target = _text(request, "path")
    path, _, query = target.partition("?")
    body = request.get("body")
    return Exchange(
        request=Request(
            method=_text(request, "method") or "POST",
            path=path,
            query=query,
            headers=tuple((name.lower(), one) for name, one in _headers(request.get("headers"))),
            body=encode(body) if isinstance(body, str) else b"",
        ),
        arrival=_arrival(response, status, source),
        source=source,
    )


def _arrival(response: Mapping[str, JsonValue], status: int, source: str) -> Arrival:
    first, last = _ms(response, "first_byte_seconds"), _ms(response, "seconds")
    pieces = _pieces(_body(response, source), response.get("chunk_sizes"))
    gap = max(last - first, 0.0) / max(len(pieces) - 1, 1)
    return Arrival(
        finish=_finish(response),
        ended_ms=max(first, last),
        http_version=_text(response, "http_version").removeprefix("HTTP/") or "1.1",
        status=status,
        reason=_text(response, "reason"),
        headers=_headers(response.get("headers")),
        head_ms=first,
        readings=tuple(
            Reading(ms=round(first + gap * number, 1), data=piece) for number, piece in enumerate(pieces)
        ),
    )


def _finish(response: Mapping[str, JsonValue]) -> Finish:
    if response.get("timed_out") is True:
        return Finish.TIMED_OUT
    lost = response.get("socket_error") or response.get("chunked_complete") is False
    return Finish.CUT if lost else Finish.COMPLETE


def _pieces(body: bytes, sizes: JsonValue) -> list[bytes]:
    """The body in its HTTP chunks, where they were written down and add up to it."""
    lengths = [size for size in sizes if isinstance(size, int)] if isinstance(sizes, list) else []
    if sum(lengths) != len(body) or not lengths or min(lengths) < 0:
        return [body] if body else []
    pieces: list[bytes] = []
    start = 0
    for length in lengths:
        pieces.append(body[start : start + length])
        start += length
    return [piece for piece in pieces if piece]


def _body(response: Mapping[str, JsonValue], source: str) -> bytes:
    if isinstance(coded := response.get("body_base64"), str):
        try:
            return base64.b64decode(coded, validate=True)
        except (binascii.Error, ValueError):
            raise RecordingError(f"{source}: response.body_base64 is no base64") from None
    return encode(_text(response, "body"))


def _headers(value: JsonValue) -> Headers:
    pairs = value if isinstance(value, list) else []
    return tuple(
        (pair[0], pair[1])
        for pair in pairs
        if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str) and isinstance(pair[1], str)
    )


def _text(members: Mapping[str, JsonValue], name: str) -> str:
    value = members.get(name)
    return value if isinstance(value, str) else ""


def _ms(members: Mapping[str, JsonValue], name: str) -> float:
    value = members.get(name)
    return round(value * 1000, 1) if isinstance(value, int | float) and 0 <= value < 1e6 else 0.0
