"""JSON bytes as serde_json scans them: where it stops, and what it says there."""

import json
import re
from typing import Any, NoReturn

from chatfake.lorax.errors import Broken, Mistaken, number_seen

__all__ = ["Scanner"]

#: serde_json's own limit for values that it keeps; those that it passes over may be deeper there.
MAX_DEPTH = 128

_SPACE = re.compile(rb"[ \t\r\n]*")
_STRING = re.compile(rb'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+')
_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?")
_HIGH = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}")
_LOW = re.compile(rb"\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_TEXT = rb'"[^"\\\x00-\x1f]*+"'
_TEXTS = re.compile(rb"\[[ \t\r\n]*(?:%b(?:[ \t\r\n]*,[ \t\r\n]*%b)*+)?[ \t\r\n]*\]" % (_TEXT, _TEXT))
_WORDS = {b"n": b"null", b"t": b"true", b"f": b"false"}


def _constant(name: str) -> Any:
    raise ValueError(name)


_QUICK = json.JSONDecoder(parse_constant=_constant)


class Scanner:
    """Goes over the bytes once. `path` is where it is: `parameters.stop[1]`."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.path: list[str] = []
        #: The bytes as so many characters; None where they are no UTF-8.
        self._text = data.decode("latin-1") if _is_utf8(data) else None

    # -- what is wrong ------------------------------------------------------------------------------------

    def _where(self) -> str:
        return "".join(self.path).removeprefix(".")

    def broken(self, message: str, beyond: int = 0) -> NoReturn:
        """No JSON; `beyond` 1 counts the byte that was only looked at."""
        raise Broken(message, self._where(), min(self.at + beyond, len(self.data)))

    def mistaken(self, message: str) -> NoReturn:
        """Not what was wanted."""
        raise Mistaken(message, self._where(), self.at)

    def unlike(self, expected: str) -> NoReturn:
        """Something of another type: brackets are not read, all else is."""
        self.mistaken(f"invalid type: {self._seen()}, expected {expected}")

    def _seen(self) -> str:
        mark = self.peek()
        if mark in (b"[", b"{"):
            return "sequence" if mark == b"[" else "map"
        if mark == b'"':
            return f'string "{self.string().decode()}"'
        if mark in _WORDS:
            word = self.word(mark)
            return word if word == "null" else f"boolean `{word}`"
        return number_seen(self.number())

    # -- tokens -------------------------------------------------------------------------------------------

    def space(self) -> None:
        """Passes white space."""
        found = _SPACE.match(self.data, self.at)
        self.at = found.end() if found else self.at

    def peek(self) -> bytes:
        """The next byte that is no white space; a value begins with it."""
        self.space()
        if self.at >= len(self.data):
            self.broken("EOF while parsing a value")
        return self.data[self.at : self.at + 1]

    def word(self, mark: bytes) -> str:
        """null, true or false."""
        for byte in _WORDS[mark]:
            if self.at >= len(self.data):
                self.broken("EOF while parsing a value")
            self.at += 1
            if self.data[self.at - 1] != byte:
                self.broken("expected ident")
        return _WORDS[mark].decode()

    def number(self) -> bytes:
        """The digits; a number that no float holds is broken."""
        found = _NUMBER.match(self.data, self.at)
        if found is None:
            self.broken("invalid number" if self.data[self.at : self.at + 1] == b"-" else "expected value", 1)
        self.at = found.end()
        if self.data[self.at : self.at + 1] in (*(b"%d" % digit for digit in range(10)), b".", b"e", b"E"):
            self.broken("invalid number", 1)
        digits = found.group()
        if len(digits) > 300 and abs(float(digits)) == float("inf"):
            self.broken("number out of range")
        if (b"e" in digits or b"E" in digits) and abs(float(digits)) == float("inf"):
            self.broken("number out of range")
        return digits

    def string(self) -> bytes:
        """The text between the quotes, escapes as they were written."""
        start = self.at + 1
        found = _STRING.match(self.data, self.at)
        self.at = self.at if found is None else found.end()
        mark = self.data[self.at : self.at + 1]
        if mark != b'"':
            self._open_string(mark)
        text = self.data[start : self.at]
        self.at += 1
        if b"\\u" in text and _lone(text):
            self.broken(
                "unexpected end of hex escape"
                if _HIGH.search(text)
                else "lone leading surrogate in hex escape"
            )
        try:
            text.decode()
        except UnicodeDecodeError:
            self.broken("invalid unicode code point")
        return text

    def _open_string(self, mark: bytes) -> NoReturn:
        if not mark:
            self.broken("EOF while parsing a string")
        if mark == b"\\":
            self.at += 1
            self.broken("invalid escape" if self.at < len(self.data) else "EOF while parsing a string", 1)
        self.broken("control character (\\u0000-\\u001F) found while parsing a string", 1)

    # -- what holds others --------------------------------------------------------------------------------

    def item(self, *, first: bool) -> bool:
        """Whether a list goes on; reads the comma, or the bracket that ends it."""
        self.space()
        mark = self.data[self.at : self.at + 1]
        if not mark:
            self.broken("EOF while parsing a list")
        if mark == b"]":
            self.at += 1
            return False
        if first:
            return True
        if mark != b",":
            self.broken("expected `,` or `]`", 1)
        self.at += 1
        if self.peek() == b"]":
            self.broken("trailing comma", 1)
        return True

    def key(self, *, first: bool) -> str | None:
        """The next member's name; None at the brace that ends the object, which is not read yet."""
        self.space()
        mark = self.data[self.at : self.at + 1]
        if mark == b"}":
            return None
        if not mark:
            self.broken("EOF while parsing an object")
        if not first:
            if mark != b",":
                self.broken("expected `,` or `}`", 1)
            self.at += 1
            mark = self.peek()
            if mark == b"}":
                self.broken("trailing comma", 1)
        if mark != b'"':
            self.broken("key must be a string", 1)
        return self.string().decode()

    def colon(self) -> None:
        """Between a name and its value."""
        self.space()
        mark = self.data[self.at : self.at + 1]
        if mark != b":":
            self.broken("expected `:`" if mark else "EOF while parsing an object", 1)
        self.at += 1

    def end_object(self) -> None:
        """Reads the brace, where it is there."""
        self.space()
        self.at += self.data[self.at : self.at + 1] == b"}"

    def texts(self) -> bool:
        """Reads a list of plain texts at once, where it is nothing else."""
        found = _TEXTS.match(self.data, self.at) if self._text is not None else None
        self.at = self.at if found is None else found.end()
        return found is not None

    def any(self) -> None:
        """Any value. One that is sound is passed at the speed of `json`, which has no words for one that is not."""
        mark = self.peek()
        if mark not in (b"[", b"{"):
            self._scalar(mark)
        elif self._text is None:
            self._walked()
        else:
            try:
                _, self.at = _QUICK.raw_decode(self._text, self.at)
            except (ValueError, RecursionError):
                self._walked()

    def _walked(self) -> None:
        """The same step by step, without recursion."""
        depth: list[bytes] = []
        fresh = True  # the bracket was just opened
        while True:
            if depth and not self._goes_on(depth[-1], fresh=fresh):
                depth.pop()
            else:
                mark = self.peek()
                if mark in (b"[", b"{"):
                    if len(depth) + 1 >= MAX_DEPTH:
                        self.broken("recursion limit exceeded", 1)
                    depth.append(mark)
                    self.at += 1
                    fresh = True
                    continue
                self._scalar(mark)
            fresh = False
            if not depth:
                return

    def _goes_on(self, bracket: bytes, *, fresh: bool) -> bool:
        if bracket == b"[":
            return self.item(first=fresh)
        if self.key(first=fresh) is None:
            self.at += 1
            return False
        self.colon()
        return True

    def _scalar(self, mark: bytes) -> None:
        if mark == b'"':
            self.string()
        elif mark in _WORDS:
            self.word(mark)
        else:
            self.number()


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _lone(text: bytes) -> bool:
    """Whether half of a surrogate pair stands alone."""
    plain = re.sub(rb"\\\\", b"", text)
    return bool(re.search(rb"\\u[dD][89a-fA-F]", re.sub(_HIGH.pattern + _LOW.pattern, b"", plain)))
