"""What a client under test does to the process that it shares with its judge, kept from doing harm."""

import os
import sys
import threading
from collections import deque
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import BinaryIO, NoReturn, TextIO, cast

from chatproof.gate import Gate

__all__ = ["ClientExitError", "Printed", "contained", "leave", "told_lines"]

_LINES = 5
"""Of what a client printed before it broke a rule, so many lines are told."""

_LONGEST = 2000
_WRITES = 100


class ClientExitError(Exception):
    """The client asked for the end of the process, which is its judge's too."""


class Printed:
    """A stream that keeps the last of what other threads write; the judge's own thread writes through."""

    def __init__(self, through: TextIO, kept: deque[str]) -> None:
        self._through = through
        self._kept = kept
        self._judge = threading.get_ident()

    @property
    def is_judges(self) -> bool:
        """Is it the judge who writes?"""
        return threading.get_ident() == self._judge

    @property
    def buffer(self) -> BinaryIO:
        """The same for bytes."""
        return self._through.buffer if self.is_judges else cast("BinaryIO", _PrintedBytes(self))

    def write(self, text: str) -> int:
        """Write or keep."""
        if self.is_judges:
            return self._through.write(text)
        self._kept.append(text[-_LONGEST:])
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write or keep."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Flush what was written through."""
        self._through.flush()

    def close(self) -> None:
        """It is not the client's to close."""

    def isatty(self) -> bool:
        """A client that looks whether it is watched is not."""
        return self.is_judges and self._through.isatty()

    def __getattr__(self, name: str) -> object:
        """Everything else is the stream's own."""
        return getattr(self._through, name)


class _PrintedBytes:
    """What a client writes past the text of a stream."""

    def __init__(self, printed: Printed) -> None:
        self._printed = printed

    def write(self, data: bytes) -> int:
        """Keep it."""
        self._printed.write(bytes(data[-_LONGEST:]).decode("utf-8", "replace"))
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""


@contextmanager
def contained() -> Generator[deque[str]]:
    """Keep what the client prints (yielded: its last pieces), and let `os._exit` be an exception of its own."""
    kept: deque[str] = deque(maxlen=_WRITES)
    streams, leave_at_once, judge = (sys.stdout, sys.stderr), os._exit, os.getpid()

    def refused(status: int) -> NoReturn:
        if os.getpid() != judge:  # a child that the client has forked
            leave_at_once(status)
        raise ClientExitError(f"os._exit({status})")

    sys.stdout, sys.stderr = (cast("TextIO", Printed(stream, kept)) for stream in streams)
    os._exit = refused
    try:
        yield kept
    finally:
        sys.stdout, sys.stderr = streams
        os._exit = leave_at_once


def told_lines(kept: deque[str]) -> str:
    """What was kept, as text that can be shown; and forget it."""
    text = Gate().text("".join(kept)[-_LONGEST:])
    kept.clear()
    return "\n".join(text.splitlines()[-_LINES:])


def leave(code: int, before: set[threading.Thread]) -> NoReturn:
    """End the program, threads or not: Python would wait for those that a client has left behind."""
    left = [one for one in threading.enumerate() if one not in before and not one.daemon and one.is_alive()]
    if left:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)
    sys.exit(code)
