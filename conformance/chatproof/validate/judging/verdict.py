"""What a run hands to its reports: a verdict for each item, and the numbers when all is done."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from chatproof.validate.files.body import Place
from chatschema import Violation

from .baseline import Known
from .policy import Standing

__all__ = ["Counts", "FileFinding", "Outcome", "Output", "Verdict"]


class Outcome(StrEnum):
    """How an item came out."""

    VALID = "valid"
    WARNED = "warned"  #: it does not fail the run, and there is something to say
    FAILED = "failed"
    SKIPPED = "skipped"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFinding:
    """One violation, with keys masked, and what it does to the run."""

    violation: Violation
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found out about one item."""

    place: Place
    outcome: Outcome
    kind: str = ""
    findings: tuple[FileFinding, ...] = ()
    extensions: tuple[str, ...] = ()
    broken: str = ""  #: why it could not be read, where it was skipped for that
    why: str = ""  #: why it was skipped (a `Reason`, or what it is), or is unreadable

    def standing(self, *wanted: Standing) -> Iterator[Violation]:
        """The violations that stand so."""
        return (finding.violation for finding in self.findings if finding.standing in wanted)


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
