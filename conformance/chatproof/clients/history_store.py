"""Transcripts on disk: those of all conversations in one file, which several processes share.

Rule 1: the file is the truth. It is read for each ask, and read again, under a lock, before it is written.
Rule 2: only whole rounds are written, and the file is replaced, never changed: whoever reads it, whenever, reads rounds
        that were finished.
Rule 3: what cannot be read is set aside under another name, never written over.
Rule 4: a disk that takes nothing costs nobody an answer: what could not be written is kept here, and written with the
        next round.
"""

import os
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from threading import Lock

from chatproof.clients.file_lock import locked
from chatproof.clients.files import OddFileError, read_bounded, replace_file
from chatproof.clients.transcripts import Damaged, Round, Transcripts, dumped, dumped_as_version_1, parsed
from chatproof.gate import Gate

__all__ = ["HistoryStore", "Round", "round_now", "warn_on_stderr"]


def warn_on_stderr(text: str) -> None:
    """Say it where the user sees it, and no program that reads the replies."""
    with suppress(OSError, ValueError):  # stderr may be full or closed, too
        print(f"warning: {Gate().line(text)}", file=sys.stderr, flush=True)  # noqa: T201


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A round that is to be recorded, in the place of another or at the end."""

    key: str
    new: Round
    instead_of: Round | None = None

    def apply(self, transcripts: Transcripts, most: int | None) -> None:
        rounds = transcripts.get(self.key, [])
        if self.instead_of is not None and self.instead_of in rounds:
            at = max(at for at, one in enumerate(rounds) if one == self.instead_of)
            rounds = [*rounds[:at], self.new, *rounds[at + 1 :]]
        else:  # another process has recorded since, or the cap has pushed it out
            rounds = [*rounds, self.new]
        transcripts[self.key] = _capped(rounds, most)


class HistoryStore:
    """The rounds of many conversations, by key.

    `cap` is the number of messages that are kept of each (None: all), in whole rounds; the oldest go first. `warn` is
    told in one sentence what went wrong with the file. Safe to use from several threads and processes.
    """

    def __init__(
        self, path: Path | str, *, cap: int | None = 100, warn: Callable[[str], None] = warn_on_stderr
    ) -> None:
        self.path = Path(os.path.realpath(path))  # a link stays one: what it leads to is replaced
        self._most = None if cap is None else cap // 2
        self._warn = warn
        self._unwritten: list[_Change] = []
        self._mutex = Lock()

    def rounds(self, key: str) -> list[Round]:
        """The rounds of a conversation, oldest first; those too that could not be written yet."""
        with self._mutex:
            transcripts = self._read()
            for change in self._unwritten:
                change.apply(transcripts, self._most)
        rounds = transcripts.get(key, [])
        return _capped(rounds, self._most)

    def keys(self) -> list[str]:
        """The keys of all conversations that are in the file."""
        return list(self.transcripts())

    def transcripts(self) -> Transcripts:
        """The rounds of all conversations that are in the file."""
        with self._mutex:
            return self._read()

    def record(self, key: str, new: Round, *, instead_of: Round | None = None) -> None:
        """Add a round, or put it in the place of another. One that cannot be written is kept, and `warn` is told."""
        with self._mutex:
            self._unwritten.append(_Change(key=key, new=new, instead_of=instead_of))
            self._write()

    def flush(self) -> None:
        """Try once more to write what could not be written."""
        with self._mutex:
            if self._unwritten:
                self._write()

    def clear(self, key: str) -> bool:
        """Forget a conversation, and nothing else; whether there was one.

        Raises:
            OSError: it cannot be taken out of the file.
        """
        with self._mutex:
            left = [change for change in self._unwritten if change.key != key]
            had = len(left) < len(self._unwritten)

            def without(transcripts: Transcripts) -> bool:
                nonlocal had
                rounds = transcripts.pop(key, None)
                had = bool(rounds) or had  # with a cap of none, a conversation is there without a round
                return rounds is not None

            self._edited(without)
            self._unwritten = left
            return had

    def remove(self, key: str, old: Round) -> bool:
        """Forget one round, the newest that is equal to this; whether it was there.

        Raises:
            OSError: it cannot be taken out of the file.
        """

        def without(transcripts: Transcripts) -> bool:
            for change in self._unwritten:
                change.apply(transcripts, self._most)
            rounds = transcripts.get(key, [])
            at = next((at for at in reversed(range(len(rounds))) if rounds[at] == old), None)
            if at is None:
                return False
            transcripts[key] = [*rounds[:at], *rounds[at + 1 :]]
            if not transcripts[key]:
                del transcripts[key]
            return True

        with self._mutex:
            had = self._edited(without)
            if had:
                self._unwritten.clear()
            return had

    def copy(self, key: str, rounds: Sequence[Round]) -> None:
        """Begin a conversation with rounds of another one.

        Raises:
            ValueError: there is one of that key.
            OSError: the file cannot be written.
        """

        def begun(transcripts: Transcripts) -> bool:
            if key in transcripts:
                raise ValueError(f"there is {key} already")
            transcripts[key] = _capped([*rounds], self._most)
            return True

        with self._mutex:
            self._edited(begun)

    def older(self) -> None:
        """Write the file as version 1 had it, to try what reads it. Raises OSError."""
        with self._mutex, self._locked():
            replace_file(self.path, dumped_as_version_1(self._load()))

    def _edited(self, edit: Callable[[Transcripts], bool]) -> bool:
        """Change the file under the lock, unless `edit` finds nothing to change; whether it did. Raises OSError."""
        with self._locked():
            transcripts = self._load()
            if not edit(transcripts):
                return False
            self._save(transcripts)
            return True

    def _read(self) -> Transcripts:
        """What the file holds, without waiting for those who write it: it is always whole."""
        try:
            return parsed(read_bounded(self.path)).transcripts
        except FileNotFoundError:
            return {}
        except (Damaged, OSError):  # looked at once more by one process alone, which puts it right if it can
            return self._tried(lambda _: None)

    def _write(self) -> None:
        def write(transcripts: Transcripts) -> None:
            for change in self._unwritten:
                change.apply(transcripts, self._most)
            self._save(transcripts)
            self._unwritten.clear()

        self._tried(write)

    def _tried(self, act: Callable[[Transcripts], None]) -> Transcripts:
        """Do something under the lock with what the file holds, or warn; what it held, nothing where nobody knows."""
        transcripts: Transcripts = {}
        try:
            with self._locked():
                transcripts = self._load()
                act(transcripts)
        except OSError as error:
            self._warn(f"the history {self.path} cannot be read or written: {error.strerror or error}")
        return transcripts

    def _load(self) -> Transcripts:
        """What the file holds; one that cannot be understood is set aside. Under the lock.

        Raises:
            OSError: it cannot be read, or not set aside.
        """
        try:
            data = read_bounded(self.path)
            found = parsed(data)
        except FileNotFoundError:
            return {}
        except (Damaged, OddFileError) as error:
            aside = self._free("damaged")
            self.path.rename(aside)
            self._warn(f"{self.path} is no history ({error}): it was set aside as {aside.name}")
            return {}
        if found.is_old:  # the new file has not all that the old one had
            replace_file(self._free("version-1"), data)
        return found.transcripts

    def _save(self, transcripts: Transcripts) -> None:
        replace_file(self.path, dumped(transcripts))

    def _free(self, word: str) -> Path:
        """A name beside the file that is not taken."""
        names = (self.path.with_name(f"{self.path.name}.{word}-{n}") for n in count(1))
        return next(name for name in names if not os.path.lexists(name))

    @contextmanager
    def _locked(self) -> Generator[None]:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(self.path.with_name(f"{self.path.name}.lock")):
            yield


def _capped(rounds: list[Round], most: int | None) -> list[Round]:
    return rounds if most is None else rounds[max(len(rounds) - most, 0) :]


def round_now(said: str, replied: str) -> Round:
    """A round that ended now."""
    return Round(at=datetime.now(UTC).isoformat(timespec="seconds"), user=said, assistant=replied)
