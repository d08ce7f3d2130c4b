"""A run: every source to its items, every item to its verdict, every verdict to whoever reports it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from chatproof.report.plain import plain
from chatproof.validate.files.body import Item, Place, Unreadable
from chatproof.validate.files.read import items
from chatproof.validate.files.sources import Origin, Source
from chatproof.validate.output.output import Output, where
from chatschema import Kind

from .baseline import MOST_KNOWN, Known, known_of, stable_name
from .policy import Policy, Standing
from .tally import Counts, Tally
from .verdict import Outcome, Verdict, verdict_of

__all__ = ["Complaints", "Recorder", "Watcher", "run"]


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
        for item in _items(source, kind, watcher.advance):
            origin = source.origin if isinstance(source, Source) else Origin.NAMED
            verdict = verdict_of(item, origin, kind=kind, policy=policy)
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


class Complaints:
    """Says what could not be judged, and why: on the error stream, whatever the report is."""

    _MOST = 20

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._first: dict[tuple[str, str], Place] = {}
        self._times: Counter[tuple[str, str]] = Counter()
        self._left_out = 0

    def take(self, verdict: Verdict) -> None:
        """One more verdict."""
        if verdict.outcome is not Outcome.UNREADABLE:
            return
        key = verdict.place.file, verdict.why
        if key in self._first or len(self._first) < self._MOST:
            self._first.setdefault(key, verdict.place)
            self._times[key] += 1
        else:
            self._left_out += 1

    def end(self, counts: Counts) -> None:
        """Say each thing once for a file."""
        del counts
        for key, place in self._first.items():
            more = f" (and {self._times[key] - 1:,} more here)" if self._times[key] > 1 else ""
            self._write(f"chatproof: {plain(where(place))}: {plain(key[1])}{more}")
        if self._left_out:
            self._write(f"chatproof: and {self._left_out:,} more that cannot be judged")


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
