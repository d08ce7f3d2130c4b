"""What becomes of an item: judged and held to the run's policy, skipped, or unreadable."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from chatproof.validate.files.body import Item, Place, Reason, Skipped, Unreadable
from chatproof.validate.files.sources import Origin
from chatschema import Judgement, Kind, Violation

from .judging import NotJson, is_like_an_answer, judged
from .mask import masked, masked_violation
from .policy import Policy, Standing

__all__ = ["Finding", "Outcome", "Verdict", "verdict_of"]


_UNKNOWN = "is no body of a known kind; --kind says which it is, --skip-unknown passes over it"


class Outcome(StrEnum):
    """How an item came out."""

    VALID = "valid"
    WARNED = "warned"  #: it does not fail the run, and there is something to say
    FAILED = "failed"
    SKIPPED = "skipped"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One violation, with keys masked, and what it does to the run."""

    violation: Violation
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found out about one item."""

    place: Place
    outcome: Outcome
    kind: str = ""
    findings: tuple[Finding, ...] = ()
    extensions: tuple[str, ...] = ()
    why: str = ""  #: why it was skipped (a `Reason`), or is unreadable

    def standing(self, *wanted: Standing) -> Iterator[Violation]:
        """The violations that stand so."""
        return (finding.violation for finding in self.findings if finding.standing in wanted)


def verdict_of(item: Item, origin: Origin, *, kind: Kind | None, policy: Policy) -> Verdict:
    """Judge an item. In a file that the user named, a body of no known kind is a mistake, and elsewhere it is not."""
    if isinstance(item, Skipped):
        return Verdict(place=item.place, outcome=Outcome.SKIPPED, why=item.reason)
    if isinstance(item, Unreadable):
        return Verdict(place=item.place, outcome=Outcome.UNREADABLE, why=masked(item.why))
    match judged(item, kind):
        case Reason.UNKNOWN if origin is Origin.NAMED:
            return Verdict(place=item.place, outcome=Outcome.UNREADABLE, why=_UNKNOWN)
        case Reason() as reason:
            return Verdict(place=item.place, outcome=Outcome.SKIPPED, why=reason)
        case NotJson() if origin is Origin.FOUND and not is_like_an_answer(item):
            return Verdict(place=item.place, outcome=Outcome.SKIPPED, why=Reason.FORMAT)
        case NotJson() as why:
            return Verdict(place=item.place, outcome=Outcome.UNREADABLE, why=masked(why))
        case judgement:
            return _held(item.place, judgement, policy)


def _held(place: Place, judgement: Judgement, policy: Policy) -> Verdict:
    violations = [masked_violation(violation) for violation in judgement.violations]
    findings = tuple(
        Finding(violation=violation, standing=policy.standing(place, violation)) for violation in violations
    )
    return Verdict(
        place=place,
        outcome=_outcome({finding.standing for finding in findings}),
        kind=str(judgement.kind or ""),
        findings=findings,
        extensions=tuple(masked(path) for path in judgement.extensions),
    )


def _outcome(standings: set[Standing]) -> Outcome:
    if Standing.FAILS in standings:
        return Outcome.FAILED
    return Outcome.WARNED if Standing.WARNS in standings else Outcome.VALID
