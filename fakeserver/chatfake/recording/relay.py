"""The recorder: passes a request on to the endpoint and its answer back while it flows, and writes both down.

Nothing is followed, unpacked or mended on the way. What the endpoint does to its connection is done to the client's.
"""

import asyncio
import contextlib
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from chatfake.core.api_error import BODY_TOO_LARGE, ApiError, wrong_method
from chatfake.core.asgi_connection import (
    App,
    ClientLeft,
    Receive,
    Scope,
    Sender,
    body_of,
    connection_of,
    left,
    request_of,
    reset,
)
from chatfake.core.http import Request, refusal_answer
from chatfake.handling.settings import MAX_BODY
from chatfake.recording.exchange import Exchange, Finish, RecordingError
from chatfake.recording.file_format import dump_exchange
from chatfake.recording.folder import Folder, file_stem
from chatfake.recording.hop_headers import end_to_end
from chatfake.recording.reception import Reception
from chatfake.recording.redaction import UnsearchableError, redacted_exchange
from chatfake.recording.upstream import Upstream, UpstreamConnection, upstream_of

_T = TypeVar("_T")


def _to_stderr(line: str) -> None:
    sys.stderr.write(f"{line}\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of a recorder, in bytes and seconds."""

    request: int = MAX_BODY  #: a longer one is refused with 413
    answer: int = 64 * 1024 * 1024  #: a longer one is passed on and not written down
    connect_seconds: float = 10.0
    read_seconds: float = 600.0  #: between two reads


class Recorder:
    """Writes into `folder` what `upstream`, a URL, answers: `LiveServer(recorder=Recorder(DIR, URL))`.

    `tell` gets a line for what could not be written. `RecordingError` where the folder can't be written into,
    `UpstreamError` where the URL is none.
    """

    def __init__(
        self,
        folder: str | Path,
        upstream: str | Upstream,
        *,
        limits: Limits | None = None,
        tell: Callable[[str], None] = _to_stderr,
    ) -> None:
        self.upstream = upstream if isinstance(upstream, Upstream) else upstream_of(upstream)
        self.limits = limits or Limits()
        self._folder = Folder(folder)
        self._tell = tell

    def app(self) -> App:
        """The ASGI application."""

        async def app(scope: Scope, receive: Receive, send: Sender) -> None:
            if scope["type"] != "http":
                return
            try:
                body = await body_of(receive, self.limits.request)
            except ClientLeft:
                return
            request = request_of(scope, body or b"")
            if body is None:
                await _say(send, BODY_TOO_LARGE)
            elif request.method == "CONNECT":
                await _say(send, wrong_method(request.method, request.path))
            elif request.path.startswith("/_fake"):
                await _say(send, _NOT_HERE)
            else:
                await self._relay(scope, request, receive, send)

        return app

    async def _relay(self, scope: Scope, request: Request, receive: Receive, send: Sender) -> None:
        name = self._folder.reserve(file_stem(request))
        gone = asyncio.ensure_future(left(receive))
        line: UpstreamConnection | None = None
        try:
            line = await self.upstream.connect(self.limits.connect_seconds)
            relayed = _Relayed(self, scope, request, send, gone)
            await relayed.run(line, name)
        except OSError as error:
            if line is not None:
                raise
            self._tell(f"cannot reach the endpoint: {_reason(error)}")
            await _say(send, _unreachable(self.upstream, error))
        finally:
            if line is not None:
                line.close()
            gone.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await gone

    def keep(self, name: str, exchange: Exchange) -> None:
        """Writes an exchange down, or says why not."""
        try:
            self._folder.write(name, dump_exchange(redacted_exchange(exchange)))
        except (RecordingError, UnsearchableError) as error:
            self.pass_over(name, str(error))

    def pass_over(self, name: str, reason: str) -> None:
        """Says that an exchange is not written down."""
        self._tell(f"{name} is not written: {reason}")


class _Relayed:
    """An exchange that is under way."""

    def __init__(
        self, recorder: Recorder, scope: Scope, request: Request, send: Sender, gone: "asyncio.Future[None]"
    ) -> None:
        self._recorder = recorder
        self._scope = scope
        self._request = request
        self._send = send
        self._gone = gone
        self._began = False
        self._last = b""  # it waits for the file: a client that has all of an answer finds it written
        upstream, path = recorder.upstream, scope.get("raw_path") or request.path.encode()
        self._reception = Reception(
            request.method,
            upstream.target(path.decode("latin-1"), request.query),
            upstream.headers(request),
            request.body,
            recorder.limits.answer,
        )

    async def run(self, line: UpstreamConnection, name: str) -> None:
        start = line.now()
        with contextlib.suppress(OSError):
            await self._or_gone(line.write(self._reception.request))
        finish, at = Finish.LEFT, start
        while not self._gone.done():
            try:
                read = await self._or_gone(line.read())
            except TimeoutError:
                finish, at = Finish.TIMED_OUT, line.now()
                break
            except OSError:
                finish, at = Finish.RESET, line.now()
                break
            if read is None:
                break
            at, data = read
            await self._pass_on(data, _ms(start, at))
            reception = self._reception
            is_over = reception.is_broken and (self._began or not reception.is_kept)
            if reception.is_complete or not data or is_over:
                finish = Finish.COMPLETE if reception.is_complete else Finish.CUT
                break
        if finish is Finish.LEFT:
            at = line.now()
        await self._end(name, finish, _ms(start, at))

    async def _or_gone(self, work: Coroutine[None, None, _T]) -> _T | None:
        """What the work gives; None when the client left before. Raises TimeoutError."""
        task = asyncio.ensure_future(work)
        either: set[asyncio.Future[Any]] = {task, self._gone}
        try:
            await asyncio.wait(
                either,
                timeout=self._recorder.limits.read_seconds,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if task.done():
                return task.result()
            if not self._gone.done():
                raise TimeoutError
            return None
        finally:
            task.cancel()

    async def _pass_on(self, data: bytes, ms: float) -> None:
        body = self._reception.take(data, ms)
        if self._reception.head is None:
            return
        if not self._began:
            self._began = True
            head = self._reception.head
            headers = [
                (name.encode("latin-1"), one.encode("latin-1")) for name, one in end_to_end(head.headers)
            ]
            await self._send({"type": "http.response.start", "status": head.status, "headers": headers})
        if self._reception.is_complete:
            self._last = body
        elif body:
            await self._send({"type": "http.response.body", "body": body, "more_body": True})

    async def _end(self, name: str, finish: Finish, ms: float) -> None:
        reception, recorder = self._reception, self._recorder
        if finish is Finish.TIMED_OUT and not self._began:
            await _say(self._send, _silent(recorder))
            recorder.pass_over(name, f"nothing came for {recorder.limits.read_seconds:g} seconds")
            return
        if not reception.is_kept:
            recorder.pass_over(name, f"its answer is longer than {recorder.limits.answer} bytes")
        elif finish is not Finish.LEFT or not reception.is_silent:
            exchange = Exchange(request=self._request, arrival=reception.arrival(finish, ms))
            await asyncio.to_thread(recorder.keep, name, exchange)
        if finish is Finish.COMPLETE:
            await self._send({"type": "http.response.body", "body": self._last, "more_body": False})
        elif finish is not Finish.LEFT:
            self._lose(finish)

    def _lose(self, finish: Finish) -> None:
        """Does to the client's connection what was done to ours; a head that is none is passed on as it is."""
        connection = connection_of(self._scope)
        if not self._began and self._reception.unsent:
            connection.write(self._reception.unsent)
        if finish is Finish.RESET:
            reset(connection)
        else:
            connection.close()


def _ms(start: float, at: float) -> float:
    return round(max(at - start, 0.0) * 1000, 1)


_NOT_HERE = ApiError(message="A recorder has no journal and takes no scripts.", code="recording", status=404)


def _unreachable(upstream: Upstream, error: Exception) -> ApiError:
    words = f"The recorder cannot reach {upstream.scheme}://{upstream.authority}: {_reason(error)}."
    return ApiError(message=words, type="server_error", code="upstream_unreachable", status=502)


def _silent(recorder: Recorder) -> ApiError:
    words = f"Nothing came from the endpoint for {recorder.limits.read_seconds:g} seconds."
    return ApiError(message=words, type="server_error", code="upstream_timeout", status=504)


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError) and not str(error):
        return "the connection took too long"
    return str(getattr(error, "verify_message", "") or getattr(error, "strerror", "") or error)


async def _say(send: Sender, refusal: ApiError) -> None:
    answer = refusal_answer(refusal)
    headers = [(name.encode(), value.encode()) for name, value in answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})
