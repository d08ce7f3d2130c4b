"""Mutants and rules, and right clients and rules: which was seen in what."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from chatproof.history.model.policy import Policy
from chatproof.history.rules import RULES
from chatproof.history.running.opening import process_session, thread_session
from chatproof.history.running.trial import Search, Trial, unclaimed
from chatproof.selftest.legal import LEGAL
from chatproof.selftest.mutants import MUTANTS
from chatproof.stage import Upstream

__all__ = ["Row", "names", "rows", "told"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one client's trial said: the rules it broke, the asks of the shortest conversations, and the time."""

    name: str
    what: str
    declared: frozenset[str]
    broken: frozenset[str]
    asks: tuple[int, ...]
    seconds: float
    ended: str = ""  #: why the trial came to no end

    @property
    def is_right(self) -> bool:
        """A mutant is caught by a declared rule and named by no other; a right client is named by none."""
        return self.broken <= self.declared and bool(self.broken) is bool(self.declared)


def names() -> tuple[str, ...]:
    """The names of all clients, mutants first; those that are right begin with `right/`."""
    return (*MUTANTS, *(f"right/{name}" for name in LEGAL))


def rows(
    names: Iterable[str] = (),
    *,
    seed: int = 0,
    examples: int = 0,
    shortest: bool = False,
    upstream: Upstream | None = None,
) -> Iterator[Row]:
    """A row for each client, mutants first, or for those that are named; `upstream` gives the plain answers."""
    effort = _Effort(seed=seed, examples=examples, shortest=shortest, upstream=upstream)
    wanted = frozenset(names)
    for one in MUTANTS.values():
        if not wanted or one.name in wanted:
            yield _row(one.name, one.mistake, one.make, one.policy, one.caught_by, effort)
    for right in LEGAL.values():
        name = f"right/{right.name}"
        if not wanted or name in wanted:
            yield _row(name, right.what, right.make, right.policy, frozenset(), effort)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Effort:
    seed: int
    examples: int
    shortest: bool
    upstream: Upstream | None


def _row(
    name: str,
    what: str,
    make: Callable[..., Any],
    policy: Policy,
    declared: frozenset[str],
    effort: _Effort,
) -> Row:
    begun = time.monotonic()
    place = f"{make.__module__}:{make.__qualname__}"
    upstream = effort.upstream
    opened = (
        process_session(place, policy, upstream=upstream)
        if policy.persistent
        else thread_session(make, policy, upstream=upstream)
    )
    with opened as session:
        session.gate()
        reasons = unclaimed(RULES, policy, session.can)
        rules = [rule for rule in RULES if rule not in reasons]
        trial = Trial(player=session, rules=rules, search=Search(examples=effort.examples, seed=effort.seed))
        trial.tour()
        trial.look_on()
        broken = trial.broken
        asks = (
            tuple(sum(len(step.asks) for step in trial.shown(rule).found.play.steps) for rule in broken)
            if effort.shortest
            else ()
        )
    return Row(
        name=name,
        what=what,
        declared=declared,
        broken=frozenset(broken),
        asks=asks,
        seconds=time.monotonic() - begun,
        ended=trial.ended,
    )


def told(found: Iterable[Row]) -> Iterator[str]:
    """The matrix, a line a client, and the sum."""
    all_rows: list[Row] = []
    for row in found:
        all_rows.append(row)
        mark = "ok   " if row.is_right else "WRONG"
        yield f"{mark}  {row.name:<34} {', '.join(sorted(row.broken)) or 'nothing'}"
        if not row.is_right:
            strange = sorted(row.broken - row.declared)
            why = (
                f"not declared: {', '.join(strange)}"
                if strange
                else f"not caught by {', '.join(sorted(row.declared))}"
            )
            yield f"       {row.what} {why}"
    wrong = sum(not row.is_right for row in all_rows)
    mutants = [row for row in all_rows if row.declared]
    caught = sum(bool(row.broken & row.declared) for row in mutants)
    asks = sorted(count for row in mutants for count in row.asks)
    sizes = f", median of the shortest conversations {median(asks):g} asks" if asks else ""
    times = f", median time {median(row.seconds for row in mutants):.1f} s" if mutants else ""
    alarms = sum(bool(row.broken) for row in all_rows if not row.declared)
    yield (
        f"{caught} of {len(mutants)} mutants caught, {alarms} of {len(all_rows) - len(mutants)} right clients blamed, "
        f"{wrong} rows wrong{sizes}{times}"
    )
