"""Reports that are written: beside the one that stands there, which stays until the new one is whole."""

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

__all__ = ["refuse_unwritable", "replacing", "write_text"]


def refuse_unwritable(path: str) -> None:
    """Find out whether a file can be written, and leave it as it is.

    Raises:
        OSError: it cannot.
    """
    file = _file(path)
    if file.is_fifo():  # to open it would wait for its reader, and to close it would be its end
        return
    if file.exists():
        with file.open("ab"):
            return
    with file.open("xb"):
        pass
    file.unlink()


@contextmanager
def replacing(path: str) -> Generator[BinaryIO]:
    """A file that takes the place of the one at that path when it is written to its end; not where that fails.

    What is no file (a pipe, `/dev/stdout`), or stands in a folder that takes no other file, is written in place.

    Raises:
        OSError: it cannot be written.
    """
    file = _file(path)
    beside = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        part = None if file.exists() and not file.is_file() else beside.open("xb")
    except OSError:
        if not file.exists():
            raise
        part = None
    if part is None:
        with file.open("wb") as in_place:
            yield in_place
        return
    try:
        with part:
            yield part
        if file.exists():
            shutil.copymode(file, beside)
        beside.replace(file)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()


def _file(path: str) -> Path:
    """Where a path leads: of a pipe (`/dev/stdout`, a shell's `>(…)`) to no name that can be opened."""
    given = Path(path).absolute()
    return given if given.is_fifo() else given.resolve()


def write_text(path: str, text: str) -> None:
    """Write a report in UTF-8; a lone surrogate, which has no form there, becomes its escape.

    Raises:
        OSError: it cannot be written.
    """
    with replacing(path) as file:
        file.write(text.encode("utf-8", "backslashreplace"))
