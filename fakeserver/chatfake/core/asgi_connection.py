"""One request as an ASGI server gives it: its body, whether its client is still there, and its connection."""

import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol

from chatfake.core.http import Request

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


class ClientLeft(Exception):  # noqa: N818  what happened, not whose error it is
    """The client left before it had sent its whole request."""


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


async def left(receive: Receive) -> None:
    """Waits until the client is gone."""
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


def half_close(connection: Connection) -> None:
    """Ends what the server sends, and goes on reading."""
    if connection.can_write_eof():
        connection.write_eof()
    else:  # TLS knows no half of a connection
        connection.close()
