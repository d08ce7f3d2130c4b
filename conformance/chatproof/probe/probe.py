"""The HTTP client of the suite: it sends what a case asks for, within limits, and reports what came.

An endpoint is not trusted: the bytes, the time and the number of answers are bounded, redirects are not
followed (they could carry the key to another host), compressed bodies are inflated under the same bound.
"""

import json
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

import httpx

from chatproof.probe.budget import Budget
from chatproof.probe.exchange import Exchange, Failure, FailureKind, Json, Received, Sent

__all__ = ["EndpointGoneError", "Limits", "Probe"]

_BUSY = frozenset({429, 502, 503, 504})
"""An endpoint that has no time now, or a gateway without a server behind it: asked again, for neither is an
answer to what was asked."""

_WAITS = (1.0, 4.0)
"""Seconds before the second and the third try, where the endpoint names none."""

_LONGEST_WAIT = 20.0

_GIVE_UP_AFTER = 3
"""So many exchanges in a row without an answer, and the endpoint counts as gone: a dead server must not
cost a time limit per case."""


class EndpointGoneError(Exception):
    """The endpoint stopped answering in mid-run, or answers no more for now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds for one answer: wall time in seconds, body size in bytes."""

    seconds: float = 60.0
    body_bytes: int = 8 * 1024 * 1024


class Probe:
    """Sends requests to one base URL. Safe across threads; close it when done.

    A `transport` takes the place of the network, in process.
    """

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str | None,
        budget: Budget,
        limits: Limits | None = None,
        transport: httpx.BaseTransport | None = None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.budget = budget
        self.limits = limits or Limits()
        self._key = api_key
        self._wait = wait
        self._silent = 0
        self._lock = threading.Lock()
        self._client = httpx.Client(
            transport=transport,
            timeout=self.limits.seconds,
            follow_redirects=False,
            # as curl does it: proxies and certificates of the environment, but never for this machine
            trust_env=not _is_loopback(self.base_url),
            # A server may close a kept connection at any moment, as uvicorn does after a crash: the next request
            # would break on it, and look like a fault of its own.
            limits=httpx.Limits(max_keepalive_connections=0),
            headers={"user-agent": "chatproof", "accept": "*/*", "accept-encoding": "identity"},
        )

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def get(self, path: str) -> Exchange:
        """GET a path below the base URL."""
        return self.send("GET", path)

    def post(self, path: str, value: Json) -> Exchange:
        """POST a JSON value to a path below the base URL."""
        # ASCII escapes: any string a hypothesis strategy or a user thinks of has a form on the wire
        return self.send("POST", path, json.dumps(value, separators=(",", ":")).encode())

    def send(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Exchange:
        """Send anything. Whatever comes back is an exchange; only a spent budget or a dead endpoint raises.

        An endpoint that is busy (429, 502, 503, 504) is asked up to three times, after the wait that it asks for.

        Raises:
            BudgetSpentError: the run's limit is reached.
            EndpointGoneError: several exchanges in a row got no answer, or the rate is limited.
        """
        for seconds in _WAITS:
            exchange = self._once(method, path, body, headers)
            if exchange.status not in _BUSY:
                return exchange
            self._wait(_retry_after(exchange, seconds))
        exchange = self._once(method, path, body, headers)
        if exchange.status == 429:
            raise EndpointGoneError(f"{self.base_url} limits the rate: HTTP 429 three times in a row")
        with self._lock:
            self._silent += exchange.status in _BUSY
        return exchange

    def _once(self, method: str, path: str, body: bytes, headers: Mapping[str, str] | None) -> Exchange:
        if self._silent >= _GIVE_UP_AFTER:
            raise EndpointGoneError(
                f"{self.base_url} gave no answer, or none but 502 to 504, {_GIVE_UP_AFTER} times in a row"
            )
        self.budget.take()
        head = {"content-type": "application/json"} if body else {}
        head.update(headers or {})
        sent = Sent(method=method, url=self.base_url + path, headers=tuple(head.items()), body=body)
        start = time.monotonic()
        exchange = self._exchange(sent, start)
        with self._lock:
            if exchange.received is None:
                self._silent += 1
            elif exchange.status not in _BUSY:
                self._silent = 0
        self.budget.add(seconds=exchange.seconds, **_tokens(exchange))
        return exchange

    def _exchange(self, sent: Sent, start: float) -> Exchange:
        received: Received | None = None
        failure: Failure | None = None
        head = dict(sent.headers)
        if self._key and "authorization" not in head:
            head["authorization"] = f"Bearer {self._key}"
        body = bytearray()
        try:
            request = self._client.build_request(sent.method, sent.url, content=sent.body, headers=head)
            response = self._client.send(request, stream=True)
            try:
                lines = tuple((k.lower(), v) for k, v in response.headers.multi_items())
                received = Received(status=response.status_code, headers=lines, body=b"")
                for piece in self._bounded(response, start):
                    body += piece
            finally:
                response.close()
        except httpx.TimeoutException:
            failure = Failure(kind=FailureKind.TIMEOUT, text=f"no whole answer in {self.limits.seconds:g} s")
        except httpx.ConnectError as error:
            failure = Failure(kind=FailureKind.UNREACHABLE, text=_error_text(error))
        except _TooLargeError:
            limit = self.limits.body_bytes
            failure = Failure(kind=FailureKind.TOO_LARGE, text=f"more than {limit} bytes: not read further")
        except (httpx.HTTPError, httpx.InvalidURL, zlib.error) as error:
            failure = Failure(kind=FailureKind.BROKEN, text=f"the connection broke: {_error_text(error)}")
        if received is not None:
            received = Received(status=received.status, headers=received.headers, body=bytes(body))
        return Exchange(sent=sent, received=received, failure=failure, seconds=time.monotonic() - start)

    def _bounded(self, response: httpx.Response, start: float) -> Iterator[bytes]:
        """The body's pieces, inflated, until a limit is reached."""
        inflate = _inflater(response.headers.get("content-encoding", ""))
        size = 0
        for raw in response.iter_raw():
            room = self.limits.body_bytes - size
            piece = raw if inflate is None else inflate.decompress(raw, room + 1)
            size += len(piece)
            if size > self.limits.body_bytes:
                raise _TooLargeError
            if time.monotonic() - start > self.limits.seconds:
                raise httpx.ReadTimeout("the answer as a whole took too long")
            yield piece


class _TooLargeError(Exception):
    pass


class _Inflate(Protocol):
    """What zlib's decompressor does; its own type is private."""

    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


def _inflater(encoding: str) -> _Inflate | None:
    """An inflater for gzip and deflate: some servers compress although `identity` was asked for."""
    if encoding.strip().lower() in {"gzip", "x-gzip", "deflate"}:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    return None


def _retry_after(exchange: Exchange, otherwise: float) -> float:
    """The seconds of Retry-After, within reason. A date is not worth its parsing here."""
    asked = exchange.received.header("retry-after") if exchange.received else ""
    return min(float(asked), _LONGEST_WAIT) if asked.isascii() and asked.isdigit() else otherwise


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host in {"localhost", "::1"} or host.startswith("127.")


def _error_text(error: Exception) -> str:
    """An httpx error in a few words, without its errno clutter."""
    text = str(error) or type(error).__name__
    for needle, phrase in _PHRASES.items():
        if needle in text.lower():
            return phrase
    return text


_PHRASES = {
    "connection refused": "connection refused",
    "name or service not known": "the host name is not known",
    "temporary failure in name resolution": "the host name is not known",
    "nodename nor servname": "the host name is not known",
    "certificate verify failed": "the TLS certificate is not trusted",
    "wrong version number": "the port does not speak TLS (is it http:// instead of https://?)",
}


def _tokens(exchange: Exchange) -> dict[str, int]:
    """The tokens that an answer says it cost; in a stream the last usage counts."""
    received = exchange.received
    if received is None:
        return {}
    if b'"usage"' not in received.body:
        return _tokens_of_headers(received)
    usage: Json = None
    if received.media_type == "text/event-stream":
        for line in received.body.splitlines():
            if line.startswith(b"data:") and b'"usage"' in line:
                usage = _usage(line[5:]) or usage
    else:
        usage = _usage(received.body)
    if not isinstance(usage, dict):
        return {}
    counts = {name: usage.get(name) for name in ("prompt_tokens", "completion_tokens")}
    return {n: v for n, v in counts.items() if isinstance(v, int) and not isinstance(v, bool) and v > 0}


def _tokens_of_headers(received: Received) -> dict[str, int]:
    """LoRAX's own routes tell it in headers, but not for a stream."""
    counts = {"prompt_tokens": "x-prompt-tokens", "completion_tokens": "x-generated-tokens"}
    found = {name: received.header(header) for name, header in counts.items()}
    return {
        name: int(text)
        for name, text in found.items()
        if text.isascii() and text.isdigit() and len(text) < 10
    }


def _usage(text: bytes) -> Json:
    try:
        value: Json = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value.get("usage") if isinstance(value, dict) else None
