"""Who sends a request twice and takes what comes first keeps that, and the other answer is nobody's."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chatproof.history.model.oracle import follow
from chatproof.history.model.plan import Answer, Call, Say
from chatproof.history.model.seen import Exchange, Raised
from tests.history.plays import Hand, message, reply, user

FAILED = Answer(name="http-500", text="")


def hedged(change: Callable[[Exchange], Exchange] = lambda one: one, *, first: bool = True) -> Hand:
    """Two requests at once, one of whose answers is taken, and the round that follows."""
    hand = Hand()
    one, other = hand.sends(user("one"), answer="alder"), hand.sends(user("one"), answer="birch")
    taken, left = ("alder", other) if first else ("birch", one)
    asked = [change(each) if each is left else each for each in (one, other)]
    hand.says("one", *asked, back=taken)
    return hand.says("two", hand.sends(user("one"), reply(taken), user("two")))


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(
    "change",
    [
        lambda one: one,
        lambda one: replace(one, left=True, arrived=""),
        lambda one: replace(one, answer=FAILED, arrived="", status=500),
    ],
)
def test_the_answer_that_is_taken_is_the_reply(
    change: Callable[[Exchange], Exchange], *, first: bool
) -> None:
    hand = hedged(change, first=first)
    assert not [one for judged in follow(hand.play) for one in judged.deviations]
    assert not hand.breaches("answer.returned")


def test_who_keeps_the_other_answer_than_it_gives_back_does_not_keep_the_reply() -> None:
    hand = Hand()
    hand.says(
        "one", hand.sends(user("one"), answer="alder"), hand.sends(user("one"), answer="birch"), back="alder"
    )
    hand.says("two", hand.sends(user("one"), reply("birch"), user("two")))
    assert [one for judged in follow(hand.play) for one in judged.deviations]


def test_the_calls_that_are_answered_are_those_of_the_answer_that_was_taken() -> None:
    hand = Hand(tools=3)
    answers = [Answer(text="", calls=(Call(id=f"call_{number}", arguments="{}"),)) for number in (1, 2)]
    function = {"name": "look_up", "arguments": "{}"}
    called = reply(None, tool_calls=[{"id": "call_1", "type": "function", "function": function}])
    result = message("tool", "it is so", tool_call_id="call_1")
    twice = [hand.sends(user("one"), answer=answer) for answer in answers]
    hand.says("one", *twice, hand.sends(user("one"), called, result))
    assert not [one for judged in follow(hand.play) for one in judged.deviations]
    assert not hand.breaches("tools.bounded")


def test_what_is_tried_again_after_a_failure_is_no_hedge() -> None:
    hand = Hand(retries=0)
    failed = [hand.sends(user("one"), answer=FAILED) for _ in range(3)]
    hand.says("one", *failed, ending=Raised(error="500"))
    assert hand.breaches("record.retries-bounded")


@pytest.mark.parametrize("first", [True, False])
def test_the_request_that_is_left_may_come_late(*, first: bool) -> None:
    hand = Hand()
    hand.says("one", hand.sends(user("one"), answer="alder"), back="alder")
    late = hand.sends(user("one"), answer="birch")
    own = hand.sends(user("one"), reply("alder"), user("two"))
    hand.says("two", *((late, own) if first else (own, late)))
    hand.says("three", hand.sends(user("one"), reply("alder"), user("two"), reply("fine"), user("three")))
    assert not [one for judged in follow(hand.play) for one in judged.deviations]
    assert not hand.breaches("answer.returned")


def test_what_is_said_again_after_a_failure_is_the_same_request_and_does_not_come_late() -> None:
    hand = Hand()
    hand.says("one", hand.sends(user("one"), answer=FAILED), ending=Raised(error="500"))
    hand.says("one", hand.sends(user("one")), move=Say(same=True))
    (_, again) = follow(hand.play)
    assert not again.side


def test_what_is_said_again_beside_a_side_request_does_not_come_late() -> None:
    hand = Hand()
    hand.says("one", hand.sends(user("one"), answer=FAILED), ending=Raised(error="500"))
    again, title = hand.sends(user("one")), hand.sends(user("A title for: one"), answer="A talk")
    hand.says("one", again, title, move=Say(same=True))
    assert [judged.side for judged in follow(hand.play)] == [False, False, True]
