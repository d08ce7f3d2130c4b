"""What the recorded exchanges of each provider break and add."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from chatschema import Judgement, Level, Violation, check
from chatschema.deviations import Deviation, known_deviations
from chatschema.deviations.lookup import place

from .exceptions import EXCEPTIONS, lost
from .exchange import Exchange
from .habit import HABITS

__all__ = ["Cell", "Provider", "Sighting", "Sums", "Where", "count"]

#: (endpoint, form), such as ("chat", "stream").
Where: TypeAlias = tuple[str, str]


@dataclass(slots=True, kw_only=True)
class Cell:
    """The exchanges of one provider, at one endpoint, in one form."""

    judged: int = 0
    invalid: int = 0  #: those that break a must
    warned: int = 0  #: those that break a should and no must


@dataclass(slots=True, kw_only=True)
class Sighting:
    """What one row of the table, or a rule without one, was met with at one provider."""

    row: Deviation | None
    #: Rule and place -> exchanges.
    signs: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    where: dict[Where, set[str]] = field(default_factory=lambda: defaultdict(set))  #: exchanges
    must: bool = False


@dataclass(slots=True, kw_only=True)
class Provider:
    """All that was found in what one provider sent."""

    name: str
    vendor: str
    cells: dict[Where, Cell] = field(default_factory=lambda: defaultdict(Cell))
    #: By the row's id, or by the sign where there is no row.
    findings: dict[str, Sighting] = field(default_factory=dict[str, Sighting])
    broken: set[str] = field(default_factory=set[str])  #: exchanges that break a must
    #: Exchange -> why its musts are no deviation, or a one-off.
    excused: dict[str, str] = field(default_factory=dict[str, str])
    habits: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  #: sentence -> exchanges
    members: Counter[str] = field(default_factory=Counter[str])  #: place of an extension -> exchanges

    @property
    def unexplained(self) -> tuple[str, ...]:
        """Musts that neither the table nor a reason explains."""
        return tuple(sign for sign, found in self.findings.items() if found.must and found.row is None)


@dataclass(slots=True, kw_only=True)
class Sums:
    """Everything."""

    providers: Mapping[str, Provider]
    judged: int
    unjudged: int  #: exchanges for which the contract has no kind


def count(exchanges: Iterable[Exchange]) -> Sums:
    """Judge all exchanges and count by provider."""
    providers: dict[str, Provider] = {}
    judged = unjudged = 0
    for exchange in exchanges:
        if exchange.kind is None:
            unjudged += 1
            continue
        judged += 1
        fresh = Provider(name=exchange.provider, vendor=exchange.vendor)
        _take(providers.setdefault(exchange.provider, fresh), exchange, check(exchange.body, exchange.kind))
    return Sums(providers=providers, judged=judged, unjudged=unjudged)


def _take(provider: Provider, exchange: Exchange, judgement: Judgement) -> None:
    where = (exchange.endpoint, exchange.form)
    violations = [one for one in judgement.violations if not lost(exchange, one)]
    musts = [one for one in violations if one.level is Level.MUST]
    excuse = EXCEPTIONS.get(exchange.id)
    if musts:
        provider.broken.add(exchange.id)
        if excuse is not None:
            provider.excused[exchange.id] = excuse
    cell = provider.cells[where]
    cell.judged += 1
    cell.invalid += bool(musts)
    cell.warned += bool(violations and not musts)
    for violation in violations:
        row = _row(provider, violation, judgement.kind)
        if excuse is None or (row is not None and exchange.origin != "fixture"):
            _find(provider, row, violation, where, exchange.id)
    for habit in HABITS:
        if habit.form == exchange.form and habit.has_it(exchange):
            provider.habits[habit.sentence].add(exchange.id)
    provider.members.update({place(path) for path in judgement.extensions})


def _row(provider: Provider, violation: Violation, kind: str | None) -> Deviation | None:
    rows = (row for row in known_deviations(violation, kind) if provider.vendor in row.vendors)
    return next(rows, None)


def _find(
    provider: Provider, row: Deviation | None, violation: Violation, where: Where, exchange: str
) -> None:
    sign = f"{violation.rule} {place(violation.path)}"
    found = provider.findings.setdefault(row.id if row else sign, Sighting(row=row))
    found.signs[sign].add(exchange)
    found.where[where].add(exchange)
    found.must |= violation.level is Level.MUST
