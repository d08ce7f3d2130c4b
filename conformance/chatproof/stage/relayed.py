"""One answer of the endpoint behind a relay, passed on as it comes."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx

from chatfake.core.asgi_connection import Receive, Scope, Sender, connection_of, left, reset
from chatfake.core.http import Ending
from chatproof.history.model.plan import Answer
from chatproof.stage.recognising import Received, recognised
from chatproof.stage.source import Ended
from chatproof.stage.upstream import Upstream

__all__ = ["Relayed", "Tally"]

_MOST_BODY = 32 * 1024 * 1024
"""Bytes of an answer; what is longer is cut."""

_MOST_REFUSAL = 256 * 1024

_ATTEMPTS = 2
"""To connect: one that is busy may have no room for a moment."""

_KEPT_HEADERS = ("content-type", "retry-after", "retry-after-ms", "x-should-retry")

_REFUSED = 400

_EXCERPT = 200


@dataclass(slots=True)
class Tally:
    """How the endpoint has answered: `trouble` is what became of it, empty while it is there."""

    answers: int = 0
    refused: int = 0
    first: str = ""
    trouble: str = ""

    def tell(self, sentence: str) -> None:
        """What comes later is only the consequence."""
        self.trouble = self.trouble or sentence

    def count(self, status: int, excerpt: bytes) -> None:
        """One more answer."""
        self.answers += 1
        if status >= _REFUSED:
            self.refused += 1
            self.first = self.first or f"HTTP {status}: {excerpt[:_EXCERPT].decode('utf-8', 'replace')}"

    def __str__(self) -> str:
        if not self.refused:
            return ""
        return f"of {self.answers} plain requests the endpoint refused {self.refused}, the first with {self.first}"


@dataclass(slots=True, kw_only=True, eq=False)
class Relayed:
    """A `Source`. Nothing is kept back: what the endpoint has sent is with the client before the next piece is read."""

    upstream: Upstream
    http: httpx.AsyncClient
    tally: Tally
    route: str
    request: httpx.Request
    offers_tools: bool
    status: int = 0
    content_type: str = ""
    _whole: bool = False
    _size: int = 0
    _headers: list[tuple[bytes, bytes]] = field(default_factory=list[tuple[bytes, bytes]])

    def _received(self, data: bytes) -> Received:
        return Received(
            route=self.route,
            status=self.status,
            content_type=self.content_type,
            data=data,
            whole=self._whole and len(data) >= self._size,
            offers_tools=self.offers_tools,
        )

    def answer(self, data: bytes, ending: Ending | None) -> Answer:
        """What the bytes say. Where the client was the first to go, or it is still under way, what there was of it."""
        received = self._received(data)
        if self._is_left(received, ending):
            return Answer(text=recognised(received).text)
        return recognised(received)

    def is_left(self, data: bytes, pieces: int, ending: Ending | None) -> bool:
        """Whether the client did not wait for the end."""
        del pieces
        return self._is_left(self._received(data), ending)

    def _is_left(self, received: Received, ending: Ending | None) -> bool:
        return not received.is_over and (self._whole or ending in (None, Ending.LEFT))

    def has_more(self, data: bytes, pieces: int) -> bool:
        """A stream has, until it says that it has not; a body came at once."""
        del pieces
        received = self._received(data)
        return received.is_stream and not received.is_over

    async def play(self, scope: Scope, receive: Receive, send: Sender, ended: Ended) -> None:
        """Until the endpoint has said everything, or the client is gone."""
        gone = asyncio.ensure_future(left(receive))
        work = asyncio.ensure_future(self._pass_on(send))
        try:
            await asyncio.wait({gone, work}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                ended(Ending.LEFT)
            elif await work:
                ended(Ending.COMPLETE)
            else:
                reset(connection_of(scope))
                await gone
                ended(Ending.LOST)
        finally:
            gone.cancel()
            work.cancel()

    async def _pass_on(self, send: Sender) -> bool:
        """Whether it came to an end."""
        try:
            response = await self._opened()
        except httpx.HTTPError:
            return False
        try:
            self._headed(response)
            pieces = response.aiter_raw()
            if self.status >= _REFUSED:
                pieces = self._without_secrets(pieces)
            else:
                self.tally.count(self.status, b"")
            await self._send_all(pieces, send)
        except httpx.HTTPError:
            return False
        finally:
            await response.aclose()
        return self._whole

    async def _opened(self) -> httpx.Response:
        for attempt in itertools.count(1):
            try:
                return await self.http.send(self.request, stream=True)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if attempt == _ATTEMPTS:
                    self.tally.tell(f"nobody answers at {self.upstream.base_url} any more")
                    raise
        raise AssertionError("unreachable")

    def _headed(self, response: httpx.Response) -> None:
        """Take over the head.

        Raises:
            httpx.HTTPError: what follows cannot be passed on.
        """
        where = self.request.url
        if 300 <= response.status_code < _REFUSED:
            self.tally.tell(
                f"{where} points elsewhere (HTTP {response.status_code}), which is not followed, for the key would"
                " go with it"
            )
            raise httpx.RemoteProtocolError("a redirect")
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            self.tally.tell(f"{where} compresses its answers, though it is asked not to")
            raise httpx.DecodingError("a compressed body")
        self.status = response.status_code
        self.content_type = response.headers.get("content-type", "").lower()
        self._headers = [
            (name.encode(), value.encode("latin-1", "replace"))
            for name in _KEPT_HEADERS
            for value in response.headers.get_list(name)
        ]

    async def _send_all(self, pieces: AsyncIterator[bytes], send: Sender) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self._headers})
        async for piece in pieces:
            self._size += len(piece)
            if self._size > _MOST_BODY:
                return
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        self._whole = True
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _without_secrets(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """A refusal, which is short, in one piece."""
        body = b""
        async for piece in pieces:
            body += piece
            if len(body) > _MOST_REFUSAL:
                break
        body = self.upstream.without_secrets(body)
        self.tally.count(self.status, body)
        yield body
