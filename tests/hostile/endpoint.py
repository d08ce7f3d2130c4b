"""A hostile endpoint on loopback, of one kind, for one run."""

import asyncio
import ssl
import threading
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import cache
from urllib.parse import unquote, urlsplit

import trustme

from chatfake import Fake, Request
from tests.hostile.kind import Kind
from tests.hostile.peer import Peer

__all__ = ["endpoint", "serving"]


@asynccontextmanager
async def endpoint(kind: Kind, *, inside: bool = False) -> AsyncGenerator[str]:
    """The endpoint, its URL in hand. `inside`: the models and the plain request are answered well."""
    fake = Fake(models=("tiny",), clock=time.time)
    state = _State()
    connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connections[task] = writer
        try:
            with suppress(OSError, EOFError, ValueError):  # the other side may go away at any moment
                request = await _request(reader) if kind.reads else Request(method="", path="")
                peer = Peer(
                    reader, writer, request, number=state.number(), usually=fake.answer, stop=server.close
                )
                await (peer.usual() if inside and state.is_plain(peer) else kind.does(peer))
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
            del connections[task]

    context = _untrusted() if kind.certified else None
    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context, limit=2**20)
    address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    if not kind.listens:
        server.close()
    try:
        yield kind.url.format(address=address)
    finally:
        server.close()
        tasks = tuple(connections)
        for writer in connections.values():
            writer.transport.abort()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def serving(kind: Kind, *, inside: bool = False) -> Generator[str]:
    """The same, in a thread."""
    ready = threading.Event()
    loop = asyncio.new_event_loop()
    over = asyncio.Event()
    urls: list[str] = []

    async def serve() -> None:
        async with endpoint(kind, inside=inside) as url:
            urls.append(url)
            ready.set()
            await over.wait()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait()
    try:
        yield urls[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()


class _State:
    """What the endpoint remembers of a run."""

    def __init__(self) -> None:
        self._count = 0
        self._plain: bytes | None = None

    def number(self) -> int:
        self._count += 1
        return self._count

    def is_plain(self, peer: Peer) -> bool:
        """Is it what a run begins with?"""
        if peer.request.method == "GET":
            return peer.is_list
        self._plain = self._plain or peer.request.body
        return peer.request.body == self._plain


async def _request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines)
    headers = tuple((name.lower(), value.strip()) for name, _, value in pairs)
    length = next((int(value) for name, value in headers if name == "content-length"), 0)
    body = await reader.readexactly(length)
    return Request(method=method, path=unquote(urlsplit(target).path), headers=headers, body=body)


@cache
def _untrusted() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    return context
