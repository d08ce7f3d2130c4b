"""A run is saved while it goes on: each exchange in a file of its own, which are one HAR when it ends.

Several processes write side by side. A run that is killed leaves the former HAR as it was.
"""

import json
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from chatproof.findings.version import __version__
from chatproof.gate import Gate
from chatproof.gate.escaping import json_text
from chatproof.probe import Exchange, Exchanger, Medium, Sent
from chatproof.report.files import refuse_unwritable, replacing
from chatproof.saved_run.entry import entry_of
from chatproof.saved_run.error import SavedRunError
from chatproof.saved_run.facts import Asked, Facts, asked_of
from chatproof.saved_run.reading import HAR, marked

__all__ = ["Saver", "begin", "finish"]

_ASKED = "asked-"
_SENT = "sent-"


def begin(folder: Path) -> Path:
    """A folder for the files of a run that begins, in the one where it is to be saved.

    Raises:
        SavedRunError: nothing can be saved there.
    """
    har = folder / HAR
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if har.exists() and not marked(har):
            raise SavedRunError(f"there is a {HAR} that is no run of chatproof's: it is left as it is")
        refuse_unwritable(str(har))
        return Path(tempfile.mkdtemp(prefix=".part-", dir=folder))
    except OSError as error:
        raise SavedRunError(f"nothing can be written there: {error.strerror}") from None


class Saver:
    """Writes down what one process asks and gets. What cannot be written is told at the end: the run goes on."""

    def __init__(self, parts: Path, worker: str, gate: Gate) -> None:
        self._parts = parts
        self._worker = worker
        self._gate = gate
        self._number = 0
        self._lock = threading.Lock()
        self.trouble = ""

    def medium(self) -> Medium:
        """The network, with this one beside it."""
        return Medium(exchanger=self._beside)

    def asks(self, asked: Asked) -> None:
        """Write down how this process asks."""
        self._write(f"{_ASKED}{self._worker}.json", lambda: json.dumps(asdict(asked)))

    def keep(self, exchange: Exchange, connections: int = 0) -> None:
        """Write an exchange down; one of several, with the connections that they took so far."""
        with self._lock:
            self._number += 1
            number = self._number
        name = f"{_SENT}{exchange.at:020.6f}-{self._worker}-{number:06}.json"
        self._write(name, lambda: json_text(entry_of(exchange, self._worker, self._gate, connections)))

    def _write(self, name: str, text: Callable[[], str]) -> None:
        try:
            with replacing(str(self._parts / name)) as file:
                file.write(text().encode())
        except OSError as error:
            self.trouble = self.trouble or str(error.strerror)

    def _beside(self, make: Callable[[], Exchanger]) -> Exchanger:
        return _Beside(make(), self)


class _Beside:
    """Makes exchanges, and keeps them."""

    def __init__(self, client: Exchanger, saver: Saver) -> None:
        self._client = client
        self._saver = saver

    def exchange(self, sent: Sent, seconds: float) -> Exchange:
        exchange = self._client.exchange(sent, seconds)
        self._saver.keep(exchange)
        return exchange

    def together(
        self,
        sents: Iterable[Sent],
        seconds: float,
        before: Callable[[Sent], object],
        after: Callable[[Exchange, int], object],
    ) -> None:
        def keep(exchange: Exchange, connections: int) -> None:
            self._saver.keep(exchange, connections)
            after(exchange, connections)

        self._client.together(sents, seconds, before, keep)

    def stop(self) -> None:
        self._client.stop()

    def close(self) -> None:
        self._client.close()


def asked_in(parts: Path) -> dict[str, Asked]:
    """How each process of the run asked."""
    files = sorted(parts.glob(f"{_ASKED}*.json"))
    return {file.stem.removeprefix(_ASKED): asked_of(json.loads(file.read_bytes())) for file in files}


def finish(folder: Path, parts: Path, facts: Callable[[dict[str, Asked]], Facts]) -> None:
    """Make one HAR of the files, in the place of the former one. `facts` gets how each process asked.

    Raises:
        SavedRunError: it cannot be written.
    """
    try:
        told = facts(asked_in(parts)).to_json()
        creator = {"name": "chatproof", "version": __version__}
        with replacing(str(folder / HAR)) as file:
            head = json_text({"version": "1.2", "creator": creator, "_chatproof": told})
            file.write(b'{"log":' + head[:-1].encode("utf-8", "backslashreplace") + b',"entries":[')
            for number, part in enumerate(sorted(parts.glob(f"{_SENT}*.json"))):
                file.write((b",\n" if number else b"\n") + part.read_bytes())
            file.write(b"\n]}}\n")
    except OSError as error:
        raise SavedRunError(f"the run cannot be written there: {error.strerror}") from None
    finally:
        with suppress(OSError):
            shutil.rmtree(parts)
