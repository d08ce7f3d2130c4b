"""What servers get wrong around a reply is no reason to withhold it; what is no reply stays none."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.clients import EVERYDAY, OPENAI, AnswerError
from chatproof.clients.answers import StreamReader, read_json
from chatproof.clients.mending import Mender

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


def answer(**members: Any) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", "content": "Hi."}, "finish_reason": "stop"}
    head = {"id": "x", "object": "chat.completion", "created": 1_700_000_000, "model": "m"}
    return {**head, "choices": [choice], **members}


def chunk(delta: dict[str, Any], finish: str | None = None, **members: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    head = {"id": "x", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": "m"}
    return {**head, "choices": [choice], **members}


def streamed(*chunks: Any, form: Any = EVERYDAY, last: bytes = b"data: [DONE]\n\n") -> str:
    reader = StreamReader(form)
    for one in chunks:
        reader.feed(f"data: {json.dumps(one)}\n\n".encode())
    reader.feed(last)
    return reader.close().text


def message(**members: Any) -> dict[str, Any]:
    return {
        "index": 0,
        "finish_reason": "stop",
        "message": {"role": "assistant", "content": "Hi.", **members},
    }


@pytest.mark.parametrize(
    "wrong",
    [
        answer(id=""),
        answer(created="yesterday"),
        answer(model=None),
        answer(object=""),
        answer(usage={"prompt_tokens": 1.5}),
        answer(choices=[message(tool_calls=[])]),
        answer(choices=[message(tool_calls=None, function_call=None)]),
        answer(choices=[message(content=[{"type": "thinking"}, {"type": "text", "text": "Hi."}])]),
        answer(choices=[{**message(), "finish_reason": "eos"}]),
        answer(choices=[{**message(), "logprobs": {"tokens": 1}}]),
    ],
)
def test_an_answer_is_read_whatever_stands_around_it(wrong: dict[str, Any]) -> None:
    assert read_json(json.dumps(wrong).encode(), EVERYDAY).text == "Hi."


@pytest.mark.parametrize(
    "chunks",
    [
        [chunk({"content": "Hi."}), chunk({}, "stop"), chunk({}, "stop")],
        [chunk({"content": "Hi."}, id=""), chunk({}, "stop", id="other", model="n")],
        [chunk({"content": "Hi."}, object="chat.completion"), chunk({}, "end_turn")],
        [chunk({"content": "Hi.", "tool_calls": []}), chunk({}, "stop", usage={"total_tokens": "2"})],
        [chunk({}, choices=[]), chunk({"content": "Hi."}, ""), chunk({}, "stop")],
    ],
)
def test_a_stream_is_read_whatever_stands_around_it(chunks: list[dict[str, Any]]) -> None:
    with pytest.raises(AnswerError):
        streamed(*chunks, form=OPENAI)
    assert streamed(*chunks) == "Hi."


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"error": {"message": "out of memory"}}, "it failed: out of memory"),
        ({"error": "out of memory"}, "it failed: out of memory"),
        (answer(choices=None), "choices is not a list"),
        (answer(choices=[]), "no chat completion|no choice"),
        (answer(choices=["Hi."]), "no chat completion"),
        (answer(choices=[{"index": 0, "delta": {"content": "Hi."}, "finish_reason": "stop"}]), "delta"),
        (answer(object="list"), "object is none of"),
        (answer(choices=[message(content="")]), "empty"),
        (answer(choices=[message(content=None)]), "content"),
        (answer(choices=[message(content=7)]), "not a string"),
        ([answer()], "no chat completion"),
    ],
)
def test_what_is_no_reply_stays_none(wrong: Any, told: str) -> None:
    with pytest.raises(AnswerError, match=told):
        read_json(json.dumps(wrong).encode(), EVERYDAY)


def test_a_stream_that_ends_early_is_no_reply() -> None:
    with pytest.raises(AnswerError, match="finish_reason"):
        streamed(chunk({"content": "Hi."}))
    with pytest.raises(AnswerError, match="it failed: gone"):
        streamed(chunk({"content": "Hi."}), {"error": {"message": "gone"}})


@given(JSON)
def test_any_body_is_read_or_refused(value: Any) -> None:
    said = {"index": 0, "message": value, "finish_reason": "stop"}
    for body in (value, answer(choices=value), answer(choices=[value]), answer(choices=[said])):
        data = json.dumps(body).encode()
        with suppress(AnswerError):
            assert read_json(data, EVERYDAY).text


@given(st.lists(JSON, max_size=4))
def test_events_that_do_not_finish_are_refused_whatever_they_hold(values: list[Any]) -> None:
    for body in (values, [chunk({}, choices=[{"index": 0, "delta": value}]) for value in values]):
        with pytest.raises(AnswerError):
            streamed(*body, last=b"")


@given(st.text() | st.binary().map(lambda data: data.decode("utf-8", "replace")))
def test_what_is_no_json_stays_as_it_is(text: str) -> None:
    mender = Mender()
    try:
        is_object = isinstance(json.loads(text), dict)
    except ValueError:
        is_object = False
    if not is_object:
        assert mender.event(text) == text
        assert mender.answer(text.encode()) == text.encode()
