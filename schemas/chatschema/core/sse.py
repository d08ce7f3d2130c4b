"""Bytes to server-sent events, in any slicing.

Follows https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream with three additions
that a judge needs: comments are reported, what an event stream leaves unfinished at its end is handed out with
`complete=False` (a browser drops it), and so is an object in a field of the name `error` (`field="error"`), which
some servers write in place of `data:` and every reader drops.

Rule 1: lines are split as bytes. CR and LF never occur inside a UTF-8 sequence, so a whole line can be decoded at
once, and what is left of a cut sequence becomes U+FFFD just as in an incremental decoder.
Rule 2: every byte is looked at a fixed number of times, and what is kept is bounded by `max_event_bytes`.
Rule 3: `_lines_of` is the definition. `_whole` gives the same for a piece that holds nothing but whole events of one
data line each, without a look at its lines; where it is in any doubt it does nothing and says so.
"""

from dataclasses import dataclass

__all__ = ["SseDecoder", "SseEvent", "SseLimitError"]

#: Generous: the largest recorded event of a chat stream is under 100 kB.
MAX_EVENT_BYTES = 16 * 1024 * 1024

#: Keep-alive comments have no end; the first few tell what there is to tell.
_MOST_COMMENTS = 16
_LONGEST_COMMENT = 200
_MOST_BAD_BYTES = 16

_BOM = b"\xef\xbb\xbf"


class SseLimitError(ValueError):
    """One event is larger than the decoder was told to hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SseEvent:
    """One dispatched event."""

    data: str  #: the data lines joined by LF
    event: str = ""  #: its name; empty when absent
    id: str | None = None  #: the id that this event sets, if any
    retry: int | None = None  #: milliseconds, where a retry field came with it
    comments: tuple[str, ...] = ()  #: the comments since the event before (the first 16, each cut at 200)
    complete: bool = True  #: its blank line came
    field: str = "data"  #: the name of the field that it came in; `error` is no field of the standard's


class SseDecoder:
    """`feed` bytes, get events; `close` when the bytes end."""

    def __init__(self, *, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self.max_event_bytes = max_event_bytes
        #: Comments over the whole stream.
        self.comments = 0
        #: Lines that are no field, over the whole stream; a reader drops each of them.
        self.strays = 0
        self.first_stray = ""  #: the first of them, cut
        self._bad_bytes: list[str] = []
        self._line = bytearray()  # the line that has no end yet
        self._at_start = True  # no line was read: a byte-order mark may stand here
        self._after_cr = False  # an LF that comes now belongs to the CR before it
        self._closed = False
        self._lines = 0
        self._between = (
            True  # no field and no comment since the last event: what `_line` holds is its first line
        )
        self._pending_comments: list[str] = []
        self._data: list[str] | None = None  # None: no data field came yet
        self._error: str | None = None  # an object in a field of the name error
        self._name = ""
        self._id: str | None = None
        self._retry: int | None = None
        self._size = 0

    @property
    def bad_bytes(self) -> tuple[str, ...]:
        """Where the bytes are not UTF-8, in words: the first 16 places."""
        return tuple(self._bad_bytes)

    def feed(self, data: bytes) -> list[SseEvent]:
        """The events that these bytes complete.

        Raises `SseLimitError` once an event outgrows `max_event_bytes`, and ValueError after `close`.
        """
        if self._closed:
            raise ValueError("the decoder is closed")
        if self._after_cr and data:
            self._after_cr = False
            data = data.removeprefix(b"\n")
        events = self._whole(data)
        return self._lines_of(data) if events is None else events

    def close(self) -> list[SseEvent]:
        """The bytes ended. An event without its blank line comes back with `complete=False`."""
        if self._closed:
            return []
        self._closed = True
        if self._line:
            self._end_of_line(b"", [])
        events = [self._event(complete=False)] if self._data is not None else []
        return events if self._error is None else [*events, self._misnamed(complete=False)]

    def _whole(self, data: bytes) -> list[SseEvent] | None:
        """The events of a piece that has only `data:…` lines with a blank line after each; None for any other."""
        if not self._between or b"\n" not in data:
            return None
        block = bytes(self._line) + data
        newline = b"\n" if b"\r" not in block else b"\r\n"
        blank = newline + newline
        head, found, rest = block.rpartition(blank)
        if not (found and head.startswith(b"data:")) or len(block) > self.max_event_bytes:
            return None
        parts = head[5:].split(blank + b"data:")
        ends = 2 * (len(parts) - 1)
        odd = block.count(b"\n") - 2 != ends or block.count(b"\r") != (0 if newline == b"\n" else ends + 2)
        if odd:  # a line of another kind, or one that the next piece goes on with
            return None
        try:
            events = [SseEvent(data=part.removeprefix(b" ").decode()) for part in parts]
        except UnicodeDecodeError:
            return None
        self._at_start = False
        self._lines += ends + 2
        self._line[:] = rest
        return events

    def _lines_of(self, data: bytes) -> list[SseEvent]:
        events: list[SseEvent] = []
        # bytes.splitlines knows CR, LF and CRLF and nothing else, unlike str.splitlines
        for line in data.splitlines(keepends=True):
            if line[-1] in b"\r\n":
                self._end_of_line(line.rstrip(b"\r\n"), events)
                self._after_cr = line.endswith(b"\r")
            else:
                self._hold(line)
                self._after_cr = False
        return events

    def _hold(self, piece: bytes) -> None:
        self._line += piece
        self._guard(self._size + len(self._line))

    def _guard(self, size: int) -> None:
        if size > self.max_event_bytes:
            self._closed = True
            self._line.clear()
            self._reset()
            raise SseLimitError(f"an event is larger than {self.max_event_bytes} bytes")

    def _end_of_line(self, rest: bytes, events: list[SseEvent]) -> None:
        raw = rest
        if self._line:
            self._line += rest
            raw = bytes(self._line)
            self._line.clear()
        if self._at_start:
            self._at_start = False
            raw = raw.removeprefix(_BOM)
        self._lines += 1
        if raw:
            self._guard(self._size + len(raw))
            self._between = False
            self._field(raw)
            return
        if self._data is not None:
            events.append(self._event(complete=True))
        if self._error is not None:
            events.append(self._misnamed(complete=True))
        self._reset()
        self._between = not self._pending_comments

    def _field(self, raw: bytes) -> None:
        name, _, value = self._text(raw).partition(":")
        value = value.removeprefix(" ")
        match name:
            case "data":
                self._size += len(raw)
                if self._data is None:
                    self._data = []
                self._data.append(value)
            case "event":
                self._name = value
            case "id" if "\0" not in value:
                self._id = value
            case "retry" if value.isascii() and value.isdigit() and len(value) < 10:
                self._retry = int(value)
            case "":
                self._comment(value)
            case "error" if value.startswith("{"):
                self._size += len(raw)
                self._error = value
            case "id" | "retry":
                pass  # with a value that the standard ignores
            case _ if name.isspace():
                pass  # a blank line that has blanks
            case _:  # the standard: "Otherwise, the field is ignored."
                self.strays += 1
                self.first_stray = self.first_stray or f"{name}:{value}"[:_LONGEST_COMMENT]

    def _comment(self, text: str) -> None:
        self.comments += 1
        if len(self._pending_comments) < _MOST_COMMENTS:
            self._pending_comments.append(text[:_LONGEST_COMMENT])

    def _text(self, raw: bytes) -> str:
        if len(self._bad_bytes) == _MOST_BAD_BYTES:
            return raw.decode(errors="replace")
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            where = f"line {self._lines}, byte {error.start}"
            self._bad_bytes.append(f"{where}: not UTF-8 ({error.reason}: 0x{raw[error.start]:02x})")
            return raw.decode(errors="replace")

    def _event(self, *, complete: bool) -> SseEvent:
        event = SseEvent(
            data="\n".join(self._data or ()),
            event=self._name,
            id=self._id,
            retry=self._retry,
            comments=tuple(self._pending_comments),
            complete=complete,
        )
        self._pending_comments.clear()
        return event

    def _misnamed(self, *, complete: bool) -> SseEvent:
        return SseEvent(data=self._error or "", complete=complete, field="error")

    def _reset(self) -> None:
        self._error = None
        self._data, self._name, self._id, self._retry, self._size = None, "", None, None, 0
