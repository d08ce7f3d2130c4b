"""One program that runs to its end: what it is told, what it prints, how it ends. All of it is bounded.

It has a session of its own, so that what it has started ends with it.
"""

import errno
import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, cast

from chatproof.history.model.endpoint import CannotBuildError

__all__ = ["Ended", "Program", "TooLongError", "told_status"]

_PIECE = 65_536

_MOST = 8 * 1024 * 1024
"""Bytes that a program may print in one ask: more than any reply has, and it is ended."""

_LOOK_SECONDS = 0.05
"""So often it is looked whether the program has ended, where what it has started keeps its streams open."""

_WITHOUT_FILES = ("/bin/sh", "-c", 'trap "" XFSZ; ulimit -f 0; exec "$@"', "sh")
"""What starts a program that can let no file grow, and is told so instead of killed."""


class TooLongError(Exception):
    """What is said is longer than an argument of a program can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a program ended: its status (negative: a signal), and all that it printed.

    With `hung` it did not end in time, with `flooded` it printed more than anybody reads; it was killed then.
    """

    status: int = 0
    out: bytes = b""
    error: bytes = b""
    hung: bool = False
    flooded: bool = False


class Program:
    """Starts at once. `run` waits for its end, `interrupt` and `kill` come from any thread; `end` forgets it.

    Raises:
        TooLongError: an argument is longer than can be.
        CannotBuildError: it cannot be started.
    """

    def __init__(
        self, words: Sequence[str], environment: Mapping[str, str], *, said: bytes = b"", writes: bool = True
    ) -> None:
        self._said = said
        try:
            self._process = subprocess.Popen(  # noqa: S603  the user's own command, and no shell reads it
                words if writes else [*_WITHOUT_FILES, *words],
                env=environment,
                stdin=subprocess.PIPE if said else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                bufsize=0,
            )
        except OSError as error:
            if error.errno == errno.E2BIG:
                raise TooLongError from None
            raise CannotBuildError(f"{words[0]} cannot be started: {error.strerror}") from None
        self._lock = threading.Lock()
        self._is_over = False

    def run(self, seconds: float) -> Ended:
        """Writes what is said, reads what is printed, until it has ended or so many seconds are over."""
        end = time.monotonic() + seconds
        printed = {"out": bytearray(), "error": bytearray()}
        hung = flooded = False
        with selectors.DefaultSelector() as selector:
            self._register(selector)
            while selector.get_map() or not self._has_ended():
                left = end - time.monotonic()
                hung, flooded = left <= 0, sum(map(len, printed.values())) > _MOST
                if hung or flooded:
                    self.kill()
                    break
                if not selector.get_map():
                    time.sleep(min(left, 0.005))
                    continue
                ready = selector.select(min(left, _LOOK_SECONDS))
                for key, _ in ready:
                    if not self._pass_on(key, printed):
                        selector.unregister(key.fileobj)
                        cast("IO[bytes]", key.fileobj).close()
                if not ready and self._has_ended():
                    break  # what it has left behind keeps its streams
            left_open = [key for key in selector.get_map().values() if key.data != "said"]
        if not (hung or flooded):
            for key in left_open:
                self._drain(key, printed)
        with self._lock:
            self._is_over = True
        return Ended(
            status=self._status(),
            out=bytes(printed["out"]),
            error=bytes(printed["error"]),
            hung=hung,
            flooded=flooded,
        )

    def _register(self, selector: selectors.BaseSelector) -> None:
        streams = (
            ("out", self._process.stdout),
            ("error", self._process.stderr),
            ("said", self._process.stdin),
        )
        for name, stream in streams:
            if stream is not None:
                os.set_blocking(stream.fileno(), False)
                wanted = selectors.EVENT_WRITE if name == "said" else selectors.EVENT_READ
                selector.register(stream, wanted, name)

    def _pass_on(self, key: selectors.SelectorKey, printed: Mapping[str, bytearray]) -> bool:
        """Reads or writes a piece; False where the stream has come to its end."""
        try:
            if key.data == "said":
                self._said = self._said[os.write(key.fd, self._said[:_PIECE]) :]
                return bool(self._said)
            data = os.read(key.fd, _PIECE)
        except BlockingIOError:
            return True
        except OSError:  # nobody reads any more
            return False
        printed[key.data].extend(data)
        return bool(data)

    def _drain(self, key: selectors.SelectorKey, printed: Mapping[str, bytearray]) -> None:
        """Takes what is there: more may come of what the program has left behind, and is not its own."""
        with suppress(BlockingIOError):
            while len(printed[key.data]) <= _MOST and (data := os.read(key.fd, _PIECE)):
                printed[key.data].extend(data)

    # -- its end -------------------------------------------------------------------------------------------------

    def _has_ended(self) -> bool:
        """Whether it has, without taking its status: until that is taken its number is nobody else's."""
        if not hasattr(os, "waitid"):  # macOS before Python 3.13
            return self._process.poll() is not None
        try:
            return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:
            return True

    def _status(self) -> int:
        with suppress(ChildProcessError, AttributeError):
            if (found := os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)) is not None:
                return found.si_status if found.si_code == os.CLD_EXITED else -found.si_status
        return self._process.wait()

    @property
    def is_over(self) -> bool:
        """Whether it has come to its end."""
        with self._lock:
            return self._is_over

    def interrupt(self) -> bool:
        """Ctrl-C for it and all that it has started; False where it is over."""
        return self._signal(signal.SIGINT)

    def kill(self) -> bool:
        """Ends it, and all that it has started, at once; False where it is over."""
        return self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> bool:
        with self._lock:
            if self._is_over:
                return False
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)
            return True

    def end(self) -> None:
        """Ends what it has left behind."""
        with self._lock:
            self._is_over = True
            if self._process.returncode is None:  # not reaped yet: the group's number is its own
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with suppress(OSError):
                    stream.close()


def told_status(status: int) -> str:
    """How a program ended, in words."""
    if status >= 0:
        return f"exit status {status}"
    with suppress(ValueError):
        return f"killed by {signal.Signals(-status).name}"
    return f"killed by signal {-status}"
