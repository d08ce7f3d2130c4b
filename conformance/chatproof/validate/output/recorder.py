"""What a baseline has to know of a run."""

from chatproof.validate.judging.baseline import MOST_KNOWN, Known, known_of, stable_name
from chatproof.validate.judging.policy import Standing
from chatproof.validate.judging.verdict import Counts, Verdict

__all__ = ["Recorder"]


class Recorder:
    """Collects what a baseline has to know; `old` are the entries of the one that was there before."""

    def __init__(self, old: frozenset[Known]) -> None:
        self._old = old
        self._found: set[Known] = set()
        self._files: set[str] = set()

    def take(self, verdict: Verdict) -> None:
        """One more verdict."""
        self._files.add(stable_name(verdict.place.file))
        for violation in verdict.standing(Standing.FAILS, Standing.KNOWN):
            if len(self._found) <= MOST_KNOWN:
                self._found.add(known_of(verdict.place, violation))

    def end(self, counts: Counts) -> None:
        """Nothing is left to do."""

    def known(self) -> frozenset[Known]:
        """What was found, and what was known of files that this run did not read."""
        kept = {entry for entry in self._old if entry.file not in self._files}
        return frozenset(self._found | kept)
