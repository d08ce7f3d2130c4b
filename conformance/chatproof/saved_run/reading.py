"""A saved run, read: everything in the file may be anybody's."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from chatproof.saved_run.entry import Kept, kept_of
from chatproof.saved_run.error import SavedRunError
from chatproof.saved_run.facts import Facts

__all__ = ["HAR", "SavedRun", "marked", "read"]

HAR = "exchanges.har"
"""The file of a saved run, in its folder."""

_MOST_BYTES = 512 * 1024 * 1024
_MARK = b'"_chatproof"'
_HEAD = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedRun:
    """What was asked, and the answers in the order in which they were asked for."""

    facts: Facts
    kept: tuple[Kept, ...]


def marked(har: Path) -> bool:
    """Whether a file looks as if it were ours. Raises OSError."""
    if not har.is_file():
        return False
    with har.open("rb") as file:
        return _MARK in file.read(_HEAD)


def read(folder: Path) -> SavedRun:
    """The run that is saved in a folder.

    Raises:
        SavedRunError: there is none, or it cannot be read.
    """
    har = folder / HAR
    try:
        if not folder.exists():
            raise SavedRunError("there is no such folder")
        if not har.exists():
            unfinished = any(folder.glob(".part-*")) if folder.is_dir() else False
            raise SavedRunError(
                "the run that was to be saved there did not come to its end"
                if unfinished
                else f"there is no run of `check --save` in it ({HAR})"
            )
        if not har.is_file():
            raise SavedRunError(f"its {HAR} is no file")
        if har.stat().st_size > _MOST_BYTES:
            raise SavedRunError(f"its {HAR} has more than {_MOST_BYTES // 2**20} MB")
        data = har.read_bytes()
    except OSError as error:
        raise SavedRunError(f"it cannot be read: {error.strerror}") from None
    return _run(data)


def _run(data: bytes) -> SavedRun:
    try:
        value: Any = json.loads(data)
    except (ValueError, RecursionError):
        raise SavedRunError(f"its {HAR} is no JSON, or not whole") from None
    log = _members(_members(value).get("log"))
    if "_chatproof" not in log:
        raise SavedRunError(
            f"its {HAR} is not by `check --save`: `chatproof validate` judges what others recorded"
        )
    facts = Facts.from_json(log["_chatproof"])
    entries = log.get("entries")
    if not isinstance(entries, list):
        raise SavedRunError(f"its {HAR} has no entries")
    kept = sorted(map(kept_of, cast("list[object]", entries)), key=lambda one: one.at)
    return SavedRun(facts=facts, kept=tuple(kept))


def _members(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}
