"""What the fake knows of HTTP: a request comes in, an answer goes out step by step."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from chatfake.core.api_error import ApiError
from chatfake.core.json_text import JsonValue, dump, encode

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request, read to its end.

    `path` is percent-decoded and without the query; header names are in lower case.
    """

    method: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str:
        """The first header of that (lower case) name, or an empty string."""
        return next((value for key, value in self.headers if key == name), "")


@dataclass(frozen=True, slots=True)
class Send:
    """One write on the connection."""

    data: bytes


#: A write of one byte, for each byte: an answer of some megabytes may be as many writes.
SINGLE = tuple(Send(bytes((byte,))) for byte in range(256))


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection is closed here: nothing after it is sent, and the body stays unfinished."""


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection is reset here (RST): what the client has not read yet may be lost as well."""


@dataclass(frozen=True, slots=True)
class HalfClose:
    """Our side of the connection is closed here, and the client's stays open until it leaves."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing happens for so many seconds; infinity waits until the client leaves."""

    seconds: float


class VirtualClock:
    """Seconds that would have passed. A pause of an hour takes no time, and is seen here."""

    def __init__(self) -> None:
        self._now = 0.0
        self._lock = threading.Lock()

    @property
    def now(self) -> float:
        """Seconds that passed since the start."""
        with self._lock:
            return self._now

    def advance(self, seconds: float) -> None:
        """Lets time pass."""
        with self._lock:
            self._now += seconds


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same bytes again and again, until the client leaves."""

    data: bytes


Step = Send | Pause | Cut | Reset | HalfClose | Repeat
#: After one of these nothing is sent any more.
LOSSES = (Cut, Reset, HalfClose)


class Ending(Enum):
    """How an answer ended, seen from the connection."""

    COMPLETE = "complete"  #: the client was there to the last byte
    LEFT = "left"  #: the client closed the connection before
    LOST = "lost"  #: the answer itself ended with a loss


def unheard(_: Ending) -> None:
    """Ignores how the answer ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What happens on the connection: a head, then the steps in order.

    With a `content-length` header the body is sent under it, else the shell chooses (chunks, in HTTP/1.1). A `raw`
    answer is sent as its steps say, head and framing included, and the connection is closed after it: `status` and
    `headers` then only say what it was made from.
    """

    status: int
    headers: Headers = ()
    steps: tuple[Step, ...] = ()
    raw: bool = False
    #: Called by the shell, once.
    on_end: Callable[[Ending], None] = field(default=unheard, compare=False, repr=False)

    @property
    def body(self) -> bytes:
        """All bytes that are sent, up to the loss."""
        sent: list[bytes] = []
        for step in self.steps:
            if isinstance(step, LOSSES):
                break
            if isinstance(step, Send):
                sent.append(step.data)
        return b"".join(sent)

    @property
    def is_cut(self) -> bool:
        """Whether the connection is lost before the end."""
        return any(isinstance(step, LOSSES) for step in self.steps)

    def header(self, name: str) -> str:
        """The first header of that (lower case) name, or an empty string."""
        return next((value for key, value in self.headers if key.lower() == name), "")


#: What every shell runs: the pure core behind a function.
Handler = Callable[[Request], Answer]


# -- dicts to bytes: a JSON body, or server-sent events, one write each ---------------------------------------

JSON_TYPE = "application/json"
SSE_TYPE = "text/event-stream; charset=utf-8"
DONE = Send(b"data: [DONE]\n\n")


def body_answer(body: bytes, content_type: str, status: int = 200, headers: Headers = ()) -> Answer:
    """An answer of one body, with its content length."""
    head = (("content-type", content_type), ("content-length", str(len(body))))
    return Answer(status=status, headers=(*head, *headers), steps=(Send(body),))


def json_answer(payload: JsonValue, status: int = 200, headers: Headers = ()) -> Answer:
    """An answer of one JSON body."""
    return body_answer(encode(dump(payload)), JSON_TYPE, status, headers)


def event(text: str) -> Send:
    """One server-sent event."""
    return Send(encode(f"data: {text}\n\n"))


def named_event(name: str, text: str) -> Send:
    """One server-sent event with its name; without a name as any other."""
    return Send(encode(f"event: {name}\ndata: {text}\n\n")) if name else event(text)


def refusal_answer(refusal: ApiError, headers: Headers = ()) -> Answer:
    """An error as a plain JSON answer, for streams too."""
    return json_answer(refusal.payload, refusal.status, headers)


def empty_answer(status: int, headers: Headers = ()) -> Answer:
    """An answer without a body."""
    return Answer(status=status, headers=headers)
