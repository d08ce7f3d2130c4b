"""A store that forgets: for who wants nothing to be written down."""

from collections.abc import Generator
from contextlib import contextmanager

from chatproof.clients.history_store import HistoryStore
from chatproof.clients.transcripts import Transcripts

__all__ = ["MemoryStore"]


class MemoryStore(HistoryStore):
    """A `HistoryStore` without a file: nothing is left of it when the process ends."""

    def __init__(self, *, cap: int | None = None) -> None:
        super().__init__("nowhere", cap=cap)
        self._kept: Transcripts = {}

    def _read(self) -> Transcripts:
        return {key: [*rounds] for key, rounds in self._kept.items()}

    def _load(self) -> Transcripts:
        return self._read()

    def _save(self, transcripts: Transcripts) -> None:
        self._kept = transcripts

    @contextmanager
    def _locked(self) -> Generator[None]:
        yield
