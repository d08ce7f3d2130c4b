"""The fake as an ASGI application: a table of routes needs no toolkit."""

import asyncio
import contextlib
import math

from chatfake.core.api_error import BODY_TOO_LARGE
from chatfake.core.asgi_connection import (
    App,
    ClientLeft,
    Connection,
    Receive,
    Scope,
    Sender,
    body_of,
    connection_of,
    half_close,
    left,
    request_of,
    reset,
)
from chatfake.core.http import (
    LOSSES,
    Answer,
    Cut,
    Ending,
    HalfClose,
    Pause,
    Repeat,
    Request,
    Reset,
    Send,
    refusal_answer,
)
from chatfake.fake import Fake
from chatfake.handling.long_poll import EVENTS, WAIT, wait_for_requests, watch
from chatfake.handling.request_context import address_of


def asgi_app(fake: Fake) -> App:
    """The application, for any ASGI server or test client."""

    async def app(scope: Scope, receive: Receive, send: Sender) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            try:
                body = await body_of(receive, fake.settings.max_body)
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
            await send_answer(answer, scope, receive, send)

    return app


def _waits(fake: Fake, request: Request, path: str) -> bool:
    """What waits is answered here; several workers, and other methods, get the core's refusal."""
    return fake.settings.workers == 1 and request.method == "GET" and address_of(request).path == path


async def _lifespan(receive: Receive, send: Sender) -> None:
    while (await receive())["type"] != "lifespan.shutdown":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})


async def send_answer(answer: Answer, scope: Scope, receive: Receive, send: Sender) -> None:
    """Sends an answer step by step, and says how it ended."""
    gone = asyncio.ensure_future(left(receive))
    sender = _RawAnswer(connection_of(scope)) if answer.raw else _FramedAnswer(answer, send)
    try:
        ending = await _perform(answer, sender, gone, scope)
        # before anything is waited for, or a quick client's next request would come before this one has ended
        answer.on_end(ending)
    finally:
        gone.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await gone


async def _perform(
    answer: Answer, sender: "_FramedAnswer | _RawAnswer", gone: "asyncio.Future[None]", scope: Scope
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
                half_close(connection_of(scope))
        if isinstance(step, LOSSES):
            await gone
            return Ending.LOST
    if gone.done():
        return Ending.LEFT
    await sender.end()
    if answer.raw:
        await gone
    return Ending.COMPLETE


class _FramedAnswer:
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


class _RawAnswer:
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
        return await wait_for_requests(fake.sessions, query, gone.done)
    finally:
        gone.cancel()


async def _watched(fake: Fake, receive: Receive, send: Sender) -> None:
    """Sends the page the events of all changes, until it leaves."""
    gone = asyncio.ensure_future(left(receive))

    async def event(data: bytes) -> None:
        await send({"type": "http.response.body", "body": data, "more_body": True})

    head = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-cache")]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    try:
        await watch(fake.sessions, event, gone.done)
    finally:
        gone.cancel()
