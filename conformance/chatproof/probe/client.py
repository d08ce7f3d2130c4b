"""One request over HTTP, bounded in bytes and time: from what is sent to an `Exchange`, whatever happens.

An endpoint is not trusted: redirects are not followed (they could carry the key to another host), cookies are not kept,
compressed bodies are inflated under the bound of the others.
"""

import re
import ssl
import time
import zlib
from collections.abc import Callable, Generator, Iterable
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from itertools import islice
from typing import Protocol
from urllib.parse import urlsplit

import httpx

from chatproof.probe.access import Access
from chatproof.probe.deadline import Deadline
from chatproof.probe.exchange import Exchange, Failure, FailureKind, Received, Sent

__all__ = ["Client", "Limits", "error_text", "is_near", "trust_of"]

_MOST_HEADERS = 1000
"""Lines of a head that are kept: exchanges are, until the run ends."""

_MOST_ARRIVALS = 1000
"""Pieces of a body of which it is known when they came: a piece may be one byte."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds for one answer: wall time in seconds, body size in bytes.

    What is asked for are replies of a few tokens; a list of models can be long.
    """

    seconds: float = 60.0
    body_bytes: int = 2 * 1024 * 1024
    list_bytes: int = 8 * 1024 * 1024

    def most_bytes(self, method: str) -> int:
        """The bound for a body."""
        return max(self.list_bytes, self.body_bytes) if method == "GET" else self.body_bytes


class Client:
    """Sends requests. Safe across threads; close it when done. A `transport` takes the place of the network."""

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str | None,
        limits: Limits,
        transport: httpx.BaseTransport | None,
        access: Access | None = None,
    ) -> None:
        self._clock = _clock_of(transport)
        self._key = api_key
        self._access = access or Access()
        self._limits = limits
        self._running: set[Deadline] = set()
        self._connects = transport is None
        self._transport = transport
        self._base_url = base_url
        # A server may close a kept connection at any moment, as uvicorn does after a crash: the next request
        # would break on it, and look like a fault of its own.
        self._http = self._opened(httpx.Limits(max_keepalive_connections=0))

    def _opened(self, connections: httpx.Limits) -> httpx.Client:
        return httpx.Client(
            transport=self._transport,
            follow_redirects=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            # as curl does it: proxies of the environment, but never for this machine
            trust_env=not is_near(self._base_url),
            verify=trust_of(self._access, self._base_url) if self._transport is None else True,
            limits=connections,
            headers={"user-agent": "chatproof", "accept": "*/*", "accept-encoding": "identity"},
        )

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def stop(self) -> None:
        """End all exchanges that are under way."""
        for deadline in self._running.copy():
            deadline.shut()

    def exchange(self, sent: Sent, seconds: float) -> Exchange:
        """Send a request, with the key where it has none of its own, and read the answer within so many seconds."""
        with self._within(seconds) as deadline:
            return self._exchange(self._http, sent, seconds, deadline)

    def together(
        self,
        sents: Iterable[Sent],
        seconds: float,
        before: Callable[[Sent], object],
        after: Callable[[Exchange, int], object],
    ) -> None:
        """Send requests over a connection that is kept, until one is not answered whole.

        `before` and `after` are called at each of them. All have so many seconds together.
        """
        kept = self._opened(httpx.Limits(max_keepalive_connections=1))
        with closing(kept), self._within(seconds) as deadline:
            for sent in sents:
                before(sent)
                made = self._exchange(kept, sent, seconds, deadline)
                after(made, deadline.connections)
                if not made.complete:
                    break

    @contextmanager
    def _within(self, seconds: float) -> Generator[Deadline]:
        with Deadline(seconds) as deadline:
            self._running.add(deadline)
            try:
                yield deadline
            finally:
                self._running.discard(deadline)

    def _exchange(self, http: httpx.Client, sent: Sent, seconds: float, deadline: Deadline) -> Exchange:
        at, start = time.time(), self._clock()
        answer = _Answer(self._limits.most_bytes(sent.method), start, seconds, self._clock, sent.events)
        work = partial(self._failure, http, sent, answer, deadline)
        failure = deadline.run(work) if self._connects else work()
        if deadline.passed:  # a body that ends with its connection looks whole
            failure = Failure(kind=FailureKind.TIMEOUT, text=deadline.sentence)
        return Exchange(
            sent=sent,
            received=answer.received(),
            failure=failure,
            seconds=self._clock() - start,
            arrivals=tuple(answer.arrivals),
            at=at,
        )

    def _failure(
        self, http: httpx.Client, sent: Sent, answer: "_Answer", deadline: Deadline
    ) -> Failure | None:
        """Fill the answer; why it is not whole, if so."""
        head = dict(sent.headers)
        access = self._access.without_key() if sent.keyless else self._access
        lines = [*head.items(), *((one.name, one.value) for one in access.beside(head))]
        if self._key and "authorization" not in head and not sent.keyless:
            lines.append(("authorization", f"Bearer {self._key}"))
        try:
            request = http.build_request(
                sent.method,
                sent.url,
                content=sent.body,
                headers=lines,
                timeout=httpx.Timeout(deadline.seconds, connect=deadline.connect_seconds),
                extensions={"trace": deadline.trace},
            )
            response = http.send(request, stream=True)
            try:
                answer.read(response)
            finally:
                response.close()
                response.stream = httpx.ByteStream(b"")  # it knows its response: a cycle keeps heads for long
        except httpx.TimeoutException:
            return Failure(kind=FailureKind.TIMEOUT, text=deadline.sentence)
        except httpx.ConnectError as error:
            return Failure(kind=FailureKind.UNREACHABLE, text=error_text(error))
        except _UnreadableError as error:
            return Failure(kind=error.kind, text=str(error))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Failure(kind=FailureKind.BROKEN, text=f"the connection broke: {error_text(error)}")
        return None


class _UnreadableError(Exception):
    """The body is not read further, and this is why."""

    def __init__(self, kind: FailureKind, text: str) -> None:
        super().__init__(text)
        self.kind = kind


class _Answer:
    """What has come of an answer until now."""

    def __init__(
        self, most_bytes: int, start: float, seconds: float, clock: Callable[[], float], events: int = 0
    ) -> None:
        self._most = most_bytes
        self._events = events
        self._start, self._end, self._clock = start, start + seconds, clock
        self.arrivals: list[tuple[float, int]] = []
        self._head: httpx.Response | None = None
        self._body = bytearray()  # not a list of pieces: a piece may be one byte, and millions of them

    def read(self, response: httpx.Response) -> None:
        """Take the head, then the body, inflated, until a limit is reached."""
        self._head = response
        if response.status_code == 101:
            raise _UnreadableError(
                FailureKind.BROKEN, "it switches to another protocol, which nobody asked for"
            )
        packing = response.headers.get("content-encoding", "").strip().lower()
        inflate = _inflater(packing)
        came = 0
        for raw in response.iter_raw():
            came += len(raw)
            try:
                if inflate is None:
                    piece = raw
                elif inflate.eof:
                    piece = b""  # zlib would keep all that comes behind its end, and copy it each time
                else:
                    piece = inflate.decompress(raw, self._most - len(self._body) + 1)
            except zlib.error:
                raise _UnreadableError(
                    FailureKind.ENCODED,
                    f"it says content-encoding: {packing} although identity was asked for, and is no {packing}",
                ) from None
            if max(came, len(self._body) + len(piece)) > self._most:
                raise _UnreadableError(
                    FailureKind.TOO_LARGE, f"more than {self._most} bytes: not read further"
                )
            self._body += piece
            now = self._clock()
            if len(self.arrivals) < _MOST_ARRIVALS:
                self.arrivals.append((now - self._start, len(self._body)))
            if self._events and self._is_enough():
                raise _UnreadableError(FailureKind.LEFT, f"left after {self._events} events, as was meant")
            if now > self._end:
                raise httpx.ReadTimeout("the answer as a whole took too long")
        if inflate is not None and self._body and not inflate.eof:
            raise _UnreadableError(
                FailureKind.ENCODED,
                f"it says content-encoding: {packing} although identity was asked for, and ends before that does",
            )

    def _is_enough(self) -> bool:
        """Have so many events of a stream come as it is to be left after?"""
        kind = self._head.headers.get("content-type", "") if self._head else ""
        return kind.lower().startswith("text/event-stream") and self._body.count(b"data:") >= self._events

    def received(self) -> Received | None:
        """The answer as far as it came; None without a head."""
        if self._head is None:
            return None
        lines = islice(self._head.headers.multi_items(), _MOST_HEADERS)
        headers = tuple((name.lower(), value) for name, value in lines)
        return Received(status=self._head.status_code, headers=headers, body=bytes(self._body))


class _Inflate(Protocol):
    """What zlib's decompressor does; its own type is private."""

    @property
    def eof(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


def _inflater(packing: str) -> _Inflate | None:
    """An inflater for gzip and deflate: some servers compress although `identity` was asked for."""
    if packing in {"gzip", "x-gzip", "deflate"}:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    if packing in {"br", "zstd", "compress", "x-compress"}:
        raise _UnreadableError(
            FailureKind.ENCODED, f"it says content-encoding: {packing} although identity was asked for"
        )
    return None  # some servers write their charset there; clients pass over it


def _clock_of(transport: httpx.BaseTransport | None) -> Callable[[], float]:
    """What time it is: a transport in process may have a clock of its own, on which its pauses pass."""
    own = getattr(transport, "clock", None)
    return time.monotonic if own is None else lambda: float(own.now)


def is_near(url: str) -> bool:
    """Whether it is on this machine: no proxy stands between."""
    host = urlsplit(url).hostname or ""
    return host in {"localhost", "::1"} or host.startswith("127.")


def trust_of(access: Access, url: str) -> ssl.SSLContext | bool:
    """What httpx is to verify. Certificates of the environment (SSL_CERT_FILE, SSL_CERT_DIR) hold here too.

    Raises:
        OSError: `cacert` cannot be read, or holds no certificate (`ssl.SSLError`).
    """
    if access.insecure:
        return httpx.create_ssl_context(verify=False)
    if access.cacert is not None:
        return ssl.create_default_context(cafile=access.cacert)
    return httpx.create_ssl_context(trust_env=True) if url.startswith("https:") else True


def error_text(error: Exception) -> str:
    """An httpx error in a few words, without its errno clutter."""
    text = str(error) or type(error).__name__
    if found := re.search(r"certificate verify failed: ([^(]+)", text):
        return f"the TLS certificate is not trusted: {found[1].strip()}"
    for needle, phrase in _PHRASES.items():
        if needle in text.lower():
            return phrase
    return text


_PHRASES = {
    "connection refused": "connection refused",
    "connection reset by peer": "connection reset by peer",
    "name or service not known": "the host name is not known",
    "temporary failure in name resolution": "the host name is not known",
    "nodename nor servname": "the host name is not known",
    "wrong version number": "the port does not speak TLS (is it http:// instead of https://?)",
    "record layer failure": "the port does not speak TLS (is it http:// instead of https://?)",
    "server disconnected without": "it was closed without an answer",
    "incomplete chunked read": "it was closed in the middle of the body",
    "without sending complete message body": "it was closed in the middle of the body",
    "illegal status line": "what came is no HTTP",
    "_switch_upgrade": "it switches to another protocol, which nobody asked for",
    "illegal request line": "what came is no HTTP",
    "illegal header line": "what came is no HTTP: a line of the head is no header, or has a control character in it",
    "invalid url in location": "its location is no URL",
    "status_code should be": "what came is no HTTP: its status is none",
    "receive buffer too long": "its head is longer than any",
    "illegal chunk header": "what came is no HTTP: a chunk without its size",
    "malformed chunk footer": "what came is no HTTP: a chunk that is longer than its size",
}
