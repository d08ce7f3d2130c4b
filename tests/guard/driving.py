"""Four ways to ask through a guard, and answers that come in any pieces: each library, sync and async."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

URL = "https://user:pw@api.example.com:8443/v1/chat/completions?api-version=7&key=s3cret"
JSON = "application/json"
SSE = "text/event-stream"


@dataclass
class Answer:
    """What is behind the guard: an answer in pieces, and what became of it."""

    pieces: Sequence[bytes]
    status: int = 200
    content_type: str = SSE
    coding: str = ""
    error: Exception | None = None  #: raised after the pieces
    method: str = "POST"
    url: str = URL
    request: bytes = b"{}"
    key: str = "none"
    given: int = 0  #: pieces that were taken
    closes: int = 0
    asked: int = 0

    @property
    def headers(self) -> list[tuple[str, str]]:
        coding = [("Content-Encoding", self.coding)] if self.coding else []
        return [("Content-Type", self.content_type), ("X-Kept", "yes"), *coding]

    @property
    def asking(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


@dataclass
class Reading:
    """What a caller got."""

    pieces: list[bytes] = field(default_factory=list)
    error: BaseException | None = None
    response: Any = None

    @property
    def body(self) -> bytes:
        return b"".join(self.pieces)


@dataclass(frozen=True)
class Way:
    """One library, sync or async."""

    library: str
    mode: str

    def __str__(self) -> str:
        return f"{self.library}, {self.mode}"

    @property
    def module(self) -> Any:
        return import_module(self.library)

    def guarded(self, inner: Any, **settings: Any) -> Any:
        """A guard transport."""
        guard = import_module(f"chatproof.guard.{self.library}")
        return (guard.GuardTransport if self.mode == "sync" else guard.AsyncGuardTransport)(inner, **settings)

    def client(self, transport: Any, **settings: Any) -> Any:
        module = self.module
        return (module.Client if self.mode == "sync" else module.AsyncClient)(transport=transport, **settings)

    def stream(self, answer: Answer, stop_after: int | None = None, **settings: Any) -> Reading:
        """Read the raw pieces one by one, and leave after some of them."""
        client = self.client(self.guarded(behind(self.module, answer), **settings))
        call = _stream_sync if self.mode == "sync" else _stream_async
        found = call(client, answer, stop_after)
        return found if isinstance(found, Reading) else asyncio.run(found)

    def whole(self, answer: Answer, **settings: Any) -> Reading:
        """Ask as most programs do: the client reads the body."""
        client = self.client(self.guarded(behind(self.module, answer), **settings))
        found = (_whole_sync if self.mode == "sync" else _whole_async)(client, answer)
        return found if isinstance(found, Reading) else asyncio.run(found)


WAYS = [Way(library, mode) for library in ("httpx", "httpx2") for mode in ("sync", "async")]


def behind(module: Any, answer: Answer) -> Any:
    """A transport that gives the answer."""

    class Body(module.SyncByteStream, module.AsyncByteStream):  # type: ignore[misc]  # the library is a value here
        def __iter__(self) -> Iterator[bytes]:
            for piece in answer.pieces:
                answer.given += 1
                yield piece
            if answer.error is not None:
                raise answer.error

        async def __aiter__(self) -> AsyncIterator[bytes]:
            for piece in self:
                await asyncio.sleep(0)
                yield piece

        def close(self) -> None:
            answer.closes += 1

        async def aclose(self) -> None:
            answer.closes += 1

    class Transport(module.BaseTransport, module.AsyncBaseTransport):  # type: ignore[misc]  # as above
        def handle_request(self, request: Any) -> Any:
            answer.asked += 1
            return module.Response(answer.status, headers=answer.headers, stream=Body())

        async def handle_async_request(self, request: Any) -> Any:
            return self.handle_request(request)

    return Transport()


def _stream_sync(client: Any, answer: Answer, stop_after: int | None) -> Reading:
    found = Reading()
    try:
        with (
            client,
            client.stream(
                answer.method, answer.url, content=answer.request, headers=answer.asking
            ) as response,
        ):
            found.response = response
            for piece in response.iter_raw() if stop_after != 0 else ():
                found.pieces.append(piece)
                if len(found.pieces) == stop_after:
                    break
    except Exception as error:  # noqa: BLE001 - whatever reaches the caller is what a test looks at
        found.error = error
    return found


async def _stream_async(client: Any, answer: Answer, stop_after: int | None) -> Reading:
    found = Reading()
    try:
        async with (
            client,
            client.stream(
                answer.method, answer.url, content=answer.request, headers=answer.asking
            ) as response,
        ):
            found.response = response
            if stop_after != 0:
                async for piece in response.aiter_raw():
                    found.pieces.append(piece)
                    if len(found.pieces) == stop_after:
                        break
    except Exception as error:  # noqa: BLE001 - whatever reaches the caller is what a test looks at
        found.error = error
    return found


def _whole_sync(client: Any, answer: Answer) -> Reading:
    with client:
        response = client.request(answer.method, answer.url, content=answer.request, headers=answer.asking)
        return _looked_at(response)


async def _whole_async(client: Any, answer: Answer) -> Reading:
    async with client:
        return _looked_at(
            await client.request(answer.method, answer.url, content=answer.request, headers=answer.asking)
        )


def _looked_at(response: Any) -> Reading:
    found = Reading(response=response)
    try:
        found.pieces.append(response.content)
    except Exception as error:  # noqa: BLE001 - whatever reaches the caller is what a test looks at
        found.error = error
    return found
