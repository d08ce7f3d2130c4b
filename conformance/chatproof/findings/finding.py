"""What a case has to say: findings, and the two ways of having nothing to say."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from chatproof.probe import Exchange
from chatschema import Violation

__all__ = ["Finding", "InconclusiveError", "Level", "UnsupportedError", "findings", "folded"]


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
    `breaks` says in one sentence what goes wrong for a user, where the case's own sentence would not be true of this.
    """

    rule: str = ""
    level: Level | None = None
    path: str = ""  #: JSON path of what was seen; `$[3]` is the fourth event of a stream
    expected: str
    seen: str
    breaks: str = ""
    exchange: Exchange | None
    compared: Exchange | None = None  #: the exchange from which this one differs

    @classmethod
    def of(cls, violation: Violation, exchange: Exchange, *, breaks: str = "") -> "Finding":
        """A violation of the contract that was seen in an exchange."""
        return cls(
            rule=violation.rule,
            level=Level(violation.level),
            path=violation.path,
            expected=violation.expected,
            seen=violation.seen,
            breaks=breaks,
            exchange=exchange,
        )

    @classmethod
    def instead(
        cls, expected: str, exchange: Exchange, *, level: Level | None = None, breaks: str = ""
    ) -> "Finding":
        """An answer that is something else as a whole: what came is what was seen."""
        seen = exchange.describe()
        return cls(expected=expected, seen=seen, level=level, breaks=breaks, exchange=exchange)


def findings(
    violations: Iterable[Violation],
    exchange: Exchange,
    sentence: Callable[[Violation], str] | None = None,
    *,
    level: Level | None = None,
) -> Iterator[Finding]:
    """Violations of the contract as findings; `sentence` says what each of them breaks (empty: what the case says).

    All are of one `level`, where what the contract says of it is not meant.
    """
    for violation in violations:
        found = Finding.of(violation, exchange, breaks=sentence(violation) if sentence else "")
        yield found if level is None else replace(found, level=level)


def folded(found: Iterable[Finding]) -> list[Finding]:
    """Findings that are equal but for the numbers in their paths as one: the first of them, with how many there are."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for one in found:
        place = re.sub(r"\d+", "*", one.path)
        key = (one.rule, one.level, one.expected, one.seen, one.breaks, place, id(one.exchange))
        groups.setdefault(key, []).append(one)
    return [_as_one(group) for group in groups.values()]


def _as_one(group: list[Finding]) -> Finding:
    first = group[0]
    if len(group) == 1:
        return first
    chunks = {match[0] for one in group if (match := re.match(r"\$\[\d+\]", one.path))}
    times = f"in {len(group)} chunks" if len(chunks) == len(group) else f"{len(group)} times"
    return replace(first, seen=f"{first.seen}, {times}")


class _NothingToJudgeError(Exception):
    def __init__(self, reason: str, exchange: Exchange | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.exchange = exchange


class UnsupportedError(_NothingToJudgeError):
    """The endpoint does not have the capability that the case is about."""


class InconclusiveError(_NothingToJudgeError):
    """The endpoint gave nothing that the case could judge: no fault is shown, and no virtue."""
