"""One body to its violations, at the byte that makes each of them known."""

from typing import Protocol

from chatproof.probe.route import Route
from chatschema import Judgement, Kind, SseDecoder, SseEvent, StreamJudge, Violation, check
from chatschema.judging.catalogue import STREAMS
from chatschema.judging.check import NOT_UTF8, stray_lines
from chatschema.judging.detect import begins_as_stream, stream_kind_of

__all__ = ["BodyJudge", "EventStreamJudge", "JsonBodyJudge", "judge_for"]

_EVENT_STREAM = "text/event-stream"
#: Bytes by which an event stream is known whose content type says something else.
_TELLING = 64


class BodyJudge(Protocol):
    """A judge of one body."""

    @property
    def kind(self) -> str:
        """What it is judged as, as far as that is known."""
        ...

    @property
    def done(self) -> bool:
        """The body said itself that it is whole; nobody needs to read on."""
        ...

    @property
    def in_events(self) -> bool:
        """Whether it is judged event by event."""
        ...

    @property
    def given_up(self) -> bool:
        """Whether there is nothing more to look for."""
        ...

    def feed(self, data: bytes) -> tuple[Violation, ...]:
        """The violations that these bytes make known. Raises `SseLimitError` where one event is too large."""
        ...

    def close(self) -> tuple[Violation, ...]:
        """The violations that the end makes known."""
        ...


def judge_for(route: Route, status: int, content_type: str, limit: int) -> BodyJudge:
    """How an answer is judged: events as they come, anything else when it is whole."""
    streams = content_type.partition(";")[0].strip().lower() == _EVENT_STREAM
    if streams and route.stream is not None and status < 400:
        return EventStreamJudge(route, limit)
    return JsonBodyJudge(route, status, limit)


class JsonBodyJudge:
    """A JSON body. One that turns out to be an event stream is judged as that."""

    def __init__(self, route: Route, status: int, limit: int) -> None:
        self._route, self._status, self._limit = route, status, limit
        self._body = bytearray()  # not a list of pieces: a piece may be two bytes, and millions of them
        self._found = ""  # what a whole body was judged as
        self._events: EventStreamJudge | None = None

    @property
    def kind(self) -> str:
        if self._events is not None:
            return self._events.kind
        return self._found or self._first()

    def _first(self) -> Kind:
        return self._route.error if self._status >= 400 else self._route.answer

    @property
    def done(self) -> bool:
        return self._events is not None and self._events.done

    @property
    def in_events(self) -> bool:
        return self._events is not None

    @property
    def given_up(self) -> bool:
        return self._events is not None and self._events.given_up

    def feed(self, data: bytes) -> tuple[Violation, ...]:
        if self._events is not None:
            return self._events.feed(data)
        told = len(self._body) >= _TELLING
        self._body += data
        return () if told or len(self._body) < _TELLING else self._as_events()

    def close(self) -> tuple[Violation, ...]:
        early = self._as_events() if self._events is None and len(self._body) < _TELLING else ()
        if self._events is not None:
            return (*early, *self._events.close())
        body, self._body = bytes(self._body), bytearray()
        return self._judged(body).violations

    def _as_events(self) -> tuple[Violation, ...]:
        body = bytes(self._body)
        if self._route.stream is None or self._status >= 400 or not begins_as_stream(body):
            return ()
        self._body.clear()
        self._events = EventStreamJudge(self._route, self._limit)
        return self._events.feed(body)

    def _judged(self, body: bytes) -> Judgement:
        # content tells LoRAX's form of an answer from OpenAI's; whatever else it is, it is judged as what it has to be
        found = check(body)
        if found.kind in self._route.kinds_of(self._status):
            self._found = found.kind or ""
            return found
        if not self._route.sure:  # another route with one of our names, and another answer
            return Judgement(kind=None, violations=(), extensions=(), value=None)
        return check(body, self._first())


class EventStreamJudge:
    """An event stream."""

    in_events = True

    def __init__(self, route: Route, limit: int) -> None:
        self._route = route
        self._decoder = SseDecoder(max_event_bytes=limit)
        self._stream: StreamJudge | None = None
        self._kind: Kind = route.stream or route.answer
        self._other = False  # it turned out to be the stream of another route with one of our names
        self._bad_bytes = 0

    @property
    def kind(self) -> str:
        return self._kind

    @property
    def done(self) -> bool:
        return self._stream is not None and self._stream.done

    @property
    def given_up(self) -> bool:
        return self._other or (self._stream is not None and self._stream.given_up)

    def feed(self, data: bytes) -> tuple[Violation, ...]:
        return self._judged(self._decoder.feed(data))

    def close(self) -> tuple[Violation, ...]:
        last = self._judged(self._decoder.close())
        if self._other:
            return ()
        stream = self._stream or STREAMS[self._kind].open()
        strays = [stray_lines(self._decoder, STREAMS[self._kind].framing)] if self._decoder.strays else []
        return (*last, *stream.close(), *strays)

    def _judged(self, events: list[SseEvent]) -> tuple[Violation, ...]:
        bad_bytes = self._decoder.bad_bytes[self._bad_bytes :]
        self._bad_bytes += len(bad_bytes)
        found = [NOT_UTF8.violation("$", text, reference="") for text in bad_bytes]
        for event in events:
            if self.given_up:
                break
            if self._stream is None:
                kind = stream_kind_of([event])
                if not self._route.sure and kind not in self._route.kinds:
                    self._other = True
                    return ()
                self._stream = self._open(kind)
            found += self._stream.feed(event)
        return tuple(found)

    def _open(self, kind: Kind | None) -> StreamJudge:
        if kind is not None and kind in self._route.kinds:
            self._kind = kind
        return STREAMS[self._kind].open()
