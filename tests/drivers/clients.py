"""Small clients in every manner of saying, for drivers: each keeps a list, and sends it with the standard library."""

import asyncio
import http.client
import json
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlsplit

from chatproof.history.model.endpoint import Endpoint


class Reply:
    """A reply that is no text, and has one."""

    def __init__(self, content: str) -> None:
        self.content = content


class Sync:
    """A list, a request, a text."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.messages: list[dict[str, Any]] = []

    def say(self, text: str) -> Any:
        return self.keep(text, "".join(self.pieces(text, stream=False)))

    def keep(self, text: str, reply: str) -> str:
        self.messages += [{"role": "user", "content": text}, {"role": "assistant", "content": reply}]
        return reply

    def pieces(self, text: str, *, stream: bool) -> Iterator[str]:
        url = urlsplit(self.endpoint.base_url)
        connection = http.client.HTTPConnection(url.netloc, timeout=20)
        system = [{"role": "system", "content": self.endpoint.system_prompt}]
        new = {"role": "user", "content": text}
        body = {"model": self.endpoint.model, "messages": [*system, *self.messages, new], "stream": stream}
        try:
            connection.request(
                "POST",
                f"{url.path}/chat/completions",
                json.dumps(body),
                {"content-type": "application/json", "authorization": "Bearer EMPTY"},
            )
            response = connection.getresponse()
            if response.status != 200:
                raise RuntimeError(f"status {response.status}")
            if not stream:
                yield json.loads(response.read())["choices"][0]["message"]["content"]
                return
            for line in response:
                if line.startswith(b"data: {"):
                    choices = json.loads(line[6:])["choices"]
                    if choices and (piece := choices[0]["delta"].get("content")):
                        yield piece
        finally:
            connection.close()


class Objects(Sync):
    """Replies are objects with `.content`."""

    def say(self, text: str) -> Any:
        return Reply(super().say(text))


class Odd(Sync):
    """Replies are tuples, in which nobody looks for a text."""

    def say(self, text: str) -> Any:
        return (super().say(text), 7)


class Silent(Sync):
    """It sends, and gives nothing back."""

    def say(self, text: str) -> Any:
        super().say(text)


class Yields(Sync):
    """A generator of pieces."""

    def say(self, text: str) -> Any:
        read: list[str] = []
        for piece in self.pieces(text, stream=True):
            read.append(piece)
            yield piece
        self.keep(text, "".join(read))


class Async(Sync):
    """A coroutine, which streams over asyncio's own sockets."""

    def say(self, text: str) -> Any:
        return self._say(text)

    async def _say(self, text: str) -> str:
        return self.keep(text, "".join([piece async for piece in self.arriving(text)]))

    async def arriving(self, text: str) -> AsyncIterator[str]:
        url = urlsplit(self.endpoint.base_url)
        new = {"role": "user", "content": text}
        body = json.dumps(
            {"model": self.endpoint.model, "messages": [*self.messages, new], "stream": True}
        ).encode()
        reader, writer = await asyncio.open_connection(url.hostname, url.port)
        try:
            head = f"POST {url.path}/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n"
            writer.write(
                head.encode() + b"connection: close\r\ncontent-type: application/json\r\n\r\n" + body
            )
            async for line in reader:
                if line.startswith(b"data: {"):
                    choices = json.loads(line[6:])["choices"]
                    if choices and (piece := choices[0]["delta"].get("content")):
                        yield piece
        finally:
            writer.close()


class AsyncYields(Async):
    """An async generator of pieces."""

    async def say(self, text: str) -> Any:
        read: list[str] = []
        async for piece in self.arriving(text):
            read.append(piece)
            yield piece
        self.keep(text, "".join(read))


class Cancellable(Sync):
    """A text at the end of a stream, which `cancel` ends from another thread."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self.ended = threading.Event()

    def say(self, text: str) -> Any:
        self.ended.clear()
        read: list[str] = []
        for piece in self.pieces(text, stream=True):
            if self.ended.is_set():
                raise RuntimeError("cancelled")
            read.append(piece)
        return self.keep(text, "".join(read))

    def cancel(self) -> None:
        self.ended.set()


class Stored(Sync):
    """It keeps its list in a file of its folder."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self.file = endpoint.home / "history.json"
        if self.file.exists():
            self.messages = json.loads(self.file.read_text())

    def keep(self, text: str, reply: str) -> str:
        super().keep(text, reply)
        self.file.write_text(json.dumps(self.messages))
        return reply


class Careless(Stored):
    """What it cannot read it writes over."""

    def __init__(self, endpoint: Endpoint) -> None:
        try:
            super().__init__(endpoint)
        except ValueError:
            self.messages = []


class Careful(Careless):
    """What it cannot read it puts aside first."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        if self.file.exists() and not self.messages:
            self.file.rename(self.file.with_suffix(".bad"))


class Adding(Careless):
    """It only ever adds to its file."""

    def keep(self, text: str, reply: str) -> str:
        Sync.keep(self, text, reply)
        with self.file.open("a") as file:
            file.write(reply)
        return reply


class Migrating(Stored):
    """Its older version wrote an object."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        stored: Any = self.messages
        if isinstance(stored, dict):
            self.messages = stored["messages"]

    def older(self) -> None:
        self.file.write_text(json.dumps({"messages": self.messages}))


class Full(Sync):
    """Everything that a client may have."""

    def again(self) -> str:
        text = self.messages[-2]["content"]
        del self.messages[-2:]
        reply: str = self.say(text)
        return reply

    def clear(self) -> None:
        self.messages = []

    def fork(self, rounds: int) -> "Full":
        branch = Full(self.endpoint)
        branch.messages = self.messages[: 2 * rounds]
        return branch

    def conversation(self, key: str) -> "Full":
        return Full(self.endpoint)

    def window(self, n: int) -> None:
        del self.messages[: max(len(self.messages) - n, 0)]

    def stream(self, text: str) -> Iterator[str]:
        read: list[str] = []
        for piece in self.pieces(text, stream=True):
            read.append(piece)
            yield piece
        self.keep(text, "".join(read))

    def from_messages(self, messages: list[dict[str, Any]]) -> "Full":
        made = Full(self.endpoint)
        made.messages = messages  # the caller's own list: it grows
        return made

    def restart(self) -> None:
        return None
