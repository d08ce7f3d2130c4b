"""The fake as an ASGI application: three routes need no toolkit."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol

from chatfake.fake import Fake
from chatfake.framing import refusal_answer
from chatfake.refusal import BODY_TOO_LARGE
from chatfake.wire import Answer, Cut, Request

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Sender = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Sender], Awaitable[None]]

#: Where a server may leave a way to lose the connection; see `chatfake.protocol`.
TRANSPORT = "chatfake.transport"
#: A body past the limit is read and thrown away up to so many times the limit, so the client hears the 413.
DRAIN = 8


class Closable(Protocol):
    """What is asked of a transport."""

    def close(self) -> None: ...


class ConnectionLost(Exception):  # noqa: N818  what happened, not whose error it is
    """Raised by the application for a `Cut` on a server that gave no way to lose a connection."""


def asgi_app(fake: Fake) -> App:
    """The application, for any ASGI server or test client."""

    async def app(scope: Scope, receive: Receive, send: Sender) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            body = await _body(receive, fake.house.max_body)
            answer = refusal_answer(BODY_TOO_LARGE) if body is None else fake.answer(_request(scope, body))
            await _send(answer, scope, receive, send)

    return app


async def _lifespan(receive: Receive, send: Sender) -> None:
    while (await receive())["type"] != "lifespan.shutdown":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})


async def _body(receive: Receive, limit: int) -> bytes | None:
    """The whole body; None when it is longer than the limit."""
    pieces: list[bytes] = []
    length = 0
    more = True
    while more and length <= limit * DRAIN:
        message = await receive()
        piece = message.get("body", b"")
        length += len(piece)
        if length <= limit:
            pieces.append(piece)
        more = message.get("more_body", False)
    return b"".join(pieces) if length <= limit else None


def _request(scope: Scope, body: bytes) -> Request:
    headers = ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"])
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=scope.get("query_string", b"").decode("latin-1"),
        headers=tuple(headers),
        body=body,
    )


async def _send(answer: Answer, scope: Scope, receive: Receive, send: Sender) -> None:
    head = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": head})
    for step in answer.steps:
        if isinstance(step, Cut):
            await _lose(scope, receive)
            return
        await send({"type": "http.response.body", "body": step.data, "more_body": True})
        # `send` does not yield while the socket takes bytes: without this, other connections wait for a long
        # stream to end
        await asyncio.sleep(0)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _lose(scope: Scope, receive: Receive) -> None:
    transport: Closable | None = scope.get("state", {}).get(TRANSPORT)
    if transport is None:
        raise ConnectionLost("the connection is lost here, as was asked for")
    transport.close()
    while (await receive())["type"] != "http.disconnect":
        continue
