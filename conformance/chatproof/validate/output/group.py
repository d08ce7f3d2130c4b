"""Violations put together: what is the same thing a thousand times is told once, with the first places."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from chatproof.validate.files.body import Place
from chatproof.validate.judging.baseline import normalised
from chatproof.validate.judging.policy import Standing
from chatproof.validate.judging.verdict import Verdict
from chatschema import Level, Violation

__all__ = ["Group", "Groups"]

#: Places that a group names, and groups that are kept: a hostile body can have as many paths as members.
_PLACES = 3
_GROUPS = 1000

_Key: TypeAlias = tuple[str, str, str, Level, Standing]


@dataclass(slots=True, kw_only=True)
class Group:
    """One rule broken at one normalised path."""

    first: Violation
    kind: str
    standing: Standing
    times: int = 0
    bodies: int = 0
    places: list[tuple[Place, str]] = field(
        default_factory=list[tuple[Place, str]]
    )  #: the first, with their paths

    @property
    def path(self) -> str:
        """The path; without its indexes, where it came more than once."""
        return self.first.path if self.times == 1 else normalised(self.first.path)


class Groups:
    """Groups violations as they come; its size does not grow with the run."""

    def __init__(self) -> None:
        self._groups: dict[_Key, Group] = {}
        #: Violations whose groups were no longer kept.
        self.left_out = 0

    def take(self, verdict: Verdict) -> None:
        """Put in all that a verdict has to say."""
        touched: set[int] = set()
        for finding in verdict.findings:
            violation = finding.violation
            path = normalised(violation.path)
            key = (verdict.kind, violation.rule, path, violation.level, finding.standing)
            group = self._groups.get(key)
            if group is None:
                if len(self._groups) >= _GROUPS:
                    self.left_out += 1
                    continue
                group = Group(first=violation, kind=verdict.kind, standing=finding.standing)
                self._groups[key] = group
            group.times += 1
            if id(group) not in touched:
                touched.add(id(group))
                group.bodies += 1
                if len(group.places) < _PLACES:
                    group.places.append((verdict.place, violation.path))

    def groups(self, *wanted: Standing) -> Iterator[Group]:
        """The groups that stand so: shoulds before musts, rare before frequent, for the last is read first."""
        found = (group for group in self._groups.values() if group.standing in wanted)
        yield from sorted(found, key=lambda group: (group.first.level is Level.MUST, group.bodies))

    def in_order(self, *wanted: Standing) -> Iterator[Group]:
        """The groups that stand so: musts before shoulds, and each from the start of the body to its end."""
        found = (group for group in self._groups.values() if group.standing in wanted)
        yield from sorted(found, key=lambda group: group.first.level is not Level.MUST)
