"""What a command line names: files, directories, globs and standard input, as one list of files."""

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from .body import Place, Unreadable

__all__ = ["STDIN", "SUFFIXES", "Origin", "Source", "sources", "suffix_of"]

STDIN = "standard input"

#: What is looked at in a directory; a file that is named is read whatever it is called.
SUFFIXES = frozenset({".json", ".jsonl", ".ndjson", ".sse", ".txt", ".har", ".yaml", ".yml"})

_INSTALLED = frozenset({"__pycache__", "node_modules", "site-packages"})


class Origin(StrEnum):
    """How a file came to be read."""

    NAMED = "named"
    FOUND = "found"  #: in a directory, or because it fits a pattern: it may hold anything


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file to read; standard input has no path."""

    name: str
    path: Path | None
    origin: Origin = Origin.NAMED

    @property
    def size(self) -> int:
        """Bytes, as they lie on the disk; 0 where nobody knows."""
        try:
            return self.path.stat().st_size if self.path else 0
        except OSError:
            return 0


def sources(
    arguments: Sequence[str], origin: Origin = Origin.NAMED, *, leave_out: Sequence[str] = ()
) -> Iterator[Source | Unreadable]:
    """The files that `arguments` name, each once, in the order of the command line.

    `origin` is that of what they name themselves, for a hook names whatever has changed. `leave_out` are files
    that the run itself writes: they are no recordings though they lie among them.
    """
    seen = {os.path.realpath(name) for name in leave_out}
    for argument in arguments:
        for found in _named(argument, origin):
            if isinstance(found, Source) and found.path is not None:
                place = os.path.realpath(found.path)
                if place in seen:
                    continue
                seen.add(place)
            yield found


def suffix_of(name: str) -> str:
    """The suffix in lower case, `.gz` taken off: `.jsonl` of `a.JSONL.gz`."""
    return Path(name.lower().removesuffix(".gz")).suffix


def _named(argument: str, origin: Origin) -> Iterator[Source | Unreadable]:
    path = Path(argument)
    if argument == "-":
        yield Source(name=STDIN, path=None, origin=origin)
    elif path.is_dir():
        yield from _directory(argument)
    elif os.path.lexists(argument) or not glob.has_magic(argument):
        yield Source(name=argument, path=path, origin=origin)
    else:
        yield from _glob(argument, origin)


def _glob(pattern: str, origin: Origin) -> Iterator[Source | Unreadable]:
    # glob and not pathlib: the pattern is the user's, absolute or not
    found = glob.glob(pattern, recursive=True)  # noqa: PTH207
    names = sorted(name for name in found if not Path(name).is_dir())
    if not names:
        yield Unreadable(place=Place(file=pattern), why="no file fits this pattern")
    for name in names:
        yield Source(name=name, path=Path(name), origin=origin)


def _is_searched(folder: Path) -> bool:
    """Whether a directory may hold recordings: what is hidden or installed is not looked into."""
    installed = folder.name in _INSTALLED or (folder / "pyvenv.cfg").exists()
    return not folder.name.startswith(".") and not installed


def _directory(top: str) -> Iterator[Source | Unreadable]:
    """Files below `top`; links to directories are not followed."""
    count = 0
    for folder, folders, files in os.walk(top):
        folders[:] = sorted(name for name in folders if _is_searched(Path(folder, name)))
        for name in sorted(files):
            path = Path(folder, name)
            if name.startswith(".") or suffix_of(name) not in SUFFIXES or not path.is_file():
                continue
            count += 1
            yield Source(name=str(path), path=path, origin=Origin.FOUND)
    if not count:
        kinds = " ".join(sorted(SUFFIXES))
        yield Unreadable(place=Place(file=top), why=f"no file in this directory ends in one of {kinds}")
