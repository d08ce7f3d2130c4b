"""The bytes of one answer on their way to the caller: every one is handed on, and looked at before."""

import re
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from chatproof.guard.body_judge import BodyJudge
from chatproof.guard.content_coding import CodingError, Decoder
from chatschema import SseLimitError, Violation

__all__ = ["HEAVY", "StreamObserver", "Tell"]

#: Told what became known, or why nothing more will be, and what the body is judged as.
Tell: TypeAlias = Callable[[str, tuple[Violation, ...], str], None]

#: Bytes that cost some milliseconds, whatever they hold.
HEAVY = 8 * 1024

_BLANK_LINES = (b"\n\n", b"\r\n\r\n", b"\r\r")
_BLANK_LINE = re.compile(b"|".join(_BLANK_LINES))
#: From a line that makes an event to where it ends. Blank lines after nothing else are not worth a look of their own.
_EVENT = re.compile(
    rb"(?<=[\r\n])(?:data|error)[^\r\n]*+(?:(?>\r\n|\r|\n)[^\r\n]++)*+(?>\r\n|\r|\n)(?>\r\n|\r|\n)"
)


class StreamObserver:
    """`pass_on` what comes; then `end`, or `fail` where the connection did; `leave` in any case.

    What `tell` raises is raised here, before the bytes that broke something are handed on. After that, and after
    anything that cannot be judged, bytes are handed on without a look.
    """

    def __init__(self, judge: BodyJudge, decoder: Decoder | None, limit: int, tell: Tell) -> None:
        self._judge: BodyJudge | None = judge  # None: there is nothing more to look for
        self._decoder = decoder
        self._limit = limit
        self._size = 0
        self._waiting = 0  # bytes that are judged at once, when the event or the body ends
        self._tell = tell
        self._holding = False
        self._held: Exception | None = None
        self._late: Exception | None = None
        self._before = sys.exc_info()[1]  # what the caller was dealing with when it asked

    def is_heavy(self, data: bytes = b"") -> bool:
        """Whether to judge these bytes, or the end, may take longer than an event loop should stand still."""
        if self._judge is None:
            return False
        if self._decoder is not None:
            return True  # a packet can hold a thousand times its size
        if not data:
            return self._size > HEAVY  # the end looks at all that came
        if not self._judge.in_events:
            return len(data) > HEAVY  # unless this makes it a stream, it waits for the end
        self._waiting += len(data)
        heavy = self._waiting > HEAVY and (b"\n" in data or b"\r" in data)
        if end := _last_end(data):
            self._waiting = len(data) - end
        return heavy

    def pass_on(self, data: bytes) -> Iterator[bytes]:
        """The same bytes; where one of several events breaks something, those before it come by themselves."""
        passed = 0
        for edge in self._edges(data):
            try:
                self._see(data[passed:edge])
            except Exception:
                if passed:
                    yield data[:passed]
                raise
            passed = edge
        yield data

    def end(self) -> None:
        """All bytes came."""
        judge, self._judge = self._judge, None
        if judge is not None:
            violations = judge.close()
            self._say(judge.kind, violations)  # which may have become known with the end

    def fail(self) -> None:
        """The connection broke, and the error that tells of it is on its way."""
        self._judge = None

    def leave(self, on_its_way: BaseException | None) -> None:
        """The caller reads no more, perhaps because of an exception; the end only where the answer said so itself."""
        judge = self._judge
        if judge is None or not judge.done:
            self._judge = None
            return
        try:
            self.end()
        except Exception as error:
            if on_its_way in (None, self._before):
                raise
            # a loop that is left throws its generator away, and what is raised in there is lost;
            # any other error is the caller's own, and must arrive
            self._late = error if isinstance(on_its_way, GeneratorExit) else None

    def closed(self) -> None:
        """The answer is closed: raise now what could not be raised before."""
        if self._late is not None and sys.exc_info()[1] in (None, self._before):
            error, self._late = self._late, None
            raise error

    @contextmanager
    def held_back(self) -> Generator[None]:
        """Keep what is raised meanwhile for `speak_up`."""
        self._holding = True
        try:
            yield
        finally:
            self._holding = False

    def speak_up(self) -> None:
        """Raise what was held back."""
        if self._held is not None:
            raise self._held

    def _edges(self, data: bytes) -> Iterator[int]:
        """Where to look before going on: after each event, unless it is packed.

        Where one is missed, nothing is lost: the bytes are looked at in one piece more.
        """
        if self._decoder is None and self._judge is not None and self._judge.in_events:
            yield from _ends(data)
        yield len(data)

    def _see(self, data: bytes) -> None:
        why = ""
        try:
            for piece in (data,) if self._decoder is None else self._decoder.decode(data):
                if self._judge is None:
                    return
                self._size += len(piece)
                if self._size > self._limit:
                    why = f"it is larger than {self._limit:,} bytes"
                    break
                judge = self._judge
                violations = judge.feed(piece)
                self._say(judge.kind, violations)  # which may have become known with these bytes
                if judge.given_up:
                    self._judge = None
        except (CodingError, SseLimitError) as error:
            why = str(error)
        if why and self._judge is not None:
            kind, self._judge = self._judge.kind, None
            self._say(kind, (), why)

    def _say(self, kind: str, violations: tuple[Violation, ...], why: str = "") -> None:
        if not violations and not why:
            return
        try:
            self._tell(kind, violations, why)
        except Exception as error:
            self._judge = None
            if not self._holding:
                raise
            self._held = error


def _last_end(data: bytes) -> int:
    """Where the last blank line of a piece ends; 0 where it has none."""
    return max((at + len(line) for line in _BLANK_LINES if (at := data.rfind(line)) >= 0), default=0)


def _ends(data: bytes) -> Iterator[int]:
    """Where events end in a piece of a stream: the first blank line, for what began before, and then each."""
    first, last = _BLANK_LINE.search(data), _last_end(data)
    if first is not None:
        yield first.end()
        # up to the last blank line, so that none is looked for in vain
        yield from (found.end() for found in _EVENT.finditer(data[:last], first.end()))
