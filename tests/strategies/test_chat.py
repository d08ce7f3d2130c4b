"""Chat completions, their streams and histories: they reach every shape and agree with each other."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from chatfake import Fake, Request
from chatproof.strategies import (
    assembled,
    assistant_messages,
    calling_completions,
    chat_completions,
    chat_sse,
    chat_streams,
    framed,
    histories,
    logprobs,
    plain_completions,
    scored_completions,
    several_completions,
    sliced,
    spoken_completions,
    stream_of,
    tool_calls,
    tool_histories,
    usages,
)
from chatschema import ChatStream, JsonObject, JsonValue, SseDecoder, SseEvent, check
from tests.portion import share
from tests.schemas.test_properties import same

FEW = share(0.5)

Answer = dict[str, Any]


def message(answer: Answer) -> Answer:
    return dict(answer["choices"][0]["message"])


SHAPES: dict[str, Callable[[Answer], object]] = {
    "text": lambda answer: message(answer)["content"],
    "no text": lambda answer: message(answer)["content"] == "",
    "a call": lambda answer: message(answer).get("tool_calls"),
    "three calls": lambda answer: len(message(answer).get("tool_calls") or ()) == 3,
    "a custom call": lambda answer: any(
        call["type"] == "custom" for call in message(answer).get("tool_calls", ())
    ),
    "calls and text": lambda answer: message(answer).get("tool_calls") and message(answer)["content"],
    "a refusal": lambda answer: message(answer).get("refusal"),
    "function_call": lambda answer: message(answer).get("function_call"),
    "audio": lambda answer: message(answer).get("audio"),
    "a citation": lambda answer: message(answer).get("annotations"),
    "reasoning": lambda answer: message(answer).get("reasoning_content"),
    "several choices": lambda answer: len(answer["choices"]) == 2,
    "three choices": lambda answer: len(answer["choices"]) == 3,
    "logprobs": lambda answer: (answer["choices"][0].get("logprobs") or {}).get("content"),
    "usage with details": lambda answer: answer.get("usage", {}).get("completion_tokens_details"),
    "no usage": lambda answer: "usage" not in answer,
    "no refusal": lambda answer: "refusal" not in message(answer),
    "unknown members": lambda answer: check(answer).extensions,
}
REASONS = ("stop", "length", "tool_calls", "content_filter", "function_call")
OFTEN = settings(max_examples=2000, database=None, phases=[Phase.generate])


@pytest.mark.parametrize("shape", SHAPES)
def test_completions_take_every_shape(shape: str) -> None:
    find(chat_completions(), lambda answer: bool(SHAPES[shape](answer)), settings=OFTEN)


@pytest.mark.parametrize("reason", REASONS)
def test_completions_end_for_every_reason(reason: str) -> None:
    find(
        chat_completions(),
        lambda answer: str(answer).count(f"'finish_reason': '{reason}'") > 0,
        settings=OFTEN,
    )


@pytest.mark.parametrize(
    "answers",
    [plain_completions, spoken_completions, calling_completions, several_completions, scored_completions],
)
def test_answers_as_openai_sends_them_break_no_should_either(
    answers: Callable[[], st.SearchStrategy[JsonObject]],
) -> None:
    @FEW
    @given(answers())
    def judged(answer: JsonObject) -> None:
        assert check(answer).violations == ()

    judged()


@FEW
@given(assistant_messages(), usages(), logprobs(), tool_calls())
def test_parts_are_right_in_an_answer(
    said: JsonObject, usage: JsonObject, scores: JsonObject, calls: list[JsonValue]
) -> None:
    choice: JsonObject = {"index": 0, "message": said, "logprobs": scores, "finish_reason": "stop"}
    other: JsonObject = {**choice, "index": 1, "message": {**said, "tool_calls": calls}}
    answer: JsonObject = {"id": "x", "object": "chat.completion", "created": 1, "model": "m", "usage": usage}
    assert check({**answer, "choices": [choice, other]}).violations == ()


@FEW
@given(st.data(), chat_completions())
def test_chunks_of_an_answer_assemble_to_it(data: st.DataObject, answer: JsonObject) -> None:
    stream = ChatStream()
    for chunk in data.draw(stream_of(answer)):
        assert stream.feed(SseEvent(data=json.dumps(chunk))) == []
    assert stream.feed(SseEvent(data="[DONE]")) == []
    assert stream.close() == []
    whole = stream.assembled()
    assert whole is not None
    assert same(whole, assembled(answer))


@FEW
@given(plain_completions())
def test_a_plain_answer_loses_nothing_in_a_stream(answer: JsonObject) -> None:
    assert assembled(answer) == answer


@FEW
@given(st.data(), chat_sse())
def test_any_slicing_of_any_framing_is_the_same_stream(data: st.DataObject, wire: bytes) -> None:
    pieces = data.draw(sliced(wire))
    assert b"".join(pieces) == wire
    decoder = SseDecoder()
    events = [event for piece in pieces for event in decoder.feed(piece)]
    assert decoder.close() == []
    assert events[-1].data == "[DONE]"
    assert events == SseDecoder().feed(wire)


@FEW
@given(st.data(), chat_streams())
def test_any_framing_holds_the_events(data: st.DataObject, chunks: list[JsonObject]) -> None:
    events = SseDecoder().feed(data.draw(framed([*chunks, "[DONE]"])))
    assert [json.loads(event.data) for event in events[:-1]] == chunks
    assert events[-1].data == "[DONE]"


FAKE = Fake()
KEY = FAKE.handle().api_key


def status(messages: list[JsonObject]) -> int:
    headers = (("authorization", f"Bearer {KEY}"), ("content-type", "application/json"))
    body = json.dumps({"model": "any", "messages": messages}).encode()
    request = Request(method="POST", path="/v1/chat/completions", headers=headers, body=body)
    return FAKE.answer(request).status


@FEW
@given(histories() | tool_histories())
def test_the_fake_takes_any_history_and_the_contract_finds_it_right(messages: list[JsonObject]) -> None:
    assert status(messages) == 200
    request: JsonObject = {"model": "any", "messages": [*messages]}
    assert check(request, "chat.completion.request").violations == ()


@FEW
@given(tool_histories())
def test_a_tool_history_without_a_result_is_refused(messages: list[JsonObject]) -> None:
    result = next(place for place, item in enumerate(messages) if item["role"] == "tool")
    cut = messages[:result] + messages[result + 1 :]
    assert status(cut) == 400
    assert not check({"model": "any", "messages": [*cut]}, "chat.completion.request").valid
