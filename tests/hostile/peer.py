"""One connection of a hostile endpoint: the request that came, and ways to answer it which no HTTP library has."""

import asyncio
import json
import socket
import struct
from collections.abc import Callable
from typing import Any

from chatfake import Answer, Request, Send

__all__ = ["EVENTS", "JSON", "Peer"]

JSON = "application/json"
EVENTS = "text/event-stream"

_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER: what was not sent yet is thrown away, and the other side gets RST."""


class Peer:
    """`number` is 1 for the first request of a run; `stop` closes the port for those that come later."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        request: Request,
        *,
        number: int,
        usually: Callable[[Request], Answer],
        stop: Callable[[], None],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self.request = request
        self.number = number
        self._usually = usually
        self.stop = stop

    @property
    def key(self) -> str:
        """The key that the request carries; empty without one."""
        return self.request.header("authorization").removeprefix("Bearer ")

    @property
    def asked(self) -> dict[str, Any]:
        """The request's body; empty where it is no JSON object."""
        try:
            value = json.loads(self.request.body)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}

    @property
    def is_list(self) -> bool:
        """Are the models asked for?"""
        return self.request.path.endswith("/models")

    async def send(self, data: bytes | str, pause: float = 0) -> None:
        """Send something, as fast as it is taken; with a pause, byte by byte."""
        raw = data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")
        for piece in [raw] if not pause else [bytes([byte]) for byte in raw]:
            self._writer.write(piece)
            await self._writer.drain()
            if pause:
                await asyncio.sleep(pause)

    async def repeat(self, piece: bytes, pause: float = 0) -> None:
        """Send the same again and again, until the other side has enough."""
        while not self._reader.at_eof():
            await self.send(piece)
            await asyncio.sleep(pause)

    async def hang(self) -> None:
        """Send nothing until the other side leaves."""
        while await self._reader.read(65536):
            pass

    async def reset(self) -> None:
        """End the connection with RST."""
        await self._writer.drain()
        connection = self._writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self._writer.transport.abort()

    async def head(self, *lines: str, status: str = "200 OK", kind: str = JSON) -> None:
        """A head with these lines more; characters beyond ASCII as Latin-1."""
        head = [f"HTTP/1.1 {status}", f"content-type: {kind}", "connection: close", *lines, "", ""]
        await self.send("\r\n".join(head).encode("latin-1", "replace"))

    async def body(self, data: bytes | str, *lines: str, status: str = "200 OK", kind: str = JSON) -> None:
        """A whole answer."""
        raw = data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")
        await self.head(f"content-length: {len(raw)}", *lines, status=status, kind=kind)
        await self.send(raw)

    async def json(self, value: object, *lines: str, status: str = "200 OK") -> None:
        """A whole answer in JSON."""
        await self.body(json.dumps(value), *lines, status=status)

    async def usual(self) -> None:
        """What a good endpoint answers."""
        answer = self._usually(self.request)
        data = b"".join(step.data for step in answer.steps if isinstance(step, Send))
        kept = [f"{name}: {value}" for name, value in answer.headers if name not in _FRAMING]
        await self.body(data, *kept, status=f"{answer.status} -", kind=answer.header("content-type") or JSON)


_FRAMING = frozenset({"content-type", "content-length", "transfer-encoding", "connection"})
