"""A model that says the same to everything: replies are told apart by what they answer, and no right client is blamed."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chatproof.history.model.deviation import Deviation
from chatproof.history.model.oracle import follow
from chatproof.history.model.plan import Again, Plan, Say, Together, Widen
from chatproof.history.model.policy import Messages, Policy, Rounds
from chatproof.history.model.seen import Play
from chatproof.history.running.plans import plans
from chatproof.history.running.trial import BEFORE_A_MODEL
from tests.history.model_client import Habits, ModelClient
from tests.history.plays import Hand, reply, user
from tests.history.policies import CAN, habits, policies


def deviations(play: Play) -> list[Deviation]:
    return [one for judged in follow(play) for one in judged.deviations]


AT_ONCE = Together(first=Say(), second=Say())

PLANS: dict[str, tuple[Plan, Policy]] = {
    "two at once, the later one said again": ((Say(), AT_ONCE, Say(same=True), Say()), Policy()),
    "two at once, in a window": ((AT_ONCE, Say(), Widen(n=6), Say()), Policy(window=Messages(2))),
    "the same said and asked again": ((Say(), Say(same=True), Again(), Say(same=True), Say()), Policy()),
    "nothing is sent of what was": ((Say(), Say(same=True), Widen(n=6), Say()), Policy(window=Messages(0))),
}


@pytest.mark.parametrize("route", ["chat", "responses", "completions"])
@pytest.mark.parametrize("name", PLANS)
def test_plan_is_right_in_every_order(name: str, route: str) -> None:
    plan, policy = PLANS[name]
    for seed in range(30):
        assert not deviations(ModelClient(policy, Habits(seed=seed, route=route, dull=True)).play(plan))


@pytest.mark.parametrize("route", ["chat", "responses", "completions"])
def test_a_reply_that_was_cut_may_be_how_another_begins(route: str) -> None:
    plan = (Say(stop=1, streamed=True), Say(stop=2, streamed=True), Say(same=True))
    assert not deviations(ModelClient(Policy(window=Rounds(1)), Habits(route=route, dull=True)).play(plan))


@given(st.data(), policies, habits.map(lambda habit: replace(habit, dull=True)))
def test_right_client_of_a_dull_model_has_no_deviation(
    data: st.DataObject, policy: Policy, habit: Habits
) -> None:
    assume(habit.route != "completions" or policy.tools is None)
    plan = data.draw(plans(policy, CAN - BEFORE_A_MODEL))
    assert not deviations(ModelClient(policy, habit).play(plan))


def kinds(*third: dict[str, object]) -> list[tuple[str, str]]:
    """What is wrong with a third request, after two rounds that were answered alike."""
    hand = Hand()
    hand.says("one", hand.sends(user("one"), answer="Sure."), back="Sure.")
    hand.says("two", hand.sends(user("one"), reply("Sure."), user("two"), answer="Sure."), back="Sure.")
    hand.says("three", hand.sends(*third), back="fine")
    return [(one.kind, one.role) for one in deviations(hand.play)]


ONE, TWO, THREE, SURE = user("one"), user("two"), user("three"), reply("Sure.")


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ((ONE, SURE, TWO, SURE, THREE), []),
        ((ONE, TWO, SURE, THREE), [("missing", "assistant")]),
        ((ONE, SURE, TWO, THREE), [("missing", "assistant")]),
        ((ONE, SURE, SURE, TWO, SURE, THREE), [("twice", "assistant")]),
        ((ONE, SURE, TWO, SURE, SURE, THREE), [("twice", "assistant")]),
        ((ONE, reply("Sure"), TWO, SURE, THREE), [("altered", "assistant")]),
    ],
)
def test_what_is_wrong_with_one_of_them_is_seen(
    sent: tuple[dict[str, object], ...], wrong: list[tuple[str, str]]
) -> None:
    assert kinds(*sent) == wrong


def test_a_short_reply_of_a_prompt_is_missed() -> None:
    """It is too short to be found anywhere in it, and is looked for after its question."""
    client = ModelClient(Policy(), Habits(seed=0, route="completions", dull=True))
    play = client.play((Say(), Say(), Say()))
    assert not deviations(play)
    *before, last = play.steps
    (exchange,) = last.exchanges
    assert b"ASSISTANT: Sure.\\n" in exchange.body
    body = exchange.body.replace(b"ASSISTANT: Sure.\\n", b"", 1)
    faulty = replace(play, steps=(*before, replace(last, exchanges=(replace(exchange, body=body),))))
    assert [(one.kind, one.role) for one in deviations(faulty)] == [("missing", "assistant")]
