"""What reached the fake, in order, as far back as memory allows."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from chatfake.core.http import Answer, Ending, Headers, Send
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.responses.messages import messages_of

MAX_REQUESTS = 1_000
MAX_BYTES = 64 * 1024 * 1024
#: Bytes of one parsed value beside its text: a list of empty lists takes twenty times what its text does.
VALUE = 64
_BETWEEN_VALUES = (b",", b"[", b"{")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One request and what became of it. Secrets in headers and in the query are replaced by `***`."""

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
    #: Counts from 1 within its journal.
    number: int = 0
    #: Seconds of the fake's stopwatch.
    arrived: float = 0.0
    #: The same for the end of the answer; None while it is under way.
    finished: float | None = None
    #: How the answer ended; None while it is under way.
    ending: Ending | None = None
    #: What was answered.
    answer: Answer | None = None

    @property
    def messages(self) -> tuple[JsonObject, ...]:
        """The messages of a chat request, those that the items of a response's are; empty for any other."""
        if not isinstance(self.json, dict):
            return ()
        messages = self.json.get("messages")
        if messages is None and self.path == "/responses":
            return messages_of(self.json)
        return tuple(one for one in messages if isinstance(one, dict)) if isinstance(messages, list) else ()

    def header(self, name: str) -> str:
        """The first header of that (lower case) name, or an empty string."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def size(self) -> int:
        """Bytes that the entry keeps in memory, nearly."""
        steps = () if self.answer is None else self.answer.steps
        values = 0 if self.json is None else sum(map(self.body.count, _BETWEEN_VALUES))
        return (
            len(self.body) + values * VALUE + sum(len(step.data) for step in steps if isinstance(step, Send))
        )


class Journal:
    """A bounded list that threads may write and read at once; the oldest entries go first.

    `changed` is called, outside the lock, after each change.
    """

    def __init__(
        self,
        max_requests: int = MAX_REQUESTS,
        max_bytes: int = MAX_BYTES,
        changed: Callable[[], object] = bool,
    ) -> None:
        self._entries: deque[Recorded] = deque()
        self._bytes = 0
        self._count = 0
        self._max_requests = max_requests
        self._max_bytes = max_bytes
        self._changed = threading.Condition()
        self._tell = changed

    def add(self, entry: Recorded) -> int:
        """Writes an entry down and gives it its number; forgets the oldest past the bounds, never the newest."""
        with self._changed:
            self._count += 1
            self._entries.append(replace(entry, number=self._count))
            self._bytes += entry.size
            while len(self._entries) > self._max_requests or (
                self._bytes > self._max_bytes and len(self._entries) > 1
            ):
                self._bytes -= self._entries.popleft().size
            self._changed.notify_all()
            number = self._count
        self._tell()
        return number

    def finish(self, number: int, ending: Ending, at: float) -> None:
        """Says how the answer of an entry ended, if it is still remembered."""
        with self._changed:
            if not self._entries:
                return
            place = number - self._entries[0].number
            if 0 <= place < len(self._entries):
                self._entries[place] = replace(self._entries[place], ending=ending, finished=at)
                self._changed.notify_all()
        self._tell()

    @property
    def entries(self) -> tuple[Recorded, ...]:
        """All entries, the oldest first."""
        with self._changed:
            return tuple(self._entries)

    @property
    def count(self) -> int:
        """How many were ever written."""
        with self._changed:
            return self._count

    def wait(self, enough: Callable[[tuple[Recorded, ...]], bool], seconds: float) -> bool:
        """Waits until the entries are enough; False when they are not within so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: enough(tuple(self._entries)), timeout=seconds)

    def clear(self) -> None:
        """Forgets everything; numbers go on."""
        with self._changed:
            self._entries.clear()
            self._bytes = 0
        self._tell()
