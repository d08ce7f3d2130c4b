"""The fake as a transport of `httpx2`: no socket, no thread. `transport_httpx` is its twin; a test holds them equal."""

from collections.abc import AsyncIterator, Iterator

import httpx2

from chatfake.wire import Answer, Cut, Handler, Request


class HandlerTransport(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """For `httpx2.Client(transport=...)` and `httpx2.AsyncClient(transport=...)`.

    Steps of an answer arrive one by one; a `Cut` raises `httpx2.RemoteProtocolError`, as a lost connection does.
    """

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        return _response(self._handler(_request(request)), request)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        return _response(self._handler(_request(request)), request)


class _Steps(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """The body of an answer, one step at a time."""

    def __init__(self, answer: Answer, request: httpx2.Request) -> None:
        self._answer = answer
        self._request = request

    def __iter__(self) -> Iterator[bytes]:
        for step in self._answer.steps:
            if isinstance(step, Cut):
                raise httpx2.RemoteProtocolError(
                    "peer closed connection without sending complete message body", request=self._request
                )
            yield step.data

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for data in self:
            yield data


def _request(request: httpx2.Request) -> Request:
    return Request(
        method=request.method,
        path=request.url.path,
        query=request.url.query.decode("ascii"),
        headers=tuple((name.lower(), value) for name, value in request.headers.multi_items()),
        body=request.content,
    )


def _response(answer: Answer, request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(
        answer.status, headers=list(answer.headers), stream=_Steps(answer, request), request=request
    )
