"""What a client saw of an answer, and a recorder to ask through."""

import json
import queue
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from chatfake import LiveServer, Recorder
from chatfake.recording.exchange import Exchange
from chatfake.recording.hop_headers import end_to_end
from chatfake.recording.relay import Limits

KEY = "sk-live-0123456789abcdef"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Status, headers but those of the connection, the body's bytes as they were coded, and how it broke."""

    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    broken: str = ""


def seen(client: httpx.Client, body: Any, **options: Any) -> Seen:
    """Asks for a chat completion, and follows and unpacks nothing."""
    status, pieces, broken = 0, list[bytes](), ""
    headers: tuple[tuple[str, str], ...] = ()
    try:
        with client.stream("POST", "/v1/chat/completions", json=body, **options) as response:
            status = response.status_code
            raw = [(name.decode(), value.decode()) for name, value in response.headers.raw]
            headers = end_to_end(tuple(raw))
            pieces.extend(response.iter_raw())
    except httpx.TransportError as error:
        broken = type(error).__name__
    return Seen(status=status, headers=headers, body=b"".join(pieces), broken=broken)


@contextmanager
def client_of(server: LiveServer, **options: Any) -> Generator[httpx.Client]:
    """A client that keeps its connections and says a key."""
    url = server.base_url.removesuffix("/v1")
    with httpx.Client(base_url=url, headers={"authorization": f"Bearer {KEY}"}, **options) as client:
        yield client


@contextmanager
def recording(folder: Path, upstream: str, said: list[str], **limits: Any) -> Generator[LiveServer]:
    """A recorder in front of an endpoint; what it has to say comes into the list."""
    recorder = Recorder(folder, upstream, tell=said.append, limits=Limits(**limits))
    with LiveServer(recorder=recorder) as server:
        yield server


class Watched(Recorder):
    """A recorder that says which file it wrote: a client that gives up does not wait for that."""

    def __init__(self, folder: Path, upstream: str) -> None:
        super().__init__(folder, upstream)
        self._folder_path = folder
        self._names: queue.Queue[str] = queue.Queue()

    def keep(self, name: str, exchange: Exchange) -> None:
        super().keep(name, exchange)
        self._names.put(name)

    @property
    def newest(self) -> Path:
        """The next file, once it is written."""
        return self._folder_path / self._names.get(timeout=10)


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json"))


def written(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


@contextmanager
def endpoint(*reads: bytes) -> Generator[tuple[str, list[bytes]]]:
    """A socket that answers each connection with the next of these bytes, and closes it; what it was asked."""
    listener = socket.create_server(("127.0.0.1", 0))
    asked: list[bytes] = []

    def serve() -> None:
        for read in reads:
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(10)
                head = b""
                while b"\r\n\r\n" not in head:
                    head += connection.recv(65_536)
                start, _, rest = head.partition(b"\r\n\r\n")
                lengths = [
                    int(line.split(b":")[1])
                    for line in start.split(b"\r\n")
                    if line.lower().startswith(b"content-length")
                ]
                while len(rest) < sum(lengths):
                    rest += connection.recv(65_536)
                asked.append(start + b"\r\n\r\n" + rest)
                connection.sendall(read)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", asked
    finally:
        thread.join(10)
        listener.close()
