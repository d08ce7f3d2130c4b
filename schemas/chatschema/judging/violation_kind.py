"""A sort of violation by itself, before it is known where it happens."""

from dataclasses import dataclass

from chatschema.core.violation import Level, Violation

__all__ = ["ViolationKind"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ViolationKind:
    """What a violation says wherever it happens."""

    rule: str
    message: str
    expected: str
    level: Level = Level.MUST

    def violation(self, path: str, what: str, *, reference: str) -> Violation:
        """The violation at one place, with what was seen there."""
        return Violation(
            rule=self.rule,
            level=self.level,
            path=path,
            message=self.message,
            expected=self.expected,
            seen=what,
            reference=reference,
        )
