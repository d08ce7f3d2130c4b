"""A child process seen from its parent: lines that go in, lines that come out, what it prints, how it ends."""

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Collection
from contextlib import suppress
from typing import IO, Any, cast

from chatproof.drivers.driver import HungError
from chatproof.drivers.wire import line_of

__all__ = ["LONGEST_LINE", "Child", "ChildEndedError", "handed_over", "python_child"]

_BOOT = """
import json, sys
sys.path[:] = json.loads(sys.argv[4])
from chatproof.drivers.child import main
main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
"""
"""What is importable here is importable there, and nothing of it is left in variables for what the client starts."""

_NO_KEY = "sk-play"

_KEPT = 64
"""Pieces of what was printed, the last ones."""

_PIECE = 65_536

LONGEST_LINE = 256 * 1024 * 1024
"""Bytes of one answer. A client's own reply is in it."""

_LOOK_SECONDS = 0.2
"""So often it is looked whether the process lives, where nothing is heard of it."""


class ChildEndedError(Exception):
    """The process is no more; the text says how it ended."""


def python_child(target: str, hidden: Collection[str] = ()) -> "Child":
    """The process of a client in Python, whose own streams are its client's: it talks over two other pipes."""
    to_child, writing = os.pipe()
    reading, from_child = os.pipe()
    given = (to_child, from_child)
    path = json.dumps([os.path.abspath(one) for one in sys.path])  # noqa: PTH100  "" is the current folder
    try:
        process = subprocess.Popen(  # noqa: S603  our own interpreter
            [sys.executable, "-c", _BOOT, *map(str, given), target, path],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=given,
            # a library that looks for a key there finds one, and not its user's
            env={**os.environ, **dict.fromkeys(hidden, _NO_KEY)},
            start_new_session=True,
            close_fds=True,
        )
    finally:
        for fd in given:
            os.close(fd)
    return Child(process, writing=writing, reading=reading, printing=handed_over(process.stdout))


def handed_over(stream: IO[bytes] | None) -> int:
    """The file of a pipe, which is the taker's to close."""
    piped = cast("IO[bytes]", stream)
    fd = os.dup(piped.fileno())
    piped.close()
    return fd


class Child:
    """One process, in a session of its own, so that what it has started ends with it.

    It is written to on one file, answers on another, and prints on the third; all are closed with it. A line that is
    longer than anybody takes comes in pieces of `longest` bytes.
    """

    def __init__(
        self,
        process: "subprocess.Popen[bytes]",
        *,
        writing: int,
        reading: int,
        printing: int,
        longest: int = LONGEST_LINE,
    ) -> None:
        self._process = process
        self._writing = writing
        self._reading = reading
        self._out = printing
        self._longest = longest
        self._out_open = True
        self._read = bytearray()
        self.printed: deque[bytes] = deque(maxlen=_KEPT)
        self._lock = threading.Lock()
        for fd in (self._writing, self._reading, self._out):
            os.set_blocking(fd, False)

    @property
    def pid(self) -> int:
        """The number of the process, and of its session."""
        return self._process.pid

    def send(self, call: dict[str, Any], seconds: float) -> None:
        """Sends a line.

        Raises:
            ChildEndedError, HungError: nobody listens.
        """
        data, end = line_of(call), time.monotonic() + seconds
        with self._lock:
            while data:
                try:
                    data = data[os.write(self._writing, data) :]
                except BlockingIOError:
                    if time.monotonic() > end:
                        raise HungError(seconds) from None
                    select.select((), (self._writing,), (), _LOOK_SECONDS)
                except OSError:
                    raise ChildEndedError(self._status()) from None

    def answer(self, number: int, seconds: float) -> dict[str, Any]:
        """The answer to a call of that number.

        Raises:
            ChildEndedError: the process has ended in its place, or said more than anybody takes.
            HungError: it is not there in time.
        """
        end = time.monotonic() + seconds
        while lines := self.lines(end):
            for line in lines:
                value = _object(line)
                if value.get("id") == number:
                    self._drain()
                    return value
                if len(line) >= self._longest:
                    raise ChildEndedError(self._status())
        raise HungError(seconds)

    def lines(self, end: float) -> list[bytes]:
        """The lines that have come, at least one, without their ends; none where they are not there by the time `end`.

        Raises:
            ChildEndedError: the process has ended, and all that it said was given out.
        """
        while not (lines := self._whole_lines()):
            left = end - time.monotonic()
            if left <= 0:
                return []
            files = [self._reading, *([self._out] if self._out_open else [])]
            ready, _, _ = select.select(files, (), (), min(left, _LOOK_SECONDS))
            if self._out in ready:
                self._print()
            if (self._reading in ready and not self._listen()) or (
                not ready and self._process.poll() is not None and not self._listen()
            ):
                rest, self._read = bytes(self._read), bytearray()
                if rest:
                    return [rest]
                self._drain()
                raise ChildEndedError(self._status())
        self._drain()
        return lines

    def _listen(self) -> bool:
        """Reads what is there; False where the other side has ended."""
        try:
            data = os.read(self._reading, _PIECE)
        except BlockingIOError:
            return self._process.poll() is None
        self._read += data
        return bool(data)

    def _whole_lines(self) -> list[bytes]:
        if b"\n" not in self._read[-_PIECE:] and len(self._read) < self._longest:
            return []
        *lines, rest = self._read.split(b"\n")
        if len(rest) >= self._longest:
            lines, rest = [*lines, rest], bytearray()
        self._read = bytearray(rest)
        return [bytes(line) for line in lines]

    def _print(self) -> bool:
        try:
            data = os.read(self._out, _PIECE)
        except BlockingIOError:
            return False
        if data:
            self.printed.append(data)
        else:
            self._out_open = False
        return bool(data)

    def _drain(self) -> None:
        for _ in range(_KEPT * 64):
            if not (self._out_open and self._print()):
                break

    def _status(self) -> str:
        try:
            status = self._process.wait(_LOOK_SECONDS * 5)
        except subprocess.TimeoutExpired:
            return "the client closed the connection to its driver"
        name = ""
        if status < 0:
            with suppress(ValueError):
                name = f" ({signal.Signals(-status).name})"
        return f"the client ended the process with status {status}{name}"

    @property
    def has_ended(self) -> bool:
        """Whether the process is no more."""
        return self._process.poll() is not None

    def kill(self) -> None:
        """Ends the process, and all that it has started in its session, at once."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        self._drain()
        with self._lock:
            for fd in (self._writing, self._reading, self._out):
                with suppress(OSError):
                    os.close(fd)
            self._writing = self._reading = self._out = -1  # another file may get these numbers


def _object(line: bytes) -> dict[str, Any]:
    try:
        value: Any = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
