# Written from httpx.py by `python tools/twins.py`: change that file, not this one.
"""The fake as a transport of `httpx2`: no socket, no thread."""

from collections.abc import AsyncIterator, Iterator

import httpx2

from chatfake.core.http import Handler, Request, VirtualClock
from chatfake.transports.playback import ConnectionLost, Head, Loss, play

_ERRORS = {
    Loss.CLOSED: httpx2.RemoteProtocolError,
    Loss.RESET: httpx2.ReadError,
    Loss.TIMED_OUT: httpx2.ReadTimeout,
}


class HandlerTransport(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """For `httpx2.Client(transport=...)` and `httpx2.AsyncClient(transport=...)`.

    Steps of an answer arrive one by one. A lost connection raises what `httpx2` raises for one; a pause passes on
    `clock` and takes no time, and one longer than the client's read timeout raises `httpx2.ReadTimeout`.
    """

    def __init__(self, handler: Handler, clock: VirtualClock | None = None) -> None:
        self._handler = handler
        self.clock = VirtualClock() if clock is None else clock

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        return self._respond(request)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        return self._respond(request)

    def _respond(self, request: httpx2.Request) -> httpx2.Response:
        timeout = request.extensions.get("timeout", {}).get("read")
        played = _translate_errors(play(self._handler(_request(request)), self.clock, timeout), request)
        head = next(played)
        if not isinstance(head, Head):
            raise TypeError("an answer begins with its head")
        return httpx2.Response(
            head.status, headers=list(head.headers), stream=_Pieces(played), request=request
        )


class _Pieces(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """The body of an answer, one piece at a time."""

    def __init__(self, played: Iterator[Head | bytes]) -> None:
        self._played = played

    def __iter__(self) -> Iterator[bytes]:
        return (piece for piece in self._played if isinstance(piece, bytes))

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece

    def close(self) -> None:
        getattr(self._played, "close", bool)()

    async def aclose(self) -> None:
        self.close()


def _translate_errors(played: Iterator[Head | bytes], request: httpx2.Request) -> Iterator[Head | bytes]:
    """The same, with the errors that a client of `httpx2` knows."""
    try:
        yield from played
    except ConnectionLost as lost:
        raise _ERRORS[lost.loss](str(lost), request=request) from lost


def _request(request: httpx2.Request) -> Request:
    return Request(
        method=request.method,
        path=request.url.path,
        query=request.url.query.decode("ascii"),
        headers=tuple((name.lower(), value) for name, value in request.headers.multi_items()),
        body=request.content,
    )
