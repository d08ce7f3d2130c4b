"""Talks in which it is not known beforehand what a right client remembers: whatever it does is taken for that."""

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from chatproof.history.model.oracle import follow
from chatproof.history.model.plan import (
    Again,
    Answer,
    Clear,
    Fork,
    Restart,
    Say,
    Spoil,
    Spoilage,
    Together,
    Widen,
)
from chatproof.history.model.policy import Messages
from chatproof.history.model.seen import Ask, Cancelled, Exchange, Raised, Returned
from chatproof.history.rules.owner import owner
from tests.history.plays import Hand, message, reply, user

ONE = [user("amber-0000001"), reply("birch-0000001")]
TWO = [user("amber-0000002"), reply("birch-0000002")]
THREE = [user("amber-0000003"), reply("birch-0000003")]
FAILED = Answer(name="http-500", text="")
RAISED = Raised(error="HTTPError: 500")


def broken(hand: Hand) -> list[str]:
    return [owner(one) for judged in follow(hand.play) for one in judged.deviations]


def text(one: dict[str, Any]) -> str:
    return str(one["content"])


def said(hand: Hand, pair: list[dict[str, Any]], *history: dict[str, Any], **more: Any) -> Hand:
    """A round: what is said after a history, and answered."""
    return hand.says(
        text(pair[0]), hand.sends(*history, pair[0], answer=text(pair[1])), back=text(pair[1]), **more
    )


def twice(hand: Hand, *history: dict[str, Any]) -> Hand:
    """The first and the second round at once; the endpoint hears the second first."""

    def sent(pair: list[dict[str, Any]]) -> Exchange:
        return hand.sends(*history, pair[0], answer=text(pair[1]))

    asks = tuple(Ask(to="a", said=text(pair[0]), ending=Returned(text=text(pair[1]))) for pair in (ONE, TWO))
    return hand.together(Together(first=Say(), second=Say()), asks, sent(TWO), sent(ONE))


def again(hand: Hand, *sent: dict[str, Any], answer: Answer | str = "cedar-0000009") -> Hand:
    back = answer if isinstance(answer, str) else None
    return hand.says(
        "", hand.sends(*sent, answer=answer), move=Again(), back=back, ending=None if back else RAISED
    )


@pytest.mark.parametrize("order", [[*ONE, *TWO], [*TWO, *ONE]])
def test_of_two_at_once_either_is_first(order: list[dict[str, Any]]) -> None:
    assert broken(said(twice(Hand()), THREE, *order)) == []
    assert broken(again(twice(Hand()), *order[:3])) == []
    assert broken(said(again(twice(Hand(window=Messages(0))), order[2]), THREE)) == []
    assert broken(said(twice(Hand(window=Messages(3))), THREE, *order[2:])) == []
    branch = twice(Hand(tree=True)).does(Fork(at=1, to="a", new="b"))
    assert broken(said(branch, THREE, *order[:2], to="b", move=Say(to="b"))) == []


def test_what_failed_is_asked_again_or_what_was_answered_before_it() -> None:
    def hand() -> Hand:
        start = said(Hand(), ONE)
        return start.says("amber-0000002", start.sends(*ONE, TWO[0], answer=FAILED), ending=RAISED)

    assert broken(said(again(hand(), ONE[0]), THREE, ONE[0], reply("cedar-0000009"))) == []
    assert broken(said(again(hand(), *ONE, TWO[0]), THREE, *ONE, TWO[0], reply("cedar-0000009"))) == []
    assert broken(again(hand(), TWO[0])) == ["record.http-error"] * 2


def test_what_was_cancelled_is_asked_again_or_what_was_answered_before_it() -> None:
    def hand() -> Hand:
        start = said(Hand(), ONE)
        sent = start.sends(*ONE, TWO[0], answer="birch-0000002")
        return start.says("amber-0000002", sent, ending=Cancelled(pieces=0), move=Say(stop=0))

    assert broken(again(hand(), ONE[0])) == []
    assert broken(again(hand(), *ONE, TWO[0])) == []


def test_a_store_that_cannot_be_written_may_forget() -> None:
    for rest in ([*ONE, *TWO], ONE):
        for moves in ([], [Restart()]):
            hand = said(Hand(persistent=True), ONE).does(Spoil(how=Spoilage.UNWRITABLE))
            said(hand, TWO, *ONE)
            for move in moves:
                hand.does(move)
            assert broken(said(hand, THREE, *rest)) == []
    hand = said(Hand(persistent=True), ONE).does(Spoil(how=Spoilage.UNWRITABLE))
    assert broken(said(said(hand, TWO, *ONE), THREE)) != []


def test_what_is_said_again_has_the_form_that_it_had() -> None:
    hand = Hand()
    hand.says("amber-0000001", hand.sends(user("[12:00] amber-0000001"), answer=FAILED), ending=RAISED)
    hand.says("amber-0000001", hand.sends(user("[12:00] amber-0000001")), move=Say(same=True))
    assert broken(hand) == ["accumulate.verbatim"]


def test_the_same_text_twice_is_twice_whether_it_failed_before_or_not() -> None:
    hand = Hand()
    hand.says("amber-0000001", hand.sends(ONE[0], answer=FAILED), ending=RAISED)
    hand.says("amber-0000001", hand.sends(ONE[0], answer="birch-0000001"), move=Say(same=True))
    said(hand, TWO, *ONE, *ONE)
    assert broken(hand) == ["accumulate.once"] * 2


def test_a_branch_that_loses_what_another_one_cut_is_an_inner_node_spoiled() -> None:
    hand = said(said(Hand(tree=True), ONE), TWO, *ONE).does(Fork(at=2, to="a", new="b"))
    hand.does(Fork(at=1, to="a", new="c"))
    assert set(broken(said(hand, THREE, *ONE, to="b", move=Say(to="b")))) == {"tree.any-node"}


def test_a_role_that_nobody_knows_is_no_request() -> None:
    assert broken(said(said(Hand(), ONE), TWO, ONE[0], message("bot", "birch-0000001"))) == [
        "accumulate.request-valid"
    ]


def test_a_blank_reply_that_was_given_back_is_of_its_ask() -> None:
    """Though the request carries nothing of what was said."""
    hand = said(Hand(), ONE)
    blank = Answer(name="blank-content", text=" \n")
    hand.says("amber-0000002", hand.sends(*ONE, answer=blank), back=" \n")
    assert broken(hand) == ["accumulate.last-is-new"]


def test_nothing_is_asked_again_after_clearing() -> None:
    hand = said(Hand(), ONE).does(Clear())
    assert broken(said(again(hand, ONE[0]), TWO)) != []


@pytest.mark.parametrize(("name", "rules"), [("stall", ["record.timeout"]), ("text", [])])
def test_a_client_that_leaves_a_failing_answer_has_failed(name: str, rules: list[str]) -> None:
    """One that leaves another one before its end may keep the round or not."""
    hand = Hand(timeout=1.0)
    sent = hand.sends(ONE[0], answer=Answer(name=name, text="birch-0000001"))
    hand.says("amber-0000001", replace(sent, left=True), ending=RAISED)
    assert broken(said(hand, TWO, ONE[0])) == rules


def test_of_two_at_once_the_last_is_known_when_it_is_asked_again() -> None:
    def hand() -> Hand:
        start = again(twice(Hand(window=Messages(2))), *ONE, TWO[0])
        return said(start, THREE, TWO[0], reply("cedar-0000009"))

    assert broken(again(hand(), TWO[0], reply("cedar-0000009"), THREE[0])) == []
    assert broken(again(hand(), *ONE, THREE[0])) != []


def test_of_two_at_once_the_last_is_known_by_its_reply_where_the_other_is_said_once_more() -> None:
    hand = said(twice(Hand(window=Messages(2))), [TWO[0], reply("cedar-0000009")], *ONE, move=Say(same=True))
    wider = hand.does(Widen(n=8))
    assert broken(said(wider, THREE, *TWO, *ONE, TWO[0], reply("cedar-0000009"))) == []
    wide = said(twice(Hand()), TWO, *TWO, *ONE, move=Say(same=True))
    assert broken(said(wide, THREE, *TWO, *ONE, *TWO)) == []


def unwritable(*before: list[dict[str, Any]]) -> Hand:
    hand, history = Hand(persistent=True), list[dict[str, Any]]()
    for pair in before:
        hand = said(hand, pair, *history)
        history += pair
    return hand.does(Spoil(how=Spoilage.UNWRITABLE))


@pytest.mark.parametrize("killed", [False, True])
@pytest.mark.parametrize("back", [[], ONE, [*ONE, *TWO], TWO])
def test_what_is_cleared_where_nothing_can_be_stored_may_come_back(
    back: list[dict[str, Any]], *, killed: bool
) -> None:
    hand = said(unwritable(ONE), TWO, *ONE).does(Clear())
    assert broken(said(hand.does(Restart(killed=killed)), THREE, *back)) == []


def test_what_can_be_stored_and_is_cleared_does_not_come_back() -> None:
    assert broken(said(said(Hand(), ONE).does(Clear()).does(Restart()), THREE, *ONE)) == ["persist.clear"] * 2


def test_where_nothing_can_be_stored_the_old_question_may_be_asked_again() -> None:
    hand = said(unwritable(ONE).does(Clear()), TWO, *ONE)
    assert broken(again(hand, ONE[0])) == []
    assert broken(again(said(said(Hand(), ONE), TWO, *ONE), THREE[0])) != []


def test_a_branch_may_begin_behind_a_round_that_may_be_none() -> None:
    def hand() -> Hand:
        start = said(Hand(tree=True), ONE)
        sent = start.sends(*ONE, TWO[0], answer=Answer(name="blank-content", text=" "))
        start.says("amber-0000002", sent, back=" ")
        return start.does(Fork(at=2, to="a", new="b"))

    assert broken(said(hand(), THREE, *ONE, to="b", move=Say(to="b"))) == []
    assert broken(said(hand(), THREE, *ONE, TWO[0], reply(" "), to="b", move=Say(to="b"))) == []
    assert broken(said(hand(), THREE, to="b", move=Say(to="b"))) == ["tree.path"] * 2


def test_what_is_cleared_and_said_once_more_is_known_by_its_reply() -> None:
    hand = said(Hand(), ONE).does(Clear())
    assert broken(said(hand, ONE, *ONE, move=Say(same=True))) == ["persist.clear"] * 2


def test_of_each_two_at_once_the_order_is_seen_when_there_is_room_for_them() -> None:
    hand = twice(Hand(window=Messages(0)))
    pair = [[user("delta-0000004"), reply("ember-0000004")], [user("delta-0000005"), reply("ember-0000005")]]
    asks = tuple(Ask(to="a", said=text(one[0]), ending=Returned(text=text(one[1]))) for one in pair)
    sent = [hand.sends(one[0], answer=text(one[1])) for one in pair]
    hand.together(Together(first=Say(), second=Say()), asks, *sent).does(Widen(n=12))
    for first in ([*ONE, *TWO], [*TWO, *ONE]):
        for second in ([*pair[0], *pair[1]], [*pair[1], *pair[0]]):
            assert broken(said(deepcopy(hand), THREE, *first, *second)) == []
