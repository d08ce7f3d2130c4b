"""One process at a time. The standard library can do it in two calls, so no further package has to."""

import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from random import uniform
from time import monotonic, sleep

__all__ = ["locked"]

_PATIENCE = 30.0
"""Seconds: whoever holds the lock reads and writes one file, and a process that is ended lets go of it."""

_BETWEEN_TRIES = (0.0005, 0.002)
"""Seconds, at random, so that nobody is always too late."""

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _let_go(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _let_go(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


@contextmanager
def locked(path: Path) -> Generator[None]:
    """Hold the lock of a file, which is made where it is missing and never removed. Threads exclude each other too.

    Raises:
        OSError: the file cannot be made, or (TimeoutError) another process holds the lock for half a minute.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _wait(_take, descriptor)
        try:
            yield
        finally:
            _let_go(descriptor)
    finally:
        os.close(descriptor)


def _wait(take: Callable[[int], None], descriptor: int) -> None:
    end = monotonic() + _PATIENCE
    while True:
        try:
            take(descriptor)
        except (BlockingIOError, PermissionError):  # what POSIX and Windows say of a lock that is held
            if monotonic() > end:
                raise TimeoutError("another process holds the lock") from None
            sleep(uniform(*_BETWEEN_TRIES))  # noqa: S311
        else:
            return
