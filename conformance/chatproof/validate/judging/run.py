"""A run: every source to its items, every item judged, counted, and handed to whoever reports it."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol

from chatproof.gate import Gate
from chatproof.validate.files.body import Body, Item, Place, Reason, Skipped, Unreadable
from chatproof.validate.files.read import items
from chatproof.validate.files.sources import Origin, Source
from chatproof.validate.route import route_of
from chatschema import Judgement, Kind, Level, check

from .baseline import Known, fixed, known_of, stable_name
from .policy import Policy, Standing
from .verdict import Counts, FileFinding, Outcome, Output, Verdict

__all__ = ["Tally", "Watcher", "run", "verdict_of"]

_GATE = Gate()
"""Recordings have keys that nobody knows: what looks like one is masked."""


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
        for item in items(source, watcher.advance, kind):
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
            self._skipped[verdict.why] += 1
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


_UNKNOWN = "is no body of a known kind; --kind says which it is, --skip-unknown passes over it"


def verdict_of(item: Item, origin: Origin, *, kind: Kind | None, policy: Policy) -> Verdict:
    """Judge an item. In a file that the user named, a body of no known kind is a mistake, and elsewhere it is not."""
    if isinstance(item, Skipped):
        return Verdict(place=item.place, outcome=Outcome.SKIPPED, why=item.reason)
    if isinstance(item, Unreadable):
        return Verdict(place=item.place, outcome=Outcome.UNREADABLE, why=_GATE.line(item.why))
    match _judgement_of(item, kind):
        case Reason.UNKNOWN if origin is Origin.NAMED:
            return Verdict(place=item.place, outcome=Outcome.UNREADABLE, why=_UNKNOWN)
        case Reason() as reason:
            return Verdict(place=item.place, outcome=Outcome.SKIPPED, why=reason)
        case _NotJson() if origin is Origin.FOUND and not _is_like_an_answer(item):
            return Verdict(place=item.place, outcome=Outcome.SKIPPED, why=Reason.FORMAT)
        case _NotJson() as why:
            return Verdict(place=item.place, outcome=Outcome.UNREADABLE, why=_GATE.line(why))
        case judgement:
            return _held(item.place, judgement, policy)


def _held(place: Place, judgement: Judgement, policy: Policy) -> Verdict:
    violations = [_GATE.violation(violation) for violation in judgement.violations]
    findings = tuple(
        FileFinding(violation=violation, standing=policy.standing(place, violation))
        for violation in violations
    )
    return Verdict(
        place=place,
        outcome=_outcome({finding.standing for finding in findings}),
        kind=str(judgement.kind or ""),
        findings=findings,
        extensions=tuple(_GATE.line(path) for path in judgement.extensions),
    )


def _outcome(standings: set[Standing]) -> Outcome:
    if Standing.FAILS in standings:
        return Outcome.FAILED
    return Outcome.WARNED if Standing.WARNS in standings else Outcome.VALID


#: A body that says itself what it is, whatever its route is called. In a text these quotes would be escaped.
_NAMED = re.compile(rb'"object"\s*:\s*"(?:chat\.completion(?:\.chunk)?|text_completion|response)"')
_LOOKED_AT = 64 * 1024

#: Members that answers have and configuration files do not.
_TELLING = re.compile(rb'"(?:choices|finish_reason|usage|generated_text|output|embedding)"\s*:')


class _NotJson(str):
    """Why it cannot even be told what a body is."""

    __slots__ = ()


def _judgement_of(body: Body, kind: Kind | None) -> Judgement | Reason | _NotJson:
    """The judgement of a body; or that it is none of ours; or why nothing can be told about it."""
    if kind is not None:
        return check(body.data, kind)
    if "/" not in body.url:  # none was recorded, or it was blotted out
        return _by_content(body)
    route = route_of(body.method, body.url)
    if route is None:
        found = _by_content(body) if _names_itself(body) else Reason.ROUTE
        return found if isinstance(found, Judgement) else Reason.ROUTE  # a file of answers names them too
    found = check(body.data)
    if found.kind in route.kinds_of(body.status):
        return found
    return check(body.data, route.kind_of(body.status, body.content_type))


def _by_content(body: Body) -> Judgement | Reason | _NotJson:
    found = check(body.data)
    if found.kind is not None:
        return found
    broken = (violation for violation in found.violations if violation.rule == "shape.json")
    return next((_NotJson(violation.message) for violation in broken), Reason.UNKNOWN)


def _is_like_an_answer(body: Body) -> bool:
    """Whether what is no JSON may have been an answer before it was cut."""
    return bool(_TELLING.search(_beginning(body)) or _NAMED.search(_beginning(body)))


def _names_itself(body: Body) -> bool:
    if isinstance(body.data, dict):
        return body.data.get("object") in ("chat.completion", "text_completion", "response")
    return bool(_NAMED.search(_beginning(body)))


def _beginning(body: Body) -> bytes:
    match body.data:
        case bytes():
            return body.data[:_LOOKED_AT]
        case str():
            return body.data[:_LOOKED_AT].encode(errors="replace")
        case _:
            return b""
