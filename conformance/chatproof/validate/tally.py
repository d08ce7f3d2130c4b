"""How a run came out, in numbers."""

from collections import Counter
from dataclasses import dataclass

from chatschema import Level

from .baseline import Known, fixed, known_of, stable_name
from .policy import Standing
from .verdict import Outcome, Verdict

__all__ = ["Counts", "Tally"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The numbers of a finished run."""

    files: int = 0  #: with a body in them
    judged: int = 0
    valid: int = 0  #: with those that have warnings
    warned: int = 0
    failed: int = 0
    unreadable: int = 0
    skipped: tuple[tuple[str, int], ...] = ()  #: why, and how often
    must: int = 0  #: violations, whatever they do to the run
    should: int = 0
    allowed: int = 0
    known: int = 0
    fixed: tuple[Known, ...] = ()  #: entries of the baseline that are gone


class Tally:
    """Counts verdicts."""

    def __init__(self, known: frozenset[Known]) -> None:
        self._known = known
        self._met: set[Known] = set()
        self._files: set[str] = set()
        self._broken: set[str] = set()
        self._holders: set[str] = set()
        self._outcomes: Counter[Outcome] = Counter()
        self._standings: Counter[Standing] = Counter()
        self._levels: Counter[Level] = Counter()
        self._skipped: Counter[str] = Counter()

    @property
    def judged(self) -> int:
        """Bodies so far."""
        return sum(self._outcomes[one] for one in (Outcome.VALID, Outcome.WARNED, Outcome.FAILED))

    def file(self, name: str) -> None:
        """A file is read."""
        self._files.add(stable_name(name))

    def take(self, verdict: Verdict) -> None:
        """Count one verdict."""
        self._outcomes[verdict.outcome] += 1
        if verdict.outcome is Outcome.SKIPPED:
            self._skipped[verdict.why] += 1
        elif verdict.outcome is Outcome.UNREADABLE:
            self._broken.add(stable_name(verdict.place.file))
        else:
            self._holders.add(verdict.place.file)
        for finding in verdict.findings:
            self._standings[finding.standing] += 1
            self._levels[finding.violation.level] += 1
            if self._known and (entry := known_of(verdict.place, finding.violation)) in self._known:
                self._met.add(entry)

    def counts(self) -> Counts:
        """The numbers now."""
        outcomes, standings = self._outcomes, self._standings
        return Counts(
            files=len(self._holders),
            judged=self.judged,
            valid=self.judged - outcomes[Outcome.FAILED],
            warned=outcomes[Outcome.WARNED],
            failed=outcomes[Outcome.FAILED],
            unreadable=outcomes[Outcome.UNREADABLE],
            skipped=tuple(sorted(self._skipped.items())),
            must=self._levels[Level.MUST],
            should=self._levels[Level.SHOULD],
            allowed=standings[Standing.ALLOWED],
            known=standings[Standing.KNOWN],
            fixed=fixed(self._known, frozenset(self._met), frozenset(self._files - self._broken)),
        )
