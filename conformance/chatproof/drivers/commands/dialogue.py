"""A program that reads lines and prints, on a terminal of its own or on pipes, and lives until it is ended.

The terminal echoes nothing, wraps nothing, and changes no line ends. It collects lines, so that there is an end of
input on it, but for those that are longer than it can hold: they are handed over as they come.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

from chatproof.drivers.commands.program import told_status
from chatproof.drivers.limits import forbid_files
from chatproof.history.model.endpoint import CannotBuildError

__all__ = ["Dialogue", "EndedError", "FloodedError"]

_PIECE = 65_536

_MOST = 8 * 1024 * 1024
"""Bytes that are printed between two lines: more than any reply has."""

_LONGEST_LINE = 1_000
"""Bytes of a line that a terminal surely collects: Linux takes 4095, macOS 1023."""

_COLUMNS, _ROWS = 4_096, 200

_ON_ITS_TERMINAL = ("/bin/sh", "-c", 'trap "" XFSZ; exec "$@" <>"$0" >&0 2>&1')
"""Opens the terminal as the first of a session does, whose own it becomes. Where a disk is full, nobody is killed."""

_ON_PIPES = ("/bin/sh", "-c", 'trap "" XFSZ; exec "$@" 2>&1', "sh")

_INTERRUPT_SECONDS = 0.02


class EndedError(Exception):
    """The program has ended; the text says how."""


class FloodedError(Exception):
    """The program printed more than anybody reads."""


class Dialogue:
    """Starts at once. `interrupt` and `kill` come from any thread.

    Raises:
        CannotBuildError: it cannot be started.
    """

    def __init__(self, words: Sequence[str], environment: Mapping[str, str], *, piped: bool) -> None:
        self._lock = threading.Lock()
        self._is_terminal = not piped
        self._hands_over = False
        try:
            if piped:
                self._start_on_pipes(words, environment)
            else:
                self._start_on_a_terminal(words, environment)
        except OSError as error:
            raise CannotBuildError(f"{words[0]} cannot be started: {error.strerror}") from None
        for fd in {self._reading, self._writing}:
            os.set_blocking(fd, False)

    def _start_on_pipes(self, words: Sequence[str], environment: Mapping[str, str]) -> None:
        theirs, self._writing = os.pipe()
        self._reading, out = os.pipe()
        try:
            self._process = subprocess.Popen(  # noqa: S603  the user's own command
                [*_ON_PIPES, *words], env=environment, stdin=theirs, stdout=out, start_new_session=True
            )
        except OSError:
            os.close(self._writing)
            os.close(self._reading)
            raise
        finally:
            os.close(theirs)
            os.close(out)

    def _start_on_a_terminal(self, words: Sequence[str], environment: Mapping[str, str]) -> None:
        master, slave = pty.openpty()
        self._reading = self._writing = master
        try:
            _as_it_comes(slave)
            nothing = subprocess.DEVNULL
            self._process = subprocess.Popen(  # noqa: S603  the user's own command
                [*_ON_ITS_TERMINAL, os.ttyname(slave), *words],
                env=environment,
                stdin=nothing,
                stdout=nothing,
                stderr=nothing,
                start_new_session=True,
            )
        except BaseException:
            os.close(slave)
            os.close(master)
            raise
        self._slave = (
            slave  # kept open until the program has it: a terminal that nobody has open is at its end
        )

    # -- lines and output ----------------------------------------------------------------------------------------

    def write(self, data: bytes, seconds: float) -> bytes:
        """Writes all of it, and gives back what is printed meanwhile.

        Raises:
            TimeoutError: nobody reads it.
            EndedError, FloodedError: see there.
        """
        if self._is_terminal and len(data) > _LONGEST_LINE:
            self._hand_over()
        end, printed = time.monotonic() + seconds, bytearray()
        while data:
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError
            readable, writable, _ = select.select((self._reading,), (self._writing,), (), left)
            if readable:
                printed += self._piece()
            if len(printed) > _MOST:
                raise FloodedError
            if writable:
                try:
                    data = data[os.write(self._writing, data[:_PIECE]) :]
                except BlockingIOError:
                    continue
                except OSError:
                    raise EndedError(self.status()) from None
        return bytes(printed)

    def _hand_over(self) -> None:
        """Has the terminal collect nothing; where the program has seen to that itself, it stays as it is."""
        attributes = termios.tcgetattr(self._writing)
        if attributes[3] & termios.ICANON:
            attributes[3] &= ~termios.ICANON
            attributes[6][termios.VMIN], attributes[6][termios.VTIME] = 1, 0
            termios.tcsetattr(self._writing, termios.TCSANOW, attributes)
            self._hands_over = True

    def collect_lines(self) -> None:
        """Once a long line was read: as before."""
        if self._hands_over:
            self._hands_over = False
            with suppress(OSError, termios.error):
                attributes = termios.tcgetattr(self._writing)
                attributes[3] |= termios.ICANON
                termios.tcsetattr(self._writing, termios.TCSANOW, attributes)

    def read(self, seconds: float) -> bytes:
        """What is printed next, as soon as anything is; empty where nothing is in time.

        Raises:
            EndedError: it has ended, and all that it printed was read.
        """
        readable, _, _ = select.select((self._reading,), (), (), max(seconds, 0.0))
        if readable:
            return self._piece()
        if self.has_ended():
            self._let_go()
        return b""

    def _piece(self) -> bytes:
        try:
            data = os.read(self._reading, _PIECE)
        except BlockingIOError:
            return b""
        except OSError:  # a terminal that its program has left
            data = b""
        if not data:
            raise EndedError(self.status())
        self._let_go()
        return data

    def _let_go(self) -> None:
        """Once the program prints, its terminal is its own: when it ends, so does what can be read."""
        if self._is_terminal and self._slave >= 0:
            os.close(self._slave)
            self._slave = -1

    # -- its end -------------------------------------------------------------------------------------------------

    def has_ended(self) -> bool:
        """Whether it has."""
        with self._lock:
            return self._process.poll() is not None

    def status(self) -> str:
        """How it ended, in words; it is given a moment for that."""
        with suppress(subprocess.TimeoutExpired):
            return told_status(self._process.wait(1.0))
        return "it closed its terminal"

    def forbid_files(self) -> None:
        """No file can grow any more, of it and of what it has started."""
        forbid_files(self._process.pid)

    def interrupt(self) -> bool:
        """Ctrl-C; False where it has ended."""
        return self._signal(signal.SIGINT)

    def end_of_input(self) -> None:
        """Ctrl-D, or the end of the pipe."""
        with suppress(OSError):
            if not self._is_terminal:
                os.close(self._writing)
                self._writing = -1
                return
            os.write(self._writing, b"\x04")

    def end(self, seconds: float) -> bytes:
        """Waits for its end so long, then ends it with all that it has started; what it printed meanwhile."""
        printed, end = bytearray(), time.monotonic() + seconds
        with suppress(EndedError):
            while time.monotonic() < end and len(printed) < _MOST and not self.has_ended():
                printed += self.read(_INTERRUPT_SECONDS)
        self.kill()
        return bytes(printed)

    def kill(self) -> None:
        """Ends it, and all that it has started, at once."""
        self._signal(signal.SIGKILL)
        self._process.wait()
        self._let_go()
        for fd in {self._reading, self._writing} - {-1}:
            with suppress(OSError):
                os.close(fd)
        self._reading = self._writing = -1

    def _signal(self, number: signal.Signals) -> bool:
        with self._lock:
            if self._process.poll() is not None and number != signal.SIGKILL:
                return False
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)
            return True


def _as_it_comes(slave: int) -> None:
    """No echo, no line editing, no change of line ends, and so wide that nobody wraps for its sake."""
    attributes = termios.tcgetattr(slave)
    attributes[0] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON | termios.IXOFF)
    attributes[1] &= ~termios.OPOST
    attributes[3] &= ~(termios.ECHO | termios.ECHONL | termios.IEXTEN)
    termios.tcsetattr(slave, termios.TCSANOW, attributes)
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", _ROWS, _COLUMNS, 0, 0))
