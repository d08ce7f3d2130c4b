"""The guard as transports of `httpx`."""

import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Iterator
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
from anyio import to_thread

from chatproof.guard.guard import LIMIT, Guard, GuardedExchange
from chatproof.guard.observation import ANSWERS, Side
from chatproof.guard.on_violation import Reaction, raise_must
from chatproof.guard.stream_observer import HEAVY, StreamObserver
from chatproof.probe.route import Route

__all__ = ["AsyncGuardTransport", "GuardTransport"]

FoundT = TypeVar("FoundT")


class GuardTransport(httpx.BaseTransport):
    """For `httpx.Client(transport=...)`: judges what passes through `transport`, by default a new `HTTPTransport`.

    `on_violation` is called with each observation as soon as there is one. `judged` says which bodies are looked at
    (`ANSWERS`, `REQUESTS`, `EXCHANGES`), `routes` names more routes than the known ones, and a body of more than
    `limit` bytes is handed on without a judgement.
    """

    def __init__(
        self,
        transport: httpx.BaseTransport | None = None,
        *,
        on_violation: Reaction = raise_must,
        judged: frozenset[Side] = ANSWERS,
        routes: Iterable[Route] = (),
        limit: int = LIMIT,
    ) -> None:
        self._transport = httpx.HTTPTransport() if transport is None else transport
        self._guard = Guard(on_violation=on_violation, judged=judged, routes=tuple(routes), limit=limit)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        exchange = _exchange(self._guard, request)
        response = self._transport.handle_request(request)
        watch = _watch(exchange, response)
        if watch is None or not isinstance(response.stream, httpx.SyncByteStream):
            return response
        return _Answer(response, _Stream(response.stream, watch), watch)

    def close(self) -> None:
        self._transport.close()

    def __enter__(self) -> Self:
        self._transport.__enter__()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self._transport.__exit__(exc_type, exc_value, traceback)


class AsyncGuardTransport(httpx.AsyncBaseTransport):
    """The same for `httpx.AsyncClient(transport=...)`, with a new `AsyncHTTPTransport` by default."""

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        on_violation: Reaction = raise_must,
        judged: frozenset[Side] = ANSWERS,
        routes: Iterable[Route] = (),
        limit: int = LIMIT,
    ) -> None:
        self._transport = httpx.AsyncHTTPTransport() if transport is None else transport
        self._guard = Guard(on_violation=on_violation, judged=judged, routes=tuple(routes), limit=limit)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        exchange = await _in_thread(
            lambda: _exchange(self._guard, request), is_heavy=_is_heavy(self._guard, request)
        )
        response = await self._transport.handle_async_request(request)
        watch = _watch(exchange, response)
        if watch is None or not isinstance(response.stream, httpx.AsyncByteStream):
            return response
        return _Answer(response, _AsyncStream(response.stream, watch), watch)

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self._transport.__aexit__(exc_type, exc_value, traceback)


class _Answer(httpx.Response):
    """An answer whose body is watched.

    `read` is the client's own, inside `send`, where whatever is raised looks like a broken connection: the openai
    SDK would ask again. So what the body broke is raised when it is looked at, as `content`, `text` or `json()`.
    """

    def __init__(
        self,
        response: httpx.Response,
        stream: httpx.SyncByteStream | httpx.AsyncByteStream,
        watch: StreamObserver,
    ) -> None:
        super().__init__(
            response.status_code,
            headers=response.headers,
            stream=stream,
            extensions=response.extensions,
            default_encoding=response.default_encoding,
        )
        self._watch = watch

    @property
    def content(self) -> bytes:
        self._watch.speak_up()
        return super().content

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        self._watch.speak_up()  # of a body that was read before; lines and text come from here, too
        return super().iter_bytes(chunk_size)

    def aiter_bytes(
        self, chunk_size: int | None = None
    ) -> Any:  # an iterator in one library, a generator in the other
        self._watch.speak_up()
        return super().aiter_bytes(chunk_size)

    def read(self) -> bytes:
        with self._watch.held_back():
            return super().read()

    async def aread(self) -> bytes:
        with self._watch.held_back():
            return await super().aread()

    def close(self) -> None:
        super().close()
        self._watch.closed()

    async def aclose(self) -> None:
        await super().aclose()
        self._watch.closed()


class _Stream(httpx.SyncByteStream):
    """A body on its way."""

    def __init__(self, stream: httpx.SyncByteStream, watch: StreamObserver) -> None:
        self._stream = stream
        self._watch = watch
        self._closed = False

    def __iter__(self) -> Iterator[bytes]:
        try:
            for data in self._stream:
                yield from self._watch.pass_on(data)
        except Exception:
            self._watch.fail()
            raise
        self._watch.end()

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            try:
                self._stream.close()
            finally:
                self._watch.leave(sys.exc_info()[1])


class _AsyncStream(httpx.AsyncByteStream):
    """A body on its way."""

    def __init__(self, stream: httpx.AsyncByteStream, watch: StreamObserver) -> None:
        self._stream = stream
        self._watch = watch
        self._closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        parts = self._stream.__aiter__()
        try:
            async for data in parts:
                heavy = self._watch.is_heavy(data)
                next_piece = partial(_next, self._watch.pass_on(data))
                while (piece := await _in_thread(next_piece, is_heavy=heavy)) is not None:
                    yield piece
        except Exception:
            self._watch.fail()
            raise
        finally:
            if isinstance(parts, AsyncGenerator):  # a caller that stops early leaves it in the middle
                await parts.aclose()
        await _in_thread(self._watch.end, is_heavy=self._watch.is_heavy())

    async def aclose(self) -> None:
        if not self._closed:
            self._closed = True
            try:
                await self._stream.aclose()
            finally:
                leave = partial(self._watch.leave, sys.exc_info()[1])
                await _in_thread(leave, is_heavy=self._watch.is_heavy())


async def _in_thread(judge: Callable[[], FoundT], *, is_heavy: bool) -> FoundT:
    """Run it here where it is soon done, and beside the event loop where it may not be."""
    return await to_thread.run_sync(judge) if is_heavy else judge()


def _next(pieces: Iterator[bytes]) -> bytes | None:
    return next(pieces, None)


def _is_heavy(guard: Guard, request: httpx.Request) -> bool:
    try:
        return Side.REQUEST in guard.judged and len(request.content) > HEAVY
    except httpx.RequestNotRead:
        return False


def _exchange(guard: Guard, request: httpx.Request) -> GuardedExchange | None:
    exchange = guard.exchange(request.method, str(request.url), request.headers.multi_items())
    if exchange is not None:
        try:
            exchange.asked(request.content)
        except httpx.RequestNotRead:
            exchange.asked(None)
    return exchange


def _watch(exchange: GuardedExchange | None, response: httpx.Response) -> StreamObserver | None:
    if exchange is None:
        return None
    headers = response.headers
    return exchange.answered(
        response.status_code, headers.get("content-type", ""), headers.get("content-encoding", "")
    )
