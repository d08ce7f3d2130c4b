"""What reached the fake, in order, as far back as memory allows."""

import threading
from collections import deque
from dataclasses import dataclass

from chatfake.jsontext import JsonObject, JsonValue
from chatfake.wire import Headers

MAX_REQUESTS = 1_000
MAX_BYTES = 64 * 1024 * 1024

_SECRET = ("authorization", "proxy-authorization", "api-key", "x-api-key", "cookie")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One request and what became of it. Secrets in headers are replaced by `***`."""

    method: str
    #: Without `/key/KEY`, `/scenario/NAME` and `/v1`.
    path: str
    query: str
    headers: Headers
    #: The bytes of the body.
    body: bytes
    #: The parsed body; None when it was no JSON.
    json: JsonValue
    status: int
    #: The plan that answered (`text`, `script`, `unicode+stream-cut`), empty when none did.
    scenario: str
    #: A clause: "whose answer had no choices".
    outcome: str

    @property
    def messages(self) -> tuple[JsonObject, ...]:
        """The messages of a chat request; empty for any other."""
        messages = self.json.get("messages") if isinstance(self.json, dict) else None
        return tuple(one for one in messages if isinstance(one, dict)) if isinstance(messages, list) else ()


def redacted(headers: Headers) -> Headers:
    """The headers with their secrets replaced; a scheme (`Bearer`) stays."""
    return tuple((name, _masked(value) if name in _SECRET else value) for name, value in headers)


def _masked(value: str) -> str:
    scheme, space, _ = value.partition(" ")
    return f"{scheme} ***" if space and scheme.lower() in ("bearer", "basic") else "***"


class Journal:
    """A bounded list that threads may write and read at once; the oldest entries go first."""

    def __init__(self, max_requests: int = MAX_REQUESTS, max_bytes: int = MAX_BYTES) -> None:
        self._entries: deque[Recorded] = deque()
        self._bytes = 0
        self._max_requests = max_requests
        self._max_bytes = max_bytes
        self._lock = threading.Lock()

    def add(self, entry: Recorded) -> None:
        """Writes an entry down, and forgets the oldest ones past the bounds; the newest always stays."""
        with self._lock:
            self._entries.append(entry)
            self._bytes += len(entry.body)
            while len(self._entries) > self._max_requests or (
                self._bytes > self._max_bytes and len(self._entries) > 1
            ):
                self._bytes -= len(self._entries.popleft().body)

    @property
    def entries(self) -> tuple[Recorded, ...]:
        """All entries, the oldest first."""
        with self._lock:
            return tuple(self._entries)

    def clear(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._entries.clear()
            self._bytes = 0
