"""The numbers of a run."""

from collections import Counter

from chatproof.validate.files.body import Reason
from chatschema import Level

from .baseline import Known, fixed, known_of, stable_name
from .policy import Standing
from .verdict import Counts, Outcome, Verdict

__all__ = ["Tally"]

#: Reasons for skipping that are counted apart: what lists are of is for the files to say.
_MOST_REASONS = 50


class Tally:
    """Counts verdicts."""

    def __init__(self, known: frozenset[Known]) -> None:
        self._known = known
        self._known_seen: set[Known] = set()
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
        if self._known:
            self._files.add(stable_name(name))

    def take(self, verdict: Verdict) -> None:
        """Count one verdict."""
        self._outcomes[verdict.outcome] += 1
        if verdict.outcome is Outcome.SKIPPED:
            known = verdict.why in self._skipped or len(self._skipped) < _MOST_REASONS
            self._skipped[verdict.why if known else Reason.UNKNOWN] += 1
        elif verdict.outcome is Outcome.UNREADABLE:
            if self._known:
                self._broken.add(stable_name(verdict.place.file))
        else:
            self._holders.add(verdict.place.file)
        for finding in verdict.findings:
            self._standings[finding.standing] += 1
            self._levels[finding.violation.level] += 1
            if self._known and (entry := known_of(verdict.place, finding.violation)) in self._known:
                self._known_seen.add(entry)

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
            fixed=fixed(self._known, frozenset(self._known_seen), frozenset(self._files - self._broken))
            if self._known
            else (),
        )
