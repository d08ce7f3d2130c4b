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
from chatfake.inspector.answer_content import AnswerContent, join_pieces
from chatfake.inspector.pieces import Piece, pieces_of
from chatfake.transports.playback import ConnectionLost, Head, Loss, play

#: Bytes of a body that are read, and entries that a timeline has.
LONGEST_BODY = 8 * 1024 * 1024
MOST_ENTRIES = 5_000
#: Times that bytes without end are shown.
REPEATS = 3

_BLANK_LINE = re.compile(rb"(?>\r\n|\n|\r){2}")
_LOSSES = {Cut: "cut", Reset: "reset", HalfClose: "half-close"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
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
class PlayedAnswer:
    """What came back. The timeline of a body that is no stream has only a loss, if anything."""

    status: int | None  #: None: the connection was lost before
    body: bytes
    streamed: bool
    timeline: tuple[TimelineEntry, ...]
    content: AnswerContent
    seconds: float  #: to the last byte


def play_answer(answer: Answer, until: float = math.inf) -> PlayedAnswer:
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
    last = (TimelineEntry(at=clock.now, kind=ending),) if ending else ()
    body = _decoded(b"".join(pieces), head)
    streamed = head is not None and _header(head, "content-type").startswith("text/event-stream")
    timeline = tuple(_events(body, pieces, times)) if streamed else ()
    return PlayedAnswer(
        status=None if head is None else head.status,
        body=body,
        streamed=streamed,
        timeline=(*timeline, *last),
        content=join_pieces(piece for entry in timeline for piece in entry.pieces)
        if streamed
        else _body_content(body),
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


def _body_content(body: bytes) -> AnswerContent:
    try:
        return join_pieces(pieces_of(parse(body.removeprefix(b"\xef\xbb\xbf"))))
    except JsonError:
        return AnswerContent()


def _events(body: bytes, pieces: list[bytes], times: list[float]) -> Iterator[TimelineEntry]:
    ends: list[int] = []
    for piece in pieces:
        ends.append((ends[-1] if ends else 0) + len(piece))
    start, count = 0, 0
    for found in _BLANK_LINE.finditer(body):
        at = times[min(bisect_left(ends, found.end()), len(times) - 1)]
        yield _timeline_entry(body[start : found.end()], at)
        start, count = found.end(), count + 1
        if count == MOST_ENTRIES:
            return
    if rest := body[start:]:
        yield replace(_timeline_entry(rest, times[-1]), kind="unfinished", pieces=())


def _timeline_entry(block: bytes, at: float) -> TimelineEntry:
    text = block.decode("utf-8", "backslashreplace")
    fields = [_field(line) for line in re.split(r"\r\n|\n|\r", text.removeprefix("\ufeff")) if line]
    data = "\n".join(value for name, value in fields if name == "data")
    name = next((value for name, value in reversed(fields) if name == "event"), "")
    if not data:
        return TimelineEntry(at=at, kind="comment" if fields else "blank", text=text, name=name)
    if data == "[DONE]":
        return TimelineEntry(at=at, kind="done", text=text, name=name, data=data)
    value, garbled = _value(data)
    return TimelineEntry(
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
