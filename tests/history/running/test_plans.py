"""Random plans hold every move that a client can make, in any order."""

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from chatproof.history.model.plan import (
    Again,
    Clear,
    Fork,
    Load,
    Move,
    Plan,
    Restart,
    Say,
    Spoil,
    Tear,
    Together,
    Widen,
)
from chatproof.history.model.policy import Messages, Policy, Rounds
from chatproof.history.rules import RULES
from chatproof.history.running.findings import found_in
from chatproof.history.running.opening import thread_session
from chatproof.history.running.plans import plans
from chatproof.history.running.trial import unclaimed
from chatproof.selftest.legal import LEGAL
from tests.history.policies import CAN

POLICY = Policy(many=True, tree=True, persistent=True, cap=Rounds(2), window=Messages(4))
MOVES: list[type[Move]] = [Say, Again, Restart, Clear, Fork, Load, Widen, Spoil, Tear, Together]


@pytest.mark.parametrize("after", MOVES)
@pytest.mark.parametrize("before", [Again, Fork, Spoil, Together])
def test_any_move_comes_after_any_other(before: type[Move], after: type[Move]) -> None:
    def is_so(plan: Plan) -> bool:
        first = next((at for at, move in enumerate(plan) if isinstance(move, before)), len(plan))
        return any(isinstance(move, after) for move in plan[first + 1 :])

    unshrunk = settings(database=None, max_examples=2_000, phases=[Phase.generate])
    find(plans(POLICY, CAN), is_so, settings=unshrunk)


@given(plans(POLICY, CAN))
def test_what_is_asked_of_a_branch_is_asked_of_one_that_there_is(plan: Plan) -> None:
    there = {"a", "other"}
    for move in plan:
        match move:
            case Fork(to=to, new=new):
                assert to in there
                assert new not in there
                there.add(new)
            case Tear(to=to):
                assert to in there
                there &= {"a", "other"}
            case Restart() | Spoil():
                there &= {"a", "other"}
            case Say(to=to) | Again(to=to) | Clear(to=to):
                assert to in there
            case Together(first=first, second=second):
                assert {first.to, second.to} <= there
            case _:
                pass


RIGHT = ("branches", "falls-back-and-stays", "many-conversations", "stores-little", "uses-tools-in-a-window",
         "keeps-questions", "window-of-rounds", "no-memory")  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
@settings(max_examples=15, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_right_client_is_named_by_no_rule_whatever_is_done_with_it(name: str, data: st.DataObject) -> None:
    right = LEGAL[name]
    with thread_session(right.make, right.policy) as session:
        session.gate()
        reasons = unclaimed(RULES, right.policy, session.can)
        play = session.play(data.draw(plans(session.policy, session.can)))
        claimed = [rule for rule in RULES if rule not in reasons]
        assert [one.rule for one in found_in(play, claimed, claimed)] == []
