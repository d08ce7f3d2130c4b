"""A trial: what it finds in clients with one mistake, and how short it tells it."""

from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from chatproof.history import RULES, Search, Session, thread_session
from chatproof.history.model.plan import Again, Answer, Plan, Say, Together
from chatproof.history.model.seen import Play
from chatproof.history.running.causes import one_cause_once
from chatproof.history.running.findings import Found, found_in
from chatproof.history.running.plans import plans
from chatproof.history.running.run import run_client
from chatproof.history.running.shrink import EndedError, Shrunk, shrink
from chatproof.history.running.story import story
from chatproof.history.running.telling import told
from chatproof.history.running.trial import Trial
from chatproof.report import Outcome
from chatproof.selftest.mutants import MUTANTS

# a mutant closes its own connection, and none of its branches'
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

Opened = Callable[[str], Session]

#: Mutants whose mistake an ordinary plan meets, each with the rule that says so.
SHORT = {
    "loses-replies": "accumulate.complete",
    "records-twice": "accumulate.once",
    "newest-first": "accumulate.order",
    "trims": "accumulate.verbatim",
    "keeps-what-an-error-answered": "record.http-error",
    "loses-the-call": "tools.paired",
    "branches-without-history": "tree.path",
    "returns-trimmed": "answer.returned",
}
TOLD = [name for name in MUTANTS if not MUTANTS[name].policy.persistent]


@pytest.fixture(scope="module")
def opened() -> Generator[Opened]:
    """Sessions with mutants, each opened once."""
    with ExitStack() as rim:
        sessions: dict[str, Session] = {}

        def session(name: str) -> Session:
            if name not in sessions:
                one = MUTANTS[name]
                sessions[name] = rim.enter_context(thread_session(one.make, one.policy))
                sessions[name].gate()
            return sessions[name]

        yield session


def asks(plan: Plan) -> int:
    return sum(2 if isinstance(move, Together) else isinstance(move, Say | Again) for move in plan)


def shows(session: Session, plan: Plan, rule: str) -> list[Found]:
    kept, _ = one_cause_once(found_in(session.play(plan), [rule]))
    return list(kept)


@given(st.sampled_from(sorted(SHORT)), st.data())
@settings(
    max_examples=12,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
def test_what_a_random_plan_shows_is_shown_by_a_short_one(
    opened: Opened, name: str, data: st.DataObject
) -> None:
    session, rule = opened(name), SHORT[name]
    plan = data.draw(plans(session.policy, session.can))
    found = shows(session, plan, rule)
    assume(found)
    shrunk = shrink(found[0], plan, lambda one: tuple(shows(session, one, rule)))
    assert shrunk.again == 3
    assert shrunk.found.signature == found[0].signature
    assert shrunk.found.step == len(shrunk.plan) - 1
    assert asks(shrunk.plan) <= min(3, asks(plan))
    assert "shortest conversation, 3 of 3" in story(told(shrunk, ""))


@pytest.mark.parametrize(
    "name",
    [*SHORT, *(pytest.param(name, marks=pytest.mark.exhaustive) for name in TOLD[::6] if name not in SHORT)],
)
def test_a_mutant_is_caught_and_told_in_a_few_asks(opened: Opened, name: str) -> None:
    session, mutant = opened(name), MUTANTS[name]
    search = Search(examples=0 if name in SHORT else 10)
    trial = Trial(player=session, rules=sorted(mutant.caught_by | {"record.http-error"}), search=search)
    trial.tour()
    trial.look_on()
    shrunk = [trial.shown(rule) for rule in trial.broken]
    assert shrunk
    assert all(one.again == 3 for one in shrunk)
    # what is seen in a long conversation alone is told in a long one
    assert name not in SHORT or all(asks(one.plan) <= 3 for one in shrunk), [one.plan for one in shrunk]


def test_a_rule_is_hidden_behind_the_one_that_is_broken_in_ordinary_rounds(opened: Opened) -> None:
    session = opened("loses-replies")
    hidden = ("record.length", "truncate.zero")
    rules = [RULES[id_] for id_ in ("accumulate.complete", "record.http-error", *hidden)]
    result = run_client(session, rules=rules, search=Search(examples=0))
    told = {case.id: (case.outcome, case.message) for case in result.cases}
    assert told["accumulate.complete"][0] is Outcome.FAILED
    assert told["record.http-error"] == (Outcome.PASSED, "")
    behind = (Outcome.NOT_REACHED, "hidden behind accumulate.complete, which is broken")
    assert {told[id_] for id_ in hidden} == {behind}


def test_a_fault_that_comes_at_times_says_so(opened: Opened) -> None:
    play = opened("loses-replies").play((Say(), Say()))
    (found, *_) = found_in(play, ["accumulate.complete"])
    seen = iter([(), (found,), (found,), ()] + [()] * 60)
    shrunk = shrink(found, (Say(), Say()), lambda _: next(seen))
    assert (shrunk.again, shrunk.caption) == (2, "a conversation that breaks it at times (2 of 3)")


def test_what_ends_in_the_middle_of_shortening_is_told_as_far_as_it_came(opened: Opened) -> None:
    plan = (Say(), Say(answers=(Answer(name="http-500"),)), Say(), Say())
    (found, *_) = found_in(opened("loses-replies").play(plan), ["accumulate.complete"])

    def ends(_: Plan) -> tuple[Found, ...]:
        raise EndedError

    shrunk = shrink(found, plan, ends)
    assert shrunk == Shrunk(plan=plan[: found.step + 1], found=found)
    assert shrunk.caption == "a conversation that was not played again"


@dataclass
class Noting:
    """A player that writes down what it plays."""

    session: Session
    played: list[Plan] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.policy = self.session.policy

    @property
    def can(self) -> frozenset[str]:
        return self.session.can

    def expect(self, plans: Sequence[Plan]) -> None:
        pass

    def play(self, plan: Plan) -> Play:
        self.played.append(plan)
        return self.session.play(plan)


def test_the_same_seed_plays_the_same_plans(opened: Opened) -> None:
    players = [Noting(opened("trims")) for _ in range(2)]
    for player in players:
        Trial(player=player, rules=["accumulate.order"], search=Search(examples=5, seed=7)).look_on()
    assert players[0].played == players[1].played
    assert len(players[0].played) == 5


def test_what_is_seen_among_messages_that_are_alike_counts_where_nothing_else_is_seen(opened: Opened) -> None:
    hidden: object = None
    names = {"sorts-by-role": ("accumulate.order",), "keeps-the-same-reply-once": ("accumulate.complete",)}
    for name, broken in names.items():
        rules = ["accumulate.complete", "accumulate.once", "accumulate.order"]
        trial = Trial(player=opened(name), rules=rules)
        trial.tour()
        assert trial.broken == broken
        assert set(trial.hidden) <= set(rules) - set(broken)
        hidden = trial.hidden
    assert hidden == {}


def test_what_a_search_is_without_no_random_plan_does(opened: Opened) -> None:
    session = opened("trims")
    done: set[str] = set()

    class Watched:
        policy = session.policy
        can = session.can

        def expect(self, plans: Sequence[Plan]) -> None:
            pass

        def play(self, plan: Plan) -> Play:
            done.update(type(move).__name__ for move in plan)
            return session.play(plan)

    for without, is_done in ((frozenset[str](), True), (frozenset({"again"}), False)):
        done.clear()
        Trial(
            player=Watched(), rules=["accumulate.once"], search=Search(examples=25, without=without)
        ).look_on()
        assert ("Again" in done) is is_done
