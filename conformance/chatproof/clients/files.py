"""Files that are whole or as they were: nobody ever reads half of one. What is read is held to a format."""

import json
import os
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG

from chatschema import JsonObject, JsonValue

__all__ = ["OddFileError", "read_bounded", "replace_file", "versioned"]

_MOST_BYTES = 256 * 1024 * 1024


class OddFileError(OSError):
    """What lies there can be no file of ours."""


def replace_file(path: Path, data: bytes) -> None:
    """Write a file for its owner alone. What is written beside it takes its place when it is on the disk.

    One process writes at a time: the name beside it is always the same, so that what a killed one left is
    written over, not left lying.

    Raises:
        OSError: it cannot be written. The old file is as it was.
    """
    beside = path.with_name(f"{path.name}.new")
    with suppress(FileNotFoundError):
        beside.unlink()
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    with suppress(OSError):  # the new file is in its place; not every system lets a folder be written out
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_bounded(path: Path) -> bytes:
    """All of a file.

    Raises:
        OddFileError: it is no ordinary file, or larger than anyone's history.
        OSError: it cannot be read.
    """
    # a pipe must not be waited for
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        if not S_ISREG(os.fstat(descriptor).st_mode):
            raise OddFileError("it is no file")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            data = file.read(_MOST_BYTES + 1)
    finally:
        os.close(descriptor)
    if len(data) > _MOST_BYTES:
        raise OddFileError(f"it is larger than {_MOST_BYTES:,} bytes")
    return data


def versioned(text: str | bytes, form: str, *members: str) -> JsonObject:
    """The JSON object of a text that names this format, and has these members and no others.

    Raises:
        ValueError: it is none; the text says why.
    """
    try:
        value: JsonValue = json.loads(text)
    except RecursionError:
        raise ValueError("the JSON is nested too deep") from None
    if not isinstance(value, dict) or value.get("format") != form:
        raise ValueError(f"it is no {form}")
    if value.keys() != {"format", *members}:
        raise ValueError(f"it has {', '.join(members)} and a format, and nothing else")
    return value
