"""Recordings on disk: a folder with one file an exchange, and its reading."""

import contextlib
import re
import tempfile
import threading
from pathlib import Path

from chatfake.core.http import Request
from chatfake.core.json_text import JsonError, JsonValue, parse
from chatfake.recording.exchange import Exchange, RecordingError
from chatfake.recording.file_format import parse_exchange
from chatfake.recording.json_lines import parse_line
from chatfake.recording.matching import match_key

#: Bytes of one file.
MAX_FILE = 512 * 1024 * 1024
_NUMBERED = re.compile(r"(.+)-(\d{1,9})\.json")


def file_stem(request: Request) -> str:
    """A name made from what is compared of a request: the same in every run."""
    found = match_key(request)
    words = "-".join(re.findall(r"[A-Za-z0-9]+", found.path))[:60] or "root"
    return f"{found.method.lower()}-{words}-{found.identity[:12]}"


class Folder:
    """Where recordings are written. The same request again gets the next number; nothing is overwritten.

    Safe to use from several threads. `RecordingError` where nothing can be written there.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        self._lock = threading.Lock()
        self._last: dict[str, int] = {}
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._path):
                pass
            names = [one.name for one in self._path.iterdir()]
        except OSError as error:
            raise RecordingError(f"cannot write into {path}: {error.strerror or error}") from None
        for name in names:
            if found := _NUMBERED.fullmatch(name):
                self._last[found[1]] = max(self._last.get(found[1], 0), int(found[2]))

    def reserve(self, stem: str) -> str:
        """The name of the next file of a stem: requests are numbered as they come, not as they end."""
        with self._lock:
            number = self._last[stem] = self._last.get(stem, 0) + 1
        return f"{stem}-{number}.json"

    def write(self, name: str, text: str) -> None:
        """Writes a file whole or not at all."""
        place = ""
        try:
            with tempfile.NamedTemporaryFile(
                "w", dir=self._path, prefix=".", suffix=".part", delete=False, encoding="utf-8", newline="\n"
            ) as file:
                place = file.name
                file.write(text)
            Path(place).chmod(
                0o644
            )  # a temporary file is its owner's alone; this one may be committed and shared
            Path(place).replace(self._path / name)
        except OSError as error:
            with contextlib.suppress(OSError):
                Path(place).unlink()
            raise RecordingError(f"cannot write {self._path / name}: {error.strerror or error}") from None


def read_recordings(path: str | Path) -> tuple[Exchange, ...]:
    """All exchanges of a folder's `.json` and `.jsonl` files, or of one file; repeats in their order.

    `RecordingError` names the file that cannot be read, and says so where there is none.
    """
    place = Path(path)
    try:
        files = (
            sorted((one for one in place.iterdir() if _is_recording(one)), key=_order)
            if place.is_dir()
            else [place]
        )
        found = tuple(exchange for file in files for exchange in _read(file))
    except OSError as error:
        raise RecordingError(f"cannot read {error.filename or path}: {error.strerror or error}") from None
    if not found:
        raise RecordingError(f"there are no recordings in {path}")
    return found


def _is_recording(path: Path) -> bool:
    return path.suffix in (".json", ".jsonl") and not path.name.startswith(".") and path.is_file()


def _order(path: Path) -> tuple[str, int, str]:
    """A sort key by which the tenth repeat comes after the second."""
    found = _NUMBERED.fullmatch(path.name)
    return (found[1], int(found[2]), "") if found else (path.name, 0, path.suffix)


def _read(file: Path) -> list[Exchange]:
    if file.stat().st_size > MAX_FILE:
        raise RecordingError(f"{file}: more than {MAX_FILE // 1024**2} MB")
    data = file.read_bytes()
    if file.suffix == ".json":
        return [parse_exchange(_parsed(data, str(file)), str(file))]
    lines = enumerate(data.split(b"\n"), start=1)
    found = (
        parse_line(_parsed(line, f"{file}, line {number}"), f"{file}, line {number}")
        for number, line in lines
        if line.strip()
    )
    return [one for one in found if one is not None]


def _parsed(data: bytes, source: str) -> JsonValue:
    try:
        return parse(data.removeprefix(b"\xef\xbb\xbf"))
    except JsonError as error:
        raise RecordingError(f"{source}: this is no JSON: {error}") from None
