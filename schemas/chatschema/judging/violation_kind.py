"""Violations in the words of one row, and a sort of violation before it is known where it happens."""

from dataclasses import dataclass

from chatschema.core.violation import Level, Violation

__all__ = ["ViolationKind", "violation"]


@dataclass(frozen=True, slots=True)
class ViolationKind:
    """What a violation says wherever it happens."""

    rule: str
    message: str
    expected: str
    level: Level = Level.MUST

    def violation(self, path: str, what: str, *, reference: str) -> Violation:
        """The violation at one place, with what was seen there."""
        return violation(self.rule, path, self.message, self.expected, what, self.level, reference=reference)


def violation(
    rule: str,
    path: str,
    message: str,
    expected: str,
    what: str,
    level: Level = Level.MUST,
    *,
    reference: str = "",
) -> Violation:
    """The violation of a rule at a place; `what` was seen there."""
    return Violation(
        rule=rule,
        level=level,
        path=path,
        message=message,
        expected=expected,
        seen=what,
        reference=reference,
    )
