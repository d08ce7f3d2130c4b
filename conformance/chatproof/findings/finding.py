"""What a case has to say: findings, and the two ways of having nothing to say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from chatproof.probe import Exchange
from chatschema import Violation

__all__ = ["Finding", "InconclusiveError", "Level", "UnsupportedError", "findings"]


class Level(StrEnum):
    """How bad it is when a case is broken."""

    MUST = "must"
    """Official SDKs break, text is lost or invented, or a conversation goes wrong."""
    SHOULD = "should"
    """Promised by the specification or by OpenAI's own behaviour; careful clients rely on it."""
    MAY = "may"
    """An optional capability, held to its own musts once it is there."""
    INFO = "info"
    """Reported, never judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a case has to say of one exchange, in the fields of a `Violation`.

    `rule` is empty where the case itself is what is broken, and `level` is set where it differs from the case's own.
    """

    rule: str = ""
    level: Level | None = None
    path: str = ""  #: JSON path of what was seen; `$[3]` is the fourth event of a stream
    expected: str
    seen: str
    exchange: Exchange | None

    @classmethod
    def of(cls, violation: Violation, exchange: Exchange) -> "Finding":
        """A violation of the contract that was seen in an exchange."""
        return cls(
            rule=violation.rule,
            level=Level(violation.level),
            path=violation.path,
            expected=violation.expected,
            seen=violation.seen,
            exchange=exchange,
        )

    @classmethod
    def instead(cls, expected: str, exchange: Exchange, *, level: Level | None = None) -> "Finding":
        """An answer that is something else as a whole: what came is what was seen."""
        return cls(expected=expected, seen=exchange.describe(), level=level, exchange=exchange)


def findings(
    violations: Iterable[Violation], exchange: Exchange, *, level: Level | None = None
) -> Iterator[Finding]:
    """Breaches of the contract as findings; all of one level, where what the contract says of it is not meant."""
    for violation in violations:
        found = Finding.of(violation, exchange)
        yield found if level is None else replace(found, level=level)


class _NothingToJudgeError(Exception):
    def __init__(self, reason: str, exchange: Exchange | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.exchange = exchange


class UnsupportedError(_NothingToJudgeError):
    """The endpoint does not have the capability that the case is about."""


class InconclusiveError(_NothingToJudgeError):
    """The endpoint gave nothing that the case could judge: no fault is shown, and no virtue."""
