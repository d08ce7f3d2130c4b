"""The real endpoint: its address, what is sent to it, and a connection that notes when each read came.

asyncio and h11 rather than an HTTP client: a client hides where one read ends, mends or refuses odd framing, and
drops what came before a reset, which are what is to be recorded. h11 comes with uvicorn.
"""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlsplit

from chatfake.core.http import Headers, Request
from chatfake.recording.hop_headers import end_to_end

#: Reads that wait for a slow client before the endpoint is made to wait too.
MOST_WAITING = 64


class UpstreamError(ValueError):
    """The URL is not one of an endpoint; one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """Where requests go. `http://recorder/v1` stands for the URL that it was made from."""

    scheme: str
    host: str
    port: int
    path: str  #: without a slash at its end
    tls: Callable[[], ssl.SSLContext] = field(default=ssl.create_default_context, compare=False, repr=False)

    @property
    def authority(self) -> str:
        """The value of the header `Host`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"http": 80, "https": 443}[self.scheme]
        return host if self.port == usual else f"{host}:{self.port}"

    def target(self, path: str, query: str) -> str:
        """The path for a request's own, as it was sent. A URL with a path takes the place of `/v1`."""
        if self.path and (path == "/v1" or path.startswith("/v1/")):
            path = path[3:]
        return (f"{self.path}{path}" or "/") + (f"?{query}" if query else "")

    def headers(self, request: Request) -> Headers:
        """Those of the request without the connection's own.

        Of content codings only those are asked for that can be searched for keys.
        """
        own = {"host", "content-length", "expect", "accept-encoding"}
        kept = tuple(pair for pair in end_to_end(request.headers) if pair[0].lower() not in own)
        codings = tuple(
            ("accept-encoding", ", ".join(_searchable(value)) or "identity")
            for name, value in request.headers
            if name == "accept-encoding"
        )
        has_body = request.body or request.method in ("POST", "PUT", "PATCH")
        length = (("content-length", str(len(request.body))),) if has_body else ()
        return (("host", self.authority), *kept, *codings, *length, ("connection", "close"))

    async def connect(self, seconds: float) -> "UpstreamConnection":
        """A new connection; TimeoutError, or an OSError such as that of a certificate that does not fit."""
        loop = asyncio.get_running_loop()
        context = self.tls() if self.scheme == "https" else None
        name = self.host if context else None
        async with asyncio.timeout(seconds):
            _, line = await loop.create_connection(
                UpstreamConnection, self.host, self.port, ssl=context, server_hostname=name
            )
        return line


def _searchable(accepted: str) -> list[str]:
    codings = [one.strip() for one in accepted.split(",")]
    return [
        one for one in codings if one.partition(";")[0].strip().lower() in ("gzip", "deflate", "identity")
    ]


def upstream_of(url: str) -> Upstream:
    """The endpoint at a URL; raises `UpstreamError`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UpstreamError(f"{url!r} is no URL") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UpstreamError(f"{url!r} is no URL of an endpoint; one looks like https://api.example.com/v1")
    if parts.username is not None:
        raise UpstreamError(
            "the URL of the endpoint holds a name or a password; the client sends keys itself"
        )
    if parts.query or parts.fragment:
        raise UpstreamError(f"{url!r} has a query or a fragment; the client sends a query itself")
    try:
        parts.hostname.encode("idna")
        parts.path.encode("ascii")
    except UnicodeError:
        raise UpstreamError(f"{url!r} is no URL: write it in ASCII") from None
    return Upstream(
        scheme=parts.scheme,
        host=parts.hostname,
        port=port or {"http": 80, "https": 443}[parts.scheme],
        path=parts.path.rstrip("/"),
    )


class UpstreamConnection(asyncio.Protocol):
    """A connection to the endpoint. Reads wait in a queue with their time; the last thing in it is the end."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._arrived: asyncio.Queue[tuple[float, bytes | Exception]] = asyncio.Queue()
        self._writable = asyncio.Event()
        self._writable.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._arrived.put_nowait((self._loop.time(), bytes(data)))
        if self._arrived.qsize() >= MOST_WAITING and self._transport is not None:
            self._transport.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self._arrived.put_nowait((self._loop.time(), b"" if exc is None else exc))
        self._writable.set()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    async def write(self, data: bytes) -> None:
        """Sends data, and waits until the socket has taken it."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)
            await self._writable.wait()

    async def read(self) -> tuple[float, bytes]:
        """The next read and its time by the loop's clock, without bytes at the end; raises the OSError of a reset."""
        at, data = await self._arrived.get()
        if self._transport is not None and not self._arrived.qsize():
            self._transport.resume_reading()
        if isinstance(data, Exception):
            raise ConnectionResetError(str(data)) from data
        return at, data

    def now(self) -> float:
        """The loop's clock."""
        return self._loop.time()

    def close(self) -> None:
        """Ends the connection at once: what is still coming is not wanted."""
        if self._transport is not None:
            self._transport.abort()
