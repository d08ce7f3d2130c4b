"""Children of a test that share a store with it. Forked, so that a few hundred of them cost seconds."""

import os
import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

__all__ = ["Child", "forked"]

_PATIENCE = 120
"""Seconds after which a child that hangs is ended by its alarm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A child that is under way; what it says comes line by line."""

    pid: int
    said: BinaryIO

    def kill(self) -> None:
        """End it as the kernel ends a process: it does nothing more, wherever it is."""
        os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """Its exit code; negative for the signal that ended it."""
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


@contextmanager
def forked(work: Callable[[Callable[[str], None]], None]) -> Generator[Child]:
    """Run a function in a child, with a way to say a line. Whoever forks it waits for it."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(reading)
            signal.alarm(_PATIENCE)
            work(lambda line: _said(writing, line))
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        yield Child(pid=pid, said=said)


def _said(writing: int, line: str) -> None:
    os.write(writing, line.encode() + b"\n")
