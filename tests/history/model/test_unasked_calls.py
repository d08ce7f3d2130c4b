"""A client that declares no tools, and answers a call all the same: by an error that it makes up."""

from typing import Any

from chatproof.history.model.oracle import follow
from chatproof.history.model.plan import Answer, Call
from chatproof.history.rules.owner import owner
from tests.history.plays import Hand, message, reply, user

CALL: dict[str, Any] = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "look_up", "arguments": '{"query": "amber-0000001"}'},
}
ANSWERED = (reply(None, tool_calls=[CALL]), message("tool", "There is no such tool.", tool_call_id="call_1"))
CALLED = Answer(name="tool-call-only", calls=(Call(),))


def owners(hand: Hand) -> list[str]:
    return [owner(one) for judged in follow(hand.play) for one in judged.deviations]


def test_what_it_sends_in_the_same_round_is_the_matter_of_that_answer() -> None:
    hand = Hand()
    hand.says("one", hand.sends(user("one"), answer=CALLED), hand.sends(user("one"), *ANSWERED))
    assert owners(hand) == ["record.tool-call-only"] * 2


def test_a_request_that_is_only_sent_again_is_right() -> None:
    hand = Hand()
    hand.says("one", hand.sends(user("one"), answer=CALLED), hand.sends(user("one")))
    assert owners(hand) == []
