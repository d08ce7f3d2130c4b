"""What a client keeps in its folder: looked at after each move, and spoiled where a plan says so."""

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from chatproof.history.model.plan import Spoilage
from chatproof.history.model.seen import File

__all__ = ["files_in", "furnish", "lost_from", "spoil_files"]

_FOREIGN = "settings-of-another-program.ini"

_MOST_FILES = 200
_MOST_BYTES = 16 * 1024 * 1024
"""So much of a file is read; the digest is of that."""

_DEPTH = 8

_OTHER_SHAPE = b'{"version": 99, "conversations": "none"}\n'
_NO_TEXT = bytes(range(256)) * 4


def _half(data: bytes) -> bytes:
    """Half of a file, which ends in the middle of a line: what ends with one may be whole."""
    half = data[: len(data) // 2]
    return half.rstrip(b"\n")[:-1] if half.endswith(b"\n") else half


_DAMAGE: Mapping[Spoilage, Callable[[bytes], bytes]] = {
    Spoilage.TRUNCATED: _half,
    Spoilage.EMPTY: lambda _: b"",
    Spoilage.BINARY: lambda _: _NO_TEXT,
    Spoilage.SCHEMA: lambda _: _OTHER_SHAPE,
}


def furnish(home: Path) -> None:
    """Puts a file of another program into the folder."""
    path = home / _FOREIGN
    path.touch(mode=0o600)
    path.write_text("[window]\nwidth = 80\n", encoding="ascii")


def files_in(home: Path, key: str) -> dict[str, File]:
    """The regular files in a folder, by path; `key` is looked for in them. Modes are as their folders leave them."""
    found: dict[str, File] = {}
    for path, status in _regular(home):
        data = _read(path)
        found[path.relative_to(home).as_posix()] = File(
            mode=_reachable(path, home, stat.S_IMODE(status.st_mode)),
            size=status.st_size,
            digest=sha256(data).hexdigest(),
            holds_key=key.encode() in data,
            foreign=path == home / _FOREIGN,
        )
    return found


def spoil_files(home: Path, how: Spoilage, said: tuple[str, ...]) -> dict[str, bytes]:
    """Spoils the files in which one of these texts stands, or where none does, all; what is in them now, by path.

    Raises:
        KeyError: `how` is nothing that can be done to a file from outside.
    """
    damage = _DAMAGE[how]
    everything = [path for path, status in _regular(home) if status.st_size and path != home / _FOREIGN]
    marks = [text.encode() for text in said]
    stores = [path for path in everything if any(mark in data for data in [_read(path)] for mark in marks)]
    spoiled: dict[str, bytes] = {}
    for path in stores or everything:
        data = damage(_read(path))
        path.write_bytes(data)
        spoiled[path.relative_to(home).as_posix()] = data
    return spoiled


def lost_from(home: Path, spoiled: Mapping[str, bytes]) -> tuple[str, ...]:
    """The spoiled files whose bytes stand in no file of the folder any more, under whatever name."""
    if not spoiled:
        return ()
    there = [_read(path) for path, _ in _regular(home)]
    return tuple(path for path, data in spoiled.items() if data and not any(data in one for one in there))


def _reachable(path: Path, home: Path, mode: int) -> int:
    """The mode of a file, without the bits of those whom a folder on the way shuts out."""
    for folder in path.relative_to(home).parents[:-1]:
        try:
            allowed = stat.S_IMODE((home / folder).lstat().st_mode)
        except OSError:
            continue
        for who in (stat.S_IRWXG, stat.S_IRWXO):
            if not allowed & who & 0o011:
                mode &= ~who
    return mode


def _regular(home: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """No links: what they lead to is not the client's folder."""
    count = 0
    for folder, folders, names in os.walk(home):
        if len(Path(folder).relative_to(home).parts) >= _DEPTH:
            folders.clear()
        folders.sort()
        for name in sorted(names):
            path = Path(folder) / name
            try:
                status = path.lstat()
            except OSError:
                continue
            if stat.S_ISREG(status.st_mode):
                count += 1
                if count > _MOST_FILES:
                    return
                yield path, status


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES)
    except OSError:
        return b""
