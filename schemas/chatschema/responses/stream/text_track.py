"""One text of a stream as far as it came, and what it owes to those who repeat it."""

from collections.abc import Iterator

from chatschema.core.describe import seen
from chatschema.core.violation import Violation
from chatschema.judging.violation_kind import ViolationKind

from .piece_grammar import TEXT, TextPhase, TextStep
from .violation_kinds import DISAGREES, of_piece

__all__ = ["TextTrack"]


class TextTrack:
    """Pieces, and then the whole."""

    def __init__(self) -> None:
        self._phase = TextPhase.NEW
        self._pieces: list[str] = []
        self._disputed = False  # somebody disagreed: to say that once is enough

    @property
    def joined(self) -> str:
        """What came so far."""
        self._pieces[:] = ["".join(self._pieces)]  # it is asked for again
        return self._pieces[0]

    @property
    def began(self) -> bool:
        """Whether any event brought it."""
        return self._phase is not TextPhase.NEW

    def step(self, step: TextStep) -> ViolationKind | None:
        """A piece, the whole, or the end of the item."""
        self._phase, violates = TEXT[self._phase, step]
        return violates

    def append(self, piece: str) -> None:
        """One more piece."""
        self._pieces.append(piece)

    def put(self, whole: str) -> None:
        """It is this, whatever came."""
        self._pieces[:] = [whole]

    def agrees(self, whole: str, piece: str, path: str) -> Iterator[Violation]:
        """Whoever repeats the text says the same; `piece` is the item's name."""
        if self._disputed or self.joined == whole:
            return
        self._disputed = True
        yield of_piece(DISAGREES, piece, path, seen(whole), expected=seen(self.joined))
