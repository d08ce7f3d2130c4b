"""Files as streams of plain bytes: read in blocks, unpacked where they are gzip, and counted for the progress bar."""

import gzip
import io
import sys
import zlib
from collections.abc import Callable, Generator
from contextlib import contextmanager

from .body import ITEM_LIMIT
from .sources import Source

__all__ = ["HEAD", "BrokenError", "opened"]

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
def opened(source: Source, watch: Callable[[int], None]) -> Generator[io.BufferedReader]:
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
