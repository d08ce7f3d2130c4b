"""No file can grow: a disk that is full, for the processes of a client and for whoever runs them."""

import os
import resource
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

__all__ = ["allow_files", "can_forbid_files", "forbid_files"]


def can_forbid_files() -> bool:
    """Whether the limits of other processes can be set here: Linux has a call for that."""
    return hasattr(resource, "prlimit") and Path("/proc/self/stat").exists()


def forbid_files(session: int) -> None:
    """For all processes of a session. They are not killed by it where SIGXFSZ is ignored in them."""
    _set(session, 0)


def allow_files(session: int) -> None:
    """As it was."""
    _set(session, None)


def _set(session: int, most: int | None) -> None:
    for pid in _processes(session):
        with suppress(OSError):
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard if most is None else most, hard))


def _processes(session: int) -> Iterator[int]:
    for entry in os.listdir("/proc"):  # noqa: PTH208  names alone
        if entry.isdigit():
            with suppress(OSError):
                if os.getsid(int(entry)) == session:
                    yield int(entry)
