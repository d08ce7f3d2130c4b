"""What a command line names (files, directories, globs, standard input) as one list of files, and their plain bytes.

Files are read in blocks, unpacked where they are gzip, and counted for the progress bar.
"""

import glob
import gzip
import io
import os
import sys
import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from .body import ITEM_LIMIT, Place, Unreadable

__all__ = [
    "HEAD",
    "STDIN",
    "SUFFIXES",
    "BrokenError",
    "Origin",
    "Source",
    "open_file",
    "sources",
    "suffix_of",
]

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
            if name.startswith(".") or suffix_of(name) not in SUFFIXES:
                continue
            if not path.is_file():
                # git-annex and DVC leave such links where the recordings have not been fetched
                if path.is_symlink() and not path.exists():
                    yield Unreadable(place=Place(file=str(path)), why="is a link to nothing that is here")
                continue
            count += 1
            yield Source(name=str(path), path=path, origin=Origin.FOUND)
    if not count:
        kinds = " ".join(sorted(SUFFIXES))
        yield Unreadable(place=Place(file=top), why=f"no file in this directory ends in one of {kinds}")


#: Bytes that can be looked at before anything is read, and the size of a block.
HEAD = 1024 * 1024

#: JSON packs to a twentieth or so, many times the same line to a two-hundredth; gzip itself can reach a thousandth.
_MOST_UNPACKED = 300

_GZIP = b"\x1f\x8b"


class BrokenError(ValueError):
    """The bytes of a file cannot be had, and why."""


class _Blocks(io.RawIOBase):
    """Another stream's bytes, always as many as are asked for: a peek then sees a whole head."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]  # wider than what is used
        view, filled = memoryview(buffer), 0
        while filled < len(view):
            piece = self._read(len(view) - filled)
            if not piece:
                break
            view[filled : filled + len(piece)] = piece
            filled += len(piece)
        return filled


@contextmanager
def open_file(source: Source, watch: Callable[[int], None]) -> Generator[io.BufferedReader]:
    """The bytes of a source. `watch` is told of every block that was read, by its size on the disk.

    Raises OSError where the file cannot be read; reading raises `BrokenError` where it is no whole gzip, or
    unpacks to more than anything honest does.
    """
    if source.path is None:
        yield _plain(sys.stdin.buffer.read, watch)
        return
    with source.path.open("rb", buffering=0) as file:
        yield _plain(lambda size: file.read(size) or b"", watch)


def _plain(read: Callable[[int], bytes], watch: Callable[[int], None]) -> io.BufferedReader:
    count = 0

    def counted(size: int) -> bytes:
        nonlocal count
        piece = read(size)
        count += len(piece)
        watch(len(piece))
        return piece

    packed: io.BufferedReader = io.BufferedReader(_Blocks(counted), HEAD)
    if not packed.peek(2).startswith(_GZIP):
        return packed
    return io.BufferedReader(_Blocks(_unzipping(packed, lambda: count)), HEAD)


def _unzipping(packed: io.BufferedReader, taken: Callable[[], int]) -> Callable[[int], bytes]:
    unzipped, given = gzip.GzipFile(fileobj=packed), 0

    def read(size: int) -> bytes:
        nonlocal given
        try:
            piece = unzipped.read(size)
        except (EOFError, gzip.BadGzipFile, zlib.error):
            raise BrokenError("the gzip is damaged or cut short") from None
        given += len(piece)
        if given > ITEM_LIMIT and given > _MOST_UNPACKED * taken():
            raise BrokenError(
                f"unpacks to more than {_MOST_UNPACKED} times its size; unpack it first if you trust it"
            )
        return piece

    return read
