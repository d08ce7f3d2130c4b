"""The fake as a transport of `httpx`: no socket, no thread. `transport_httpx2` is its twin; a test holds them equal."""

from collections.abc import AsyncIterator, Iterator

import httpx

from chatfake.wire import Answer, Cut, Handler, Request


class HandlerTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """For `httpx.Client(transport=...)` and `httpx.AsyncClient(transport=...)`.

    Steps of an answer arrive one by one; a `Cut` raises `httpx.RemoteProtocolError`, as a lost connection does.
    """

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        return _response(self._handler(_request(request)), request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        return _response(self._handler(_request(request)), request)


class _Steps(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of an answer, one step at a time."""

    def __init__(self, answer: Answer, request: httpx.Request) -> None:
        self._answer = answer
        self._request = request

    def __iter__(self) -> Iterator[bytes]:
        for step in self._answer.steps:
            if isinstance(step, Cut):
                raise httpx.RemoteProtocolError(
                    "peer closed connection without sending complete message body", request=self._request
                )
            yield step.data

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for data in self:
            yield data


def _request(request: httpx.Request) -> Request:
    return Request(
        method=request.method,
        path=request.url.path,
        query=request.url.query.decode("ascii"),
        headers=tuple((name.lower(), value) for name, value in request.headers.multi_items()),
        body=request.content,
    )


def _response(answer: Answer, request: httpx.Request) -> httpx.Response:
    return httpx.Response(
        answer.status, headers=list(answer.headers), stream=_Steps(answer, request), request=request
    )
