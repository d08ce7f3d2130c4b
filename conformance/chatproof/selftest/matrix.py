"""Mutants and rules, and right clients and rules: which was seen in what."""

import math
import multiprocessing
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from statistics import median
from typing import Any

from chatproof.drivers.jsonl.driver import JsonlDriver
from chatproof.history.model.policy import Policy
from chatproof.history.rules import RULES
from chatproof.history.running.crew import Crew
from chatproof.history.running.opening import driven_session, process_session, thread_session
from chatproof.history.running.session import Session
from chatproof.history.running.trial import BEFORE_A_MODEL, Search, Trial, unclaimed
from chatproof.selftest.legal import LEGAL
from chatproof.selftest.mutants import MUTANTS
from chatproof.stage import Upstream

__all__ = ["Over", "Row", "names", "rows", "served_over_jsonl", "told"]

_RIGHT = "right/"


class Over(StrEnum):
    """How a client is driven."""

    PYTHON = "python"  #: by its methods, in a thread, or in a process where it stores
    JSONL = "jsonl"  #: by JSON lines, as one in another language


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one client's trials said.

    By seed: the rules that it broke, and why a trial ended before its time. The asks of the shortest conversations are
    those of the first seed; it was `caught` after so many seconds, and all took `seconds`.
    """

    name: str
    what: str
    declared: frozenset[str]
    by_seed: Mapping[int, frozenset[str]]
    ended: Mapping[int, str] = field(default_factory=dict[int, str])
    asks: tuple[int, ...] = ()
    caught: float | None = None
    seconds: float

    @property
    def broken(self) -> frozenset[str]:
        """The rules that were broken with any seed."""
        return frozenset[str]().union(*self.by_seed.values())

    @property
    def is_right(self) -> bool:
        """A mutant is caught by a declared rule and named by no other; a right client is named by none, to the end."""
        return not any(self.wrong(seed) for seed in self.by_seed)

    def wrong(self, seed: int) -> str:
        """What is wrong with one seed; empty where nothing is."""
        broken = self.by_seed[seed]
        if strange := sorted(broken - self.declared):
            return f"not declared: {', '.join(strange)}"
        if self.declared and not broken:
            return f"not caught by {', '.join(sorted(self.declared))}"
        return "" if self.declared else self.ended.get(seed, "")


def names() -> tuple[str, ...]:
    """The names of all clients, mutants first; those that are right begin with `right/`."""
    return (*MUTANTS, *(f"{_RIGHT}{name}" for name in LEGAL))


def rows(
    only: Collection[str] = (),
    *,
    seeds: Sequence[int] = (0,),
    examples: int = 0,
    shortest: bool = False,
    jobs: int = 1,
    upstream: Upstream | None = None,
    over: Over = Over.PYTHON,
) -> Iterator[Row]:
    """A row for each client, mutants first, or for those that are named; `jobs` are tried at once.

    `upstream` gives the plain answers. Each is driven `over` its methods or over a protocol.
    """
    wanted = [name for name in names() if not only or name in only]
    tried = partial(_row, effort=_Effort(tuple(seeds), examples, shortest, upstream, over))
    if jobs == 1:
        yield from map(tried, wanted)
        return
    # a fork would have the threads and locks of this process in whatever state they are
    workers = ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))
    try:
        yield from workers.map(tried, wanted)
    finally:
        workers.shutdown(cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Effort:
    seeds: tuple[int, ...]
    examples: int
    shortest: bool
    upstream: Upstream | None
    over: Over


def _row(name: str, *, effort: _Effort) -> Row:
    if name.startswith(_RIGHT):
        right = LEGAL[name.removeprefix(_RIGHT)]
        what, make, policy, declared = right.what, right.make, right.policy, frozenset[str]()
    else:
        one = MUTANTS[name]
        what, make, policy, declared = one.mistake, one.make, one.policy, one.caught_by
    begun = time.monotonic()
    caught: list[float] = []
    by_seed: dict[int, frozenset[str]] = {}
    ended: dict[int, str] = {}
    asks: tuple[int, ...] = ()
    for seed, trial in _trials(make, policy, effort, _watch(declared, caught, begun)):
        by_seed[seed] = frozenset(trial.broken)
        if trial.ended:
            ended[seed] = trial.ended
        if effort.shortest and seed == effort.seeds[0]:
            asks = tuple(
                sum(len(step.asks) for step in trial.shown(rule).found.play.steps) for rule in trial.broken
            )
    return Row(
        name=name,
        what=what,
        declared=declared,
        by_seed=by_seed,
        ended=ended,
        asks=asks,
        caught=caught[0] if caught else None,
        seconds=time.monotonic() - begun,
    )


def _watch(declared: frozenset[str], caught: list[float], begun: float) -> Callable[[Trial], None]:
    """Notes when a rule that is about the mistake was first seen broken."""

    def look(trial: Trial) -> None:
        if declared and not caught and not declared.isdisjoint(trial.broken):
            caught.append(time.monotonic() - begun)

    return look


def _trials(
    make: Callable[..., Any],
    policy: Policy,
    effort: _Effort,
    look: Callable[[Trial], None],
) -> Iterator[tuple[int, Trial]]:
    """The tour once, for it is the same with every seed, and after it the random plans of each."""
    with _opened(make, policy, effort) as session:
        session.gate()
        reasons = unclaimed(RULES, policy, session.can)
        trial = Trial(
            player=session,
            rules=[rule for rule in RULES if rule not in reasons],
            # by number and not by time: else a slow machine has looked less, and nobody knows
            search=Search(
                examples=effort.examples,
                seconds=math.inf,
                without=BEFORE_A_MODEL if effort.upstream is not None else frozenset(),
            ),
        )
        trial.told = lambda _name, _played: look(trial)
        trial.tour()
        look(trial)
        for seed in effort.seeds:
            beside = trial.beside(seed)
            beside.look_on()
            yield seed, beside


def _opened(
    make: Callable[..., Any], policy: Policy, effort: _Effort
) -> AbstractContextManager[Session | Crew]:
    place = f"{make.__module__}:{make.__qualname__}"
    if effort.over is Over.JSONL:
        return driven_session(lambda: served_over_jsonl(place), policy, upstream=effort.upstream)
    if policy.persistent:
        return process_session(place, policy, upstream=effort.upstream)
    return thread_session(make, policy, upstream=effort.upstream)


def served_over_jsonl(place: str) -> JsonlDriver:
    """The driver of a client in Python, `module:Class`, behind the protocol for clients in other languages."""
    return JsonlDriver((sys.executable, "-m", "chatproof.drivers.jsonl.served", place))


def told(found: Iterable[Row]) -> Iterator[str]:
    """The matrix, a line a client, one more for each seed that is wrong, and the sum."""
    all_rows: list[Row] = []
    for row in found:
        all_rows.append(row)
        mark = "ok   " if row.is_right else "WRONG"
        yield f"{mark}  {row.name:<34} {', '.join(sorted(row.broken)) or 'nothing'}"
        if not row.is_right:
            yield f"       {row.what}"
        for seed in row.by_seed:
            if why := row.wrong(seed):
                yield f"       seed {seed}: {why}"
    wrong = sum(not row.is_right for row in all_rows)
    mutants = [row for row in all_rows if row.declared]
    caught = sum(bool(row.broken & row.declared) for row in mutants)
    asks = sorted(count for row in mutants for count in row.asks)
    sizes = f", median of the shortest conversations {median(asks):g} asks" if asks else ""
    seconds = [row.caught for row in mutants if row.caught is not None]
    times = f", median time until one is caught {median(seconds):.1f} s" if seconds else ""
    alarms = sum(bool(row.broken) for row in all_rows if not row.declared)
    yield (
        f"{caught} of {len(mutants)} mutants caught, {alarms} of {len(all_rows) - len(mutants)} right clients blamed, "
        f"{wrong} rows wrong{sizes}{times}"
    )
