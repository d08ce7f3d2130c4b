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

__all__ = ["Child", "ChildEndedError"]

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

_LONGEST_LINE = 256 * 1024 * 1024
"""Bytes of one answer. A client's own reply is in it."""

_LOOK_SECONDS = 0.2
"""So often it is looked whether the process lives, where nothing is heard of it."""


class ChildEndedError(Exception):
    """The process is no more; the text says how it ended."""


class Child:
    """One process, in a session of its own, so that what it has started ends with it."""

    def __init__(self, target: str, hidden: Collection[str] = ()) -> None:
        to_child, self._writing = os.pipe()
        self._reading, from_child = os.pipe()
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
        self._process = process
        self._out = cast("IO[bytes]", process.stdout)
        self._out_open = True
        self._read = bytearray()
        self.printed: deque[bytes] = deque(maxlen=_KEPT)
        self._lock = threading.Lock()
        for fd in (self._writing, self._reading, self._out.fileno()):
            os.set_blocking(fd, False)

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
            ChildEndedError: the process has ended in its place.
            HungError: it is not there in time.
        """
        end = time.monotonic() + seconds
        while True:
            for line in self._lines():
                value = _object(line)
                if value.get("id") == number:
                    self._drain()
                    return value
            left = end - time.monotonic()
            if left <= 0:
                raise HungError(seconds)
            files = [self._reading, *([self._out.fileno()] if self._out_open else [])]
            ready, _, _ = select.select(files, (), (), min(left, _LOOK_SECONDS))
            if self._out.fileno() in ready:
                self._print()
            if (self._reading in ready and not self._listen()) or (
                not ready and self._process.poll() is not None and not self._listen()
            ):
                self._drain()
                raise ChildEndedError(self._status())

    def _listen(self) -> bool:
        """Reads what is there; False where the other side has ended, or has sent more than anybody takes."""
        try:
            data = os.read(self._reading, _PIECE)
        except BlockingIOError:
            return self._process.poll() is None
        self._read += data
        return bool(data) and len(self._read) < _LONGEST_LINE

    def _lines(self) -> list[bytes]:
        *lines, rest = self._read.split(b"\n") if b"\n" in self._read[-_PIECE:] else [self._read]
        self._read = bytearray(rest)
        return [bytes(line) for line in lines]

    def _print(self) -> bool:
        try:
            data = os.read(self._out.fileno(), _PIECE)
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

    def kill(self) -> None:
        """Ends the process, and all that it has started in its session, at once."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        self._drain()
        self._out.close()
        with self._lock, suppress(OSError):
            os.close(self._writing)
            os.close(self._reading)


def _object(line: bytes) -> dict[str, Any]:
    try:
        value: Any = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
