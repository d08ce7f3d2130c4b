"""Whatever a right client declares: by what is found out it shows nothing amiss, however one goes on with it."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatproof.history.model.answers import Fate
from chatproof.history.model.oracle import follow
from chatproof.history.model.policy import Messages, Policy, Rounds, Turns
from chatproof.history.running.inference import infer
from chatproof.history.running.plans import plans
from tests.history.inference.modelled import Modelled
from tests.history.model_client import Habits, ModelClient


def assert_right(policy: Policy, habit: Habits, data: st.DataObject) -> None:
    # a round that is asked for again and fails may be gone from one branch alone, which the oracle does not know
    cannot = {"restart", "again"} | ({"window"} if policy.window is None else set())
    client = Modelled(policy, habit, without=frozenset(cannot))
    found = infer(client)
    assert found.broken == ()
    for _ in range(10):
        plan = data.draw(plans(found.policy, client.can))
        play = replace(ModelClient(policy, habit).play(plan), policy=found.policy)
        assert [one for judged in follow(play) for one in judged.deviations] == []


DEFINITE: dict[str, Fate | str] = dict.fromkeys(
    ("blank-content", "parts-content", "content-filter", "wrong-object"), Fate.KEEP
)


@pytest.mark.parametrize(
    "policy",
    [
        Policy(window=Messages(6), fates=DEFINITE),
        pytest.param(Policy(window=Rounds(3), tools=2, fates=DEFINITE), marks=pytest.mark.exhaustive),
        pytest.param(Policy(cap=Turns(2), system="in-user", fates=DEFINITE), marks=pytest.mark.exhaustive),
    ],
    ids=str,
)
@settings(
    max_examples=2, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None
)
@given(st.data())
def test_what_is_found_is_kept(policy: Policy, data: st.DataObject) -> None:
    assert_right(policy, Habits(), data)
