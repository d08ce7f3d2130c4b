"""What a run makes of a violation: which level fails it, which rules are allowed, and what is known already."""

from dataclasses import dataclass, field
from enum import StrEnum

from chatproof.validate.files.body import Place
from chatschema import Level, Violation

from .baseline import Known, known_of

__all__ = ["Policy", "Standing"]


class Standing(StrEnum):
    """What a violation does to the run."""

    FAILS = "fails"
    WARNS = "warns"
    KNOWN = "known"  #: it stands in the baseline
    ALLOWED = "allowed"  #: the user allows its rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the user asked for."""

    level: Level = Level.MUST  #: what fails the run; `should` includes the musts
    allowed: frozenset[str] = frozenset()  #: rule ids
    known: frozenset[Known] = field(default=frozenset(), repr=False)

    def standing(self, place: Place, violation: Violation) -> Standing:
        """What a violation at a place does to the run."""
        if violation.rule in self.allowed:
            return Standing.ALLOWED
        if self.known and known_of(place, violation) in self.known:
            return Standing.KNOWN
        return Standing.FAILS if violation.level in {Level.MUST, self.level} else Standing.WARNS
