"""JSON text of any size, seen through a window: where its values begin and end, without parsing them.

Only strings and brackets are told apart. Whether a value is right JSON is found out by whoever parses its bytes;
what is promised here is that right JSON is cut in the right places, and that memory holds one value.
"""

import io
import re

from .body import ITEM_LIMIT

__all__ = ["CutShortError", "TooLargeError", "Window"]

_CHUNK = 256 * 1024

# possessive: a string without an end fails at once, in whatever way it could be split up
_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_BRACKET = re.compile(_STRING + rb'|[{}\[\]"]', re.DOTALL)
_TEXT = re.compile(_STRING, re.DOTALL)
_SCALAR = re.compile(rb'[^\s{}\[\],:"]++')
_SPACE = re.compile(rb"\s*+")
_DEEPER = {b"{": 1, b"[": 1, b"}": -1, b"]": -1}


class CutShortError(ValueError):
    """The text is no JSON from here on: it ends in the middle, or something else stands there."""


class TooLargeError(ValueError):
    """A value has more than `ITEM_LIMIT` bytes."""


class Window:
    """The bytes of a stream, as far as they are needed; all offsets are the stream's.

    `held` is the offset from which on nothing is let go; where it is None, that is `at`, or the value that is read.
    """

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self._data = b""
        self._base = 0  # the offset of the first byte in _data
        self._ended = False
        self._counted = 0  # up to here the newlines are in _newlines
        self._newlines = 0
        self._pinned: int | None = None  # where the value begins that is read
        self.at = 0
        self.held: int | None = None

    def line(self) -> int:
        """The number of the line that `at` is in, from 1."""
        self._count(self.at)
        return self._newlines + 1

    def since(self, start: int) -> bytes:
        """The bytes from `start`, which were held, up to `at`."""
        return self._data[start - self._base : self.at - self._base]

    def rest(self, start: int) -> bytes:
        """The bytes from `start`, which were held, to the end of the stream."""
        while self._more():
            self.at = self._base + len(self._data)
        self.at = self._base + len(self._data)
        return self.since(start)

    def next(self) -> bytes:
        """The next byte that is no space, which `at` then points to; empty at the end."""
        while True:
            match = _SPACE.match(self._data, self.at - self._base)
            self.at = self._base + (match.end() if match else 0)
            if self.at < self._base + len(self._data):
                index = self.at - self._base
                return self._data[index : index + 1]
            if not self._more():
                return b""

    def step(self) -> None:
        """Pass over one byte."""
        self.at += 1

    def value(self) -> bytes:
        """Pass over one value, whatever it is, and hand out its bytes."""
        first = self.next()
        start = self._pinned = self.at
        try:
            match first:
                case b'"':
                    self._text()
                case b"{" | b"[":
                    self._nested()
                case _:
                    self._scalar()
            return self.since(start)
        finally:
            self._pinned = None

    def _text(self) -> None:
        while (match := _TEXT.match(self._data, self.at - self._base)) is None:
            self._need()
        self.at = self._base + match.end()

    def _nested(self) -> None:
        depth = 0
        while True:
            match = _BRACKET.search(self._data, self.at - self._base)
            if match is None:
                self.at = self._base + len(self._data)
                self._need()
            elif match.group() == b'"':  # a string that goes on behind the window
                self.at = self._base + match.start()
                self._need()
            else:
                self.at = self._base + match.end()
                depth += _DEEPER.get(match.group(), 0)
                if depth == 0:
                    return

    def _scalar(self) -> None:
        start = self.at
        while True:
            match = _SCALAR.match(self._data, start - self._base)
            if match is None:
                raise CutShortError
            self.at = self._base + match.end()
            if self.at < self._base + len(self._data) or not self._more():
                return

    def _need(self) -> None:
        if not self._more():
            raise CutShortError

    def _more(self) -> bool:
        """Read on; False at the end."""
        if self._ended:
            return False
        needed = [offset for offset in (self.held, self._pinned, self.at) if offset is not None]
        drop = min(needed) - self._base
        self._count(self._base + drop)
        left = self._data[drop:]
        if len(left) > ITEM_LIMIT:
            raise TooLargeError
        # as much again as there is, so that a long string is looked at twice and not a thousand times
        piece = self._stream.read(max(_CHUNK, len(left)))
        self._base += drop
        self._data = left + piece
        self._ended = not piece
        return bool(piece)

    def _count(self, offset: int) -> None:
        if offset > self._counted:
            self._newlines += self._data.count(b"\n", self._counted - self._base, offset - self._base)
            self._counted = offset
