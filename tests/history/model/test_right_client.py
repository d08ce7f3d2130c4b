"""A client that is right is never blamed, whatever is played with it."""

from hypothesis import assume, given, note
from hypothesis import strategies as st

from chatproof.history.model.oracle import follow
from chatproof.history.model.policy import Policy
from chatproof.history.model.seen import Play
from chatproof.history.running.plans import plans
from tests.history.model_client import Habits, ModelClient
from tests.history.policies import CAN, habits, policies
from tests.portion import share


def deviations(play: Play) -> list[str]:
    found = []
    for judged in follow(play):
        note(
            f"{judged.step} {'side' if judged.side else judged.exchange.number}: "
            + " | ".join(map(str, judged.exchange.messages))
        )
        found += [f"{judged.step}: {one}" for one in judged.deviations]
    return found


@share(0.5)
@given(st.data(), policies, habits)
def test_right_client_has_no_deviation(data: st.DataObject, policy: Policy, habit: Habits) -> None:
    assume(habit.route != "completions" or policy.tools is None)
    plan = data.draw(plans(policy, CAN))
    play = ModelClient(policy, habit).play(plan)
    assert not deviations(play)
    if not habit.titles:  # and it is looked at
        assert not any(judged.side for judged in follow(play))
