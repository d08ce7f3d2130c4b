"""An exchange as an entry of HAR 1.2, and back.

What HAR has no member for begins with an underscore, as HAR wants it: `_failure` (why no whole answer came),
`_arrivals` (seconds after the request, and how long the body was then), `_at`, `_worker`, `_sent` (what else a request
is told by).
A body that is UTF-8 is text, any other is base64: the bytes are those that came.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from chatproof.gate import Gate
from chatproof.gate.masking import look_alikes_masked
from chatproof.probe import Exchange, Failure, FailureKind, Received, Sent
from chatproof.saved_run.error import SavedRunError

__all__ = ["Kept", "entry_of", "kept_of", "name_of"]

_OF_HAR = frozenset({"method", "url", "headers", "body"})
"""What HAR has a member for."""

_COOKIE = "set-cookie"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer that was kept: `name` is what its request is known by, `worker` the process that asked."""

    name: str
    worker: str
    received: Received | None
    failure: Failure | None
    seconds: float
    arrivals: tuple[tuple[float, int], ...]
    at: float
    connections: int
    """How many it and those before it took together; 0 where it was asked alone."""

    def exchange(self, sent: Sent) -> Exchange:
        """The exchange that a request makes with this answer."""
        return Exchange(
            sent=sent,
            received=self.received,
            failure=self.failure,
            seconds=self.seconds,
            arrivals=self.arrivals,
            at=self.at,
        )


def name_of(sent: Sent, gate: Gate) -> str:
    """What a request is known by: all that it is, without keys."""
    return _name(_request(sent, gate))


def _name(request: Mapping[str, Any]) -> str:
    told = ("method", "url", "headers", "postData", "_sent")
    return json.dumps([request.get(name) for name in told], sort_keys=True)


def entry_of(exchange: Exchange, worker: str, gate: Gate, connections: int = 0) -> dict[str, Any]:
    """The entry, without the keys that the gate knows. `connections` are those that several took so far."""
    wait = exchange.arrivals[0][0] if exchange.arrivals else exchange.seconds
    return {
        "startedDateTime": datetime.fromtimestamp(exchange.at, UTC).isoformat(timespec="milliseconds"),
        "time": round(exchange.seconds * 1000, 3),
        "request": _request(exchange.sent, gate),
        "response": _response(exchange, gate),
        "cache": {},
        "timings": {
            "send": 0,
            "wait": round(wait * 1000, 3),
            "receive": round(max(0.0, exchange.seconds - wait) * 1000, 3),
        },
        "_worker": worker,
        "_at": exchange.at,
        "_seconds": exchange.seconds,
        "_connections": connections,
    }


def _request(sent: Sent, gate: Gate) -> dict[str, Any]:
    made: dict[str, Any] = {
        "method": sent.method,
        "url": gate.hidden(sent.url),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [{"name": name, "value": gate.hidden(value)} for name, value in sent.headers],
        "queryString": [],
        "headersSize": -1,
        "bodySize": len(sent.body),
    }
    if sent.body:
        kind = dict(sent.headers).get("content-type", "")
        made["postData"] = {"mimeType": kind, **_content(_hidden(sent.body, gate))}
    if further := {one.name: getattr(sent, one.name) for one in fields(sent) if one.name not in _OF_HAR}:
        made["_sent"] = further
    return made


def _response(exchange: Exchange, gate: Gate) -> dict[str, Any]:
    received, failure = exchange.received, exchange.failure
    body = _hidden(received.body, gate) if received else b""
    headers = list(received.headers) if received else []
    if exchange.status >= 400 and not exchange.sent.is_about_the_key:
        # an endpoint may quote a key of its own; no case is about what looks like one in such an answer
        body = _recoded(body, look_alikes_masked)
        headers = [(name, look_alikes_masked(value)) for name, value in headers]
    made: dict[str, Any] = {
        "status": exchange.status,
        "statusText": _phrase(exchange.status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [
            {"name": gate.hidden(name), "value": "***" if name == _COOKIE else gate.hidden(value)}
            for name, value in headers
        ],
        "content": {
            "size": len(body),
            "mimeType": received.header("content-type") if received else "x-unknown",
            **_content(body),
        },
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": len(body),
        "_arrivals": [[seconds, min(length, len(body))] for seconds, length in exchange.arrivals],
    }
    if failure:
        made |= {"_error": gate.hidden(failure.text), "_failure": failure.kind.value}
    return made


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _hidden(data: bytes, gate: Gate) -> bytes:
    return _recoded(data, gate.hidden)


def _recoded(data: bytes, change: Callable[[str], str]) -> bytes:
    """The bytes with their text changed; those that are no UTF-8 stay as they are."""
    return change(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def _content(data: bytes) -> dict[str, str]:
    try:
        return {"text": data.decode()}
    except UnicodeDecodeError:
        return {"text": base64.b64encode(data).decode(), "encoding": "base64"}


def kept_of(entry: Any) -> Kept:
    """The answer in an entry.

    Raises:
        SavedRunError: it is none that was written here.
    """
    try:
        request, response = entry["request"], entry["response"]
        kind = response.get("_failure")
        return Kept(
            name=_name(request),
            worker=str(entry["_worker"]),
            received=_received(response),
            failure=None if kind is None else Failure(kind=FailureKind(kind), text=str(response["_error"])),
            seconds=float(entry["_seconds"]),
            arrivals=tuple((float(seconds), int(length)) for seconds, length in response["_arrivals"]),
            at=float(entry["_at"]),
            connections=int(entry["_connections"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, binascii.Error) as error:
        raise SavedRunError(f"one of its exchanges cannot be read ({type(error).__name__})") from None


def _received(response: Mapping[str, Any]) -> Received | None:
    status = int(response["status"])
    if status == 0:
        return None
    content = response["content"]
    text = str(content["text"])
    coded = content.get("encoding") == "base64"
    return Received(
        status=status,
        headers=tuple((str(one["name"]), str(one["value"])) for one in response["headers"]),
        body=base64.b64decode(text, validate=True) if coded else text.encode(),
    )
