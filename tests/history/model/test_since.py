"""What has happened to a conversation since a request last showed it, and what a message is that was said twice."""

from typing import Any

import pytest

from chatproof.history.model.oracle import follow
from chatproof.history.model.plan import Again, Answer, Clear, Fork, Move, Restart, Say, Tear
from chatproof.history.model.policy import Messages
from chatproof.history.model.seen import Raised
from chatproof.history.rules.owner import owner
from chatproof.history.running.findings import Found, found_in
from tests.history.plays import Hand, reply, user

ONE = [user("amber-0000001"), reply("birch-0000001")]
TWO = [user("amber-0000002"), reply("birch-0000002")]


def said(hand: Hand, pair: list[dict[str, Any]], *history: dict[str, Any], **more: Any) -> Hand:
    """A round: what is said after a history, and answered."""
    question, answer = (str(one["content"]) for one in pair)
    return hand.says(question, hand.sends(*history, pair[0], answer=answer), back=answer, **more)


def seen(hand: Hand) -> list[Found]:
    """The deviations of a play."""
    rules = [
        "persist.round-trip",
        "persist.atomic",
        "record.retry-once",
        "retry.history",
        "record.http-error",
    ]
    return [one for one in found_in(hand.play, rules) if one.deviation is not None]


@pytest.mark.parametrize(
    ("move", "rule"), [(Restart(), "persist.round-trip"), (Restart(killed=True), "persist.atomic")]
)
def test_what_a_restart_has_lost_is_not_for_certain_the_matter_of_what_comes_next(
    move: Move, rule: str
) -> None:
    hand = said(said(Hand(persistent=True), ONE), TWO, *ONE).does(move)
    said(hand, TWO, move=Say(same=True))
    lost = seen(hand)
    assert {one.rule for one in lost} == {"record.retry-once"}
    assert all(one.may_be(rule) for one in lost)


def test_what_a_request_has_shown_is_no_matter_of_what_was_before_it() -> None:
    hand = said(said(Hand(persistent=True), ONE).does(Restart()), TWO, *ONE)
    hand.says("", hand.sends(TWO[0], answer="cedar-0000001"), move=Again(), back="cedar-0000001")
    lost = seen(hand)
    assert {one.rule for one in lost} == {"retry.history"}
    assert not any(one.may_be("persist.round-trip") for one in lost)


def test_a_request_that_failed_has_shown_what_it_carried() -> None:
    failed = Answer(name="http-500", text="")
    hand = said(Hand(persistent=True), ONE).does(Restart())
    hand.says("lost", hand.sends(*ONE, user("lost"), answer=failed), ending=Raised(error="500"))
    said(hand, TWO, *ONE, user("lost"))
    assert [(one.rule, one.may_be("persist.round-trip")) for one in seen(hand)] == [
        ("record.http-error", False)
    ]


def test_the_same_once_more_outside_the_window_is_outside_it() -> None:
    hand = Hand(window=Messages(2))
    history: list[dict[str, Any]] = []
    same = user("amber-0000001")
    for number in range(4):
        pair = [same, reply(f"birch-000000{number}")]
        said(hand, pair, *history, move=Say(same=number > 0))
        history += pair
    rules = [owner(one) for judged in follow(hand.play) for one in judged.deviations]
    assert "truncate.bound" in rules
    assert "accumulate.once" not in rules


def test_what_another_conversation_has_cleared_is_still_another_ones() -> None:
    hand = said(Hand(many=True), ONE, to="b").does(Clear(to="b"))
    said(hand, TWO, *ONE)
    assert {owner(one) for judged in follow(hand.play) for one in judged.deviations} == {
        "isolate.conversations"
    }


def test_what_another_branch_has_cleared_is_still_another_ones() -> None:
    hand = said(Hand(tree=True), ONE).does(Fork(at=1, new="b"))
    hand = said(hand, TWO, *ONE).does(Clear(to="a"))
    said(hand, [user("amber-0000003"), reply("birch-0000003")], *ONE, *TWO, to="b", move=Say(to="b"))
    assert {owner(one) for judged in follow(hand.play) for one in judged.deviations} == {"tree.siblings"}


# -- killed within a write --------------------------------------------------------------------------------------------

KILLED = Raised(error="the client ended the process with status -25 (SIGXFSZ)")


@pytest.mark.parametrize(
    ("kept", "fates", "is_right"),
    [
        ([*ONE, *TWO], {}, True),
        (ONE, {}, True),
        ([], {}, False),
        ([*ONE, TWO[0]], {}, False),
        ([*ONE, TWO[0]], {"http-500": "keep-user"}, True),
        (ONE[:1], {}, False),
    ],
)
def test_killed_in_a_write_a_client_has_all_of_the_round_or_nothing(
    kept: list[dict[str, Any]], fates: dict[str, str], *, is_right: bool
) -> None:
    hand = said(Hand(persistent=True, fates=fates), ONE)
    question, answer = (str(one["content"]) for one in TWO)
    hand.says(question, hand.sends(*ONE, TWO[0], answer=answer), ending=KILLED, move=Tear())
    said(hand, [user("amber-0000003"), reply("birch-0000003")], *kept)
    rules = {owner(one) for judged in follow(hand.play) for one in judged.deviations}
    assert rules == (set() if is_right else {"persist.atomic"})
