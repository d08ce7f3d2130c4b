"""A run: every source to its items, every item to its verdict, every verdict to whoever reports it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from chatproof.validate.files.body import Item, Reason, Unreadable
from chatproof.validate.files.read import items
from chatproof.validate.files.sources import Origin, Source
from chatschema import Kind, Level

from .baseline import Known, fixed, known_of, stable_name
from .policy import Policy, Standing
from .verdict import Outcome, Verdict, settled, verdict_of

__all__ = ["Counts", "Output", "Tally", "Watcher", "run"]


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


class Output(Protocol):
    """One form of report."""

    def take(self, verdict: Verdict) -> None:
        """One more verdict, in the order of the files."""

    def end(self, counts: Counts) -> None:
        """There are no more."""


class Watcher(Protocol):
    """Somebody who wants to know how far a run is."""

    def advance(self, count: int) -> None:
        """So many more bytes were read."""

    def judged(self) -> None:
        """One more item is done."""

    def end(self) -> None:
        """There are no more."""


def run(
    sources: Iterable[Source | Unreadable],
    *,
    kind: Kind | None,
    policy: Policy,
    outputs: Sequence[Output],
    watcher: Watcher,
) -> Counts:
    """Judge all that the sources hold. Memory is bounded by one item, whatever they hold."""
    tally = Tally(policy.known)
    for source in sources:
        origin = source.origin if isinstance(source, Source) else Origin.NAMED
        found = _items(source, kind, watcher.advance)
        for verdict in settled(verdict_of(item, origin, kind=kind, policy=policy) for item in found):
            tally.take(verdict)
            for output in outputs:
                output.take(verdict)
            watcher.judged()
        if isinstance(source, Source):
            tally.file(source.name)
    watcher.end()
    counts = tally.counts()
    for output in outputs:
        output.end(counts)
    return counts


def _items(source: Source | Unreadable, kind: Kind | None, watch: Callable[[int], None]) -> Iterator[Item]:
    if isinstance(source, Unreadable):
        yield source
    else:
        yield from items(source, watch, kind)


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
