"""The fake as an ASGI application: a table of routes needs no toolkit."""

import asyncio
import contextlib
import math
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol

from chatfake.core.api_error import BODY_TOO_LARGE
from chatfake.core.framing import refusal_answer
from chatfake.core.http import LOSSES, Answer, Cut, Ending, HalfClose, Pause, Repeat, Request, Reset, Send
from chatfake.fake import Fake
from chatfake.handling.address import address_of
from chatfake.handling.long_poll import EVENTS, WAIT, waited, watch

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Sender = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Sender], Awaitable[None]]

#: Where a server may leave a way to lose the connection; see `chatfake.serving.uvicorn_protocol`.
TRANSPORT = "chatfake.transport"
#: A body past the limit is read and thrown away up to so many times the limit, so the client hears the 413.
DRAIN = 8


class Connection(Protocol):
    """What is asked of a server's transport; asyncio's have it."""

    def write(self, data: bytes) -> None: ...
    def close(self) -> None: ...
    def abort(self) -> None: ...
    def can_write_eof(self) -> bool: ...
    def write_eof(self) -> None: ...
    def get_extra_info(self, name: str) -> Any: ...


class ConnectionLost(Exception):  # noqa: N818  what happened, not whose error it is
    """Raised by the application for a loss on a server that gave no way to lose a connection."""


def asgi_app(fake: Fake) -> App:
    """The application, for any ASGI server or test client."""

    async def app(scope: Scope, receive: Receive, send: Sender) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            try:
                body = await body_of(receive, fake.house.max_body)
            except ClientLeft:
                return
            request = request_of(scope, body or b"")
            if _waits(fake, request, EVENTS):
                await _watched(fake, receive, send)
                return
            if _waits(fake, request, WAIT):
                answer = await _waited(fake, request.query, receive)
            else:
                answer = refusal_answer(BODY_TOO_LARGE) if body is None else fake.answer(request)
            await _send(answer, scope, receive, send)

    return app


def _waits(fake: Fake, request: Request, path: str) -> bool:
    """What waits is answered here; several workers, and other methods, get the core's refusal."""
    return fake.house.workers == 1 and request.method == "GET" and address_of(request).path == path


async def _lifespan(receive: Receive, send: Sender) -> None:
    while (await receive())["type"] != "lifespan.shutdown":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})


class ClientLeft(Exception):  # noqa: N818  what happened, not whose error it is
    """Before the end of its request, which therefore is none."""


async def body_of(receive: Receive, limit: int) -> bytes | None:
    """The whole body; None when it is longer than the limit."""
    pieces: list[bytes] = []
    length = 0
    more = True
    while more and length <= limit * DRAIN:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        piece = message.get("body", b"")
        length += len(piece)
        if length <= limit:
            pieces.append(piece)
        more = message.get("more_body", False)
    return b"".join(pieces) if length <= limit else None


def request_of(scope: Scope, body: bytes) -> Request:
    """The request that a server read."""
    headers = ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"])
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=scope.get("query_string", b"").decode("latin-1"),
        headers=tuple(headers),
        body=body,
    )


async def _send(answer: Answer, scope: Scope, receive: Receive, send: Sender) -> None:
    """Sends an answer step by step, and says how it ended."""
    gone = asyncio.ensure_future(left(receive))
    sender = _Raw(connection_of(scope)) if answer.raw else _Cooked(answer, send)
    try:
        ending = await _played(answer, sender, gone, scope)
        # before anything is waited for, or a quick client's next request would come before this one has ended
        answer.on_end(ending)
    finally:
        gone.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await gone


async def _played(
    answer: Answer, sender: "_Cooked | _Raw", gone: "asyncio.Future[None]", scope: Scope
) -> Ending:
    for step in answer.steps:
        if gone.done():
            return Ending.LEFT
        match step:
            case Send(data=data):
                await sender.send(data)
                # `send` does not yield while the socket takes bytes: without this, other connections wait for a
                # long stream to end
                await asyncio.sleep(0)
            case Repeat(data=data):
                while not gone.done():
                    await sender.send(data)
                    await asyncio.sleep(0)
                return Ending.LEFT
            case Pause(seconds=seconds):
                await asyncio.wait({gone}, timeout=None if math.isinf(seconds) else seconds)
            case Cut():
                connection_of(scope).close()
            case Reset():
                reset(connection_of(scope))
            case HalfClose():
                _half_close(connection_of(scope))
        if isinstance(step, LOSSES):
            await gone
            return Ending.LOST
    if gone.done():
        return Ending.LEFT
    await sender.end()
    if answer.raw:
        await gone
    return Ending.COMPLETE


class _Cooked:
    """An answer that the server frames: the head goes with the first bytes."""

    def __init__(self, answer: Answer, send: Sender) -> None:
        self._answer = answer
        self._send = send
        self._begun = False

    async def send(self, data: bytes) -> None:
        if not self._begun:
            await self._begin()
        if data:
            await self._send({"type": "http.response.body", "body": data, "more_body": True})

    async def end(self) -> None:
        if not self._begun:
            await self._begin()
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _begin(self) -> None:
        self._begun = True
        head = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self._answer.headers]
        await self._send({"type": "http.response.start", "status": self._answer.status, "headers": head})


class _Raw:
    """An answer whose steps are the bytes of the connection, which ends with them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def send(self, data: bytes) -> None:
        self._connection.write(data)

    async def end(self) -> None:
        self._connection.close()


async def _waited(fake: Fake, query: str, receive: Receive) -> Answer:
    gone = asyncio.ensure_future(left(receive))
    try:
        return await waited(fake.desks, query, gone.done)
    finally:
        gone.cancel()


async def _watched(fake: Fake, receive: Receive, send: Sender) -> None:
    """The live feed of the page."""
    gone = asyncio.ensure_future(left(receive))

    async def event(data: bytes) -> None:
        await send({"type": "http.response.body", "body": data, "more_body": True})

    head = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-cache")]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    try:
        await watch(fake.desks, event, gone.done)
    finally:
        gone.cancel()


async def left(receive: Receive) -> None:
    """Ends once the client has."""
    while (await receive())["type"] != "http.disconnect":
        continue


def connection_of(scope: Scope) -> Connection:
    """The connection itself; `ConnectionLost` where the server does not give it."""
    connection: Connection | None = scope.get("state", {}).get(TRANSPORT)
    if connection is None:
        raise ConnectionLost("the connection is lost here, as was asked for")
    return connection


def reset(connection: Connection) -> None:
    """Closing a socket that does not linger sends RST in place of FIN."""
    held = connection.get_extra_info("socket")
    if held is not None:
        with contextlib.suppress(OSError):  # the client may have left in this very moment
            held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.abort()


def _half_close(connection: Connection) -> None:
    if connection.can_write_eof():
        connection.write_eof()
    else:  # TLS knows no half of a connection
        connection.close()
