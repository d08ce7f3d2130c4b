"""An answer as its client meets it: when each event of a stream comes, and how the connection ends.

Offsets are those that the answer's pauses give; what a network adds is not known.
"""

import math
import re
import zlib
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from chatfake.core.http import LOSSES, Answer, Cut, HalfClose, Repeat, Reset, VirtualClock, unheard
from chatfake.core.json_text import JsonError, JsonValue, parse
from chatfake.inspector.pieces import Piece, pieces_of
from chatfake.inspector.said import Said, said_in
from chatfake.transports.playback import ConnectionLost, Head, Loss, play

__all__ = ["Moment", "Seen", "seen"]

#: Bytes of a body that are read, and moments that are told of.
LONGEST_BODY = 8 * 1024 * 1024
MOST_MOMENTS = 5_000
#: Times that bytes without end are shown.
REPEATS = 3

_BLANK_LINE = re.compile(rb"(?>\r\n|\n|\r){2}")
_LOSSES = {Cut: "cut", Reset: "reset", HalfClose: "half-close"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """`kind`: event, done, comment, blank, unfinished; and of the connection: cut, reset, half-close, stall,
    repeat, broken.
    """

    at: float  #: seconds after the answer began
    kind: str
    text: str = ""  #: as it was sent
    name: str = ""  #: of the event
    data: str = ""
    garbled: bool = False  #: the data is no JSON
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What came back. `moments` are empty for a body that is no stream, but for a loss."""

    status: int | None  #: None: the connection was lost before
    body: bytes
    streamed: bool
    moments: tuple[Moment, ...]
    said: Said
    seconds: float  #: to the last byte


def seen(answer: Answer, until: float = math.inf) -> Seen:
    """Plays the answer on a clock of its own; `until` so many seconds, for a client that left then."""
    clock = VirtualClock()
    head: Head | None = None
    pieces: list[bytes] = []
    times: list[float] = []
    ending = ""
    try:
        for one in _bounded(answer, clock):
            if isinstance(one, Head):
                head = one
                continue
            if clock.now > until:
                break
            pieces.append(one)
            times.append(clock.now)
    except ConnectionLost as lost:
        ending = "stall" if lost.loss is Loss.TIMED_OUT else _loss_in(answer)
    if not ending and any(isinstance(step, Repeat) for step in answer.steps):
        ending = "repeat"
    last = (Moment(at=clock.now, kind=ending),) if ending else ()
    body = _decoded(b"".join(pieces), head)
    streamed = head is not None and _header(head, "content-type").startswith("text/event-stream")
    moments = tuple(_events(body, pieces, times)) if streamed else ()
    return Seen(
        status=None if head is None else head.status,
        body=body,
        streamed=streamed,
        moments=(*moments, *last),
        said=said_in(piece for moment in moments for piece in moment.pieces) if streamed else _said(body),
        seconds=clock.now,
    )


def _bounded(answer: Answer, clock: VirtualClock) -> Iterator[Head | bytes]:
    size = repeated = 0
    endless = {step.data for step in answer.steps if isinstance(step, Repeat)}
    for one in play(replace(answer, on_end=unheard), clock, None):
        yield one
        if isinstance(one, bytes):
            size += len(one)
            repeated += one in endless
        if size > LONGEST_BODY or repeated >= REPEATS:
            return


def _loss_in(answer: Answer) -> str:
    found = next((step for step in answer.steps if isinstance(step, LOSSES)), None)
    return "broken" if found is None else _LOSSES[type(found)]


def _header(head: Head, name: str) -> str:
    return next((value for key, value in head.headers if key.lower() == name), "")


def _decoded(body: bytes, head: Head | None) -> bytes:
    if head is None or _header(head, "content-encoding") != "gzip":
        return body
    try:
        return zlib.decompressobj(wbits=31).decompress(body, LONGEST_BODY)
    except zlib.error:
        return body


def _said(body: bytes) -> Said:
    try:
        return said_in(pieces_of(parse(body.removeprefix(b"\xef\xbb\xbf"))))
    except JsonError:
        return Said()


def _events(body: bytes, pieces: list[bytes], times: list[float]) -> Iterator[Moment]:
    ends: list[int] = []
    for piece in pieces:
        ends.append((ends[-1] if ends else 0) + len(piece))
    start, count = 0, 0
    for found in _BLANK_LINE.finditer(body):
        at = times[min(bisect_left(ends, found.end()), len(times) - 1)]
        yield _moment(body[start : found.end()], at)
        start, count = found.end(), count + 1
        if count == MOST_MOMENTS:
            return
    if rest := body[start:]:
        yield replace(_moment(rest, times[-1]), kind="unfinished", pieces=())


def _moment(block: bytes, at: float) -> Moment:
    text = block.decode("utf-8", "backslashreplace")
    fields = [_field(line) for line in re.split(r"\r\n|\n|\r", text.removeprefix("\ufeff")) if line]
    data = "\n".join(value for name, value in fields if name == "data")
    name = next((value for name, value in reversed(fields) if name == "event"), "")
    if not data:
        return Moment(at=at, kind="comment" if fields else "blank", text=text, name=name)
    if data == "[DONE]":
        return Moment(at=at, kind="done", text=text, name=name, data=data)
    value, garbled = _value(data)
    return Moment(
        at=at,
        kind="event",
        text=text,
        name=name,
        data=data,
        garbled=garbled,
        pieces=tuple(pieces_of(value)),
    )


def _field(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name, value.removeprefix(" ")


def _value(data: str) -> tuple[JsonValue, bool]:
    try:
        return parse(data.encode()), False
    except JsonError:
        return None, True
