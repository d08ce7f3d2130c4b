"""The list: what enters it from elsewhere, and what a window cuts."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.clients import AnswerError, ChatModel, MessageList
from chatproof.clients.messages import assistant, limit_of, most_recent, tool_result, user
from chatproof.history.model.endpoint import CannotBuildError
from chatproof.history.model.policy import UNKNOWN, Messages, Rounds, Tokens, Turns
from chatschema import JsonObject, check
from tests.clients.fakes import There

IMAGE: JsonObject = {"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}}
QUESTION: JsonObject = {"role": "user", "content": [{"type": "text", "text": "What is it?"}, IMAGE]}


def calling(*ids: str) -> JsonObject:
    calls: list[Any] = [
        {"id": one, "type": "function", "function": {"name": "look_up", "arguments": "{}"}} for one in ids
    ]
    return {"role": "assistant", "content": None, "tool_calls": calls}


def a_round(number: int, calls: int) -> list[JsonObject]:
    ids = [f"{number}.{at}" for at in range(calls)]
    asked = [calling(*ids), *(tool_result(one, "found") for one in ids)] if calls else []
    return [user(f"question {number}"), *asked, {"role": "assistant", "content": f"answer {number}"}]


@given(st.lists(st.integers(0, 3), max_size=6), st.integers(0, 30))
def test_a_window_holds_the_newest_whole_rounds_that_fit(calls: list[int], limit: int) -> None:
    rounds = [a_round(number, count) for number, count in enumerate(calls)]
    history = [message for one in rounds for message in one]
    fits: list[JsonObject] = []
    for one in reversed(rounds):
        if len(one) + len(fits) > limit:
            break
        fits = one + fits
    sent = most_recent(history, limit)
    assert sent == fits
    assert not sent or check({"model": "m", "messages": [*sent]}, "chat.completion.request").valid
    assert most_recent(history, None) == history


def test_parts_with_images_and_rounds_with_tools_are_sent_as_they_came() -> None:
    there = There()
    talk = MessageList(there.model())
    rounds = [*a_round(0, 2), QUESTION, assistant("A cat.")]
    handed_in = deepcopy(rounds)
    talk.record(rounds)
    there.answers("Yes.")
    parts: list[Any] = [{"type": "text", "text": "Sure?"}, deepcopy(IMAGE)]
    talk.say(parts)
    assert list(there.handle.messages) == [*rounds, {"role": "user", "content": parts}]
    parts.clear()
    talk.messages.clear()
    rounds.clear()
    there.answers("Again.")
    talk.say("And now?")
    assert there.handle.messages[: len(handed_in)] == tuple(handed_in)
    assert there.sent[len(handed_in)] == ("user", [{"type": "text", "text": "Sure?"}, IMAGE])


@pytest.mark.parametrize(
    "rounds",
    [
        [user("hi")],
        [{"role": "assistant", "content": "hi"}],
        [user("hi"), user("hi"), assistant("hi")],
        [user("hi"), assistant("hi"), {"role": "system", "content": "hi"}],
        [user("hi"), calling("1")],
        [user("hi"), calling("1"), {"role": "assistant", "content": "hi"}],
        [user("hi"), tool_result("1", "found"), {"role": "assistant", "content": "hi"}],
        [],
        [{"role": "nobody", "content": "hi"}],
    ],
)
def test_half_a_round_is_not_taken(rounds: list[JsonObject]) -> None:
    talk = MessageList(There().model())
    for take in (talk.record, talk.from_messages):
        with pytest.raises(ValueError, match=r"\w"):
            take(rounds)
    assert talk.messages == []


def test_a_text_beside_calls_that_nobody_answers_is_recorded_without_them() -> None:
    there = There()
    talk = MessageList(there.model())
    there.answers(there.handle.scenario("tool-call-with-text"))
    reply = talk.say("hi")
    assert talk.messages == [user("hi"), {"role": "assistant", "content": reply}]


def test_a_round_that_was_cleared_while_it_was_asked_again_does_not_come_back() -> None:
    there = There()
    talk = MessageList(there.model())
    there.answers("one", "two")
    talk.say("hi")
    pieces = talk.stream("and?")
    talk.clear()
    assert list(pieces)
    assert [one["content"] for one in talk.messages] == ["and?", "two"]


def test_two_streams_at_once_are_recorded_whole_in_the_order_of_their_ends() -> None:
    there = There()
    talk = MessageList(there.model())
    there.answers("one", "two")
    first, second = talk.stream("a"), talk.stream("b")
    next(first)
    assert "".join(second) == "two"
    list(first)
    assert [one["content"] for one in talk.messages] == ["b", "two", "a", "one"]


def test_a_client_without_an_endpoint_says_so() -> None:
    talk = MessageList(ChatModel(base_url="http://127.0.0.1:1/v1", api_key="", model="m"))
    with pytest.raises(AnswerError, match="connection refused"):
        talk.say("hi")
    talk.close()


def test_a_window_is_declared_in_messages() -> None:
    assert [limit_of(window) for window in (None, UNKNOWN, Messages(5))] == [None, None, 5]
    for window in (Tokens(9), Rounds(2), Turns(3)):
        with pytest.raises(CannotBuildError, match="counts messages; a window"):
            limit_of(window)
