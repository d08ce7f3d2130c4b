"""Sessions side by side: whatever is played ahead, what comes of it is what one session shows."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.drivers import Driver, ThreadDriver
from chatproof.history.model.endpoint import CannotBuildError, ClientFactory
from chatproof.history.model.plan import Plan, Say
from chatproof.history.model.policy import Policy
from chatproof.history.model.seen import Play
from chatproof.history.running.crew import Crew
from chatproof.history.running.opening import driven_session
from chatproof.history.running.session import Session
from chatproof.history.running.trial import Search, Trial, unclaimed
from chatproof.selftest.legal import LEGAL
from chatproof.selftest.mutants import MUTANTS

RULES_TRIED = ["accumulate.complete", "accumulate.order", "record.empty-choices", "record.http-error"]


def said(play: Play) -> list[tuple[str, str]]:
    """What was said and answered, which the number of a play decides."""
    return [
        (ask.said, step.exchanges[0].answer.text if step.exchanges else "")
        for step in play.steps
        for ask in step.asks
    ]


@contextmanager
def clients(make: ClientFactory, jobs: int) -> Generator[Session | Crew]:
    """So many at once, in threads."""

    def driver() -> Driver:
        return ThreadDriver(make)

    with driven_session(driver, Policy(), jobs=jobs) as opened:
        opened.gate()
        yield opened


def verdicts(name: str, jobs: int) -> tuple[object, ...]:
    """What a trial says of a client: which rules are broken, by which conversation, after how many plays."""
    make = MUTANTS[name].make if name in MUTANTS else LEGAL[name].make
    with clients(make, jobs) as player:
        reasons = unclaimed(RULES_TRIED, player.policy, player.can)
        trial = Trial(
            player=player,
            rules=[rule for rule in RULES_TRIED if rule not in reasons],
            search=Search(examples=4),
        )
        trial.tour()
        trial.look_on()
        shown = [(rule, trial.shown(rule).plan, said(trial.shown(rule).found.play)) for rule in trial.broken]
        return trial.played, sorted(trial.reached), trial.hidden, shown


@pytest.mark.parametrize("name", ["keeps-what-had-no-choice", "sorts-by-role"])
def test_the_verdicts_are_those_of_one(name: str) -> None:
    alone = verdicts(name, 1)
    assert alone[-1]
    assert alone == verdicts(name, 3)


@dataclass
class Told:
    """A stand-in for a session: a play is its number and its plan."""

    policy: Policy = field(default_factory=Policy)
    can: frozenset[str] = frozenset()

    def play(self, plan: Plan, number: int) -> tuple[int, Plan]:
        if len(plan) > 3:
            raise CannotBuildError(str(number))
        return number, plan


PLANS = st.lists(st.integers(1, 4).map(lambda length: (Say(),) * length), max_size=6)


@given(st.lists(st.tuples(PLANS, PLANS), max_size=4), st.integers(1, 4))
def test_numbers_go_by_what_is_asked_for_and_not_by_what_was_expected(
    turns: list[tuple[list[Plan], list[Plan]]], jobs: int
) -> None:
    wanted = [plan for _, asked in turns for plan in asked]
    got: list[object] = []
    with Crew([Told() for _ in range(jobs)]) as crew:  # type: ignore[misc]
        for expected, asked in turns:
            crew.expect(expected)
            for plan in asked:
                try:
                    got.append(crew.play(plan))
                except CannotBuildError as error:
                    got.append((int(str(error)), plan))
    assert got == list(enumerate(wanted, 1))
