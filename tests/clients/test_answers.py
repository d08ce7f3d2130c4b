"""An answer is a reply or an exception: what the contract refuses is never taken for one."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatfake import Fake, Reply, Request, ToolCall
from chatproof.clients import LORAX, OPENAI, AnswerError
from chatproof.clients.answers import Call, Form, StreamReader, read_json

CHUNK: dict[str, Any] = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "tiny"}
HEAD = {**CHUNK, "object": "chat.completion"}
HELLO: dict[str, Any] = {
    **CHUNK,
    "choices": [{"index": 0, "delta": {"role": "assistant", "content": "Hello"}, "finish_reason": None}],
}
STOP: dict[str, Any] = {**CHUNK, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
SECOND = {**HELLO, "choices": [{**HELLO["choices"][0], "index": 1}]}


def sse(*events: object) -> bytes:
    return "".join(f"data: {e if isinstance(e, str) else json.dumps(e)}\n\n" for e in events).encode()


def choice(**message: object) -> bytes:
    one = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return json.dumps({**HEAD, "choices": [one]}).encode()


def streamed(data: bytes, form: Form = OPENAI, size: int = 1 << 20) -> tuple[list[str], object]:
    reader = StreamReader(form)
    pieces = [text for start in range(0, len(data), size) for text in reader.feed(data[start : start + size])]
    return pieces, reader.close()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"null",
        b"\xff",
        b"[" * 100_000,
        b'{"error": {"message": "no"}}',
        json.dumps({**HEAD, "choices": None}).encode(),
        json.dumps({**HEAD, "choices": []}).encode(),
        json.dumps({**HELLO, "object": "chat.completion"}).encode(),
        choice(role="assistant", content="", refusal=None),
        choice(role="assistant", content=None, refusal="I cannot."),
        choice(role="assistant", content=[{"type": "text", "text": "Hello"}], refusal=None),
        choice(role="user", content="Hello", refusal=None),
        choice(content="Hello"),
    ],
)
def test_json_without_a_text_is_no_reply(body: bytes) -> None:
    with pytest.raises(AnswerError):
        read_json(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\n\n",
        choice(role="assistant", content="Hello", refusal=None),
        sse("[DONE]"),
        sse(HELLO),
        sse(HELLO, "[DONE]"),
        sse(HELLO, "{", STOP, "[DONE]"),
        sse(HELLO, {"error": {"message": "no", "type": "server_error"}}),
        sse({**CHUNK, "choices": []}, "[DONE]"),
        sse(SECOND, {**STOP, "choices": [{**STOP["choices"][0], "index": 1}]}, "[DONE]"),
        b"data: " + b"x" * (17 << 20),
    ],
)
def test_a_stream_that_is_not_whole_is_no_reply(body: bytes) -> None:
    with pytest.raises(AnswerError):
        streamed(body)


@pytest.mark.parametrize("end", [("[DONE]",), ()])
def test_a_stream_whose_finish_reason_came_is_a_reply(end: tuple[str, ...]) -> None:
    pieces, reply = streamed(sse(HELLO, STOP, *end))
    assert pieces == ["Hello"]
    assert reply == read_json(choice(role="assistant", content="Hello", refusal=None))


def asked(reply: Reply, *, stream: bool, dialect: str = "openai") -> bytes:
    fake = Fake(dialect=dialect)
    handle = fake.handle()
    handle.script(reply)
    body: dict[str, object] = {"model": "tiny", "messages": [{"role": "user", "content": "hi"}]}
    if reply.tool_calls:
        body["tools"] = [{"type": "function", "function": {"name": "look_up", "parameters": {}}}]
    body["stream"] = stream
    head = (("authorization", f"Bearer {handle.api_key}"), ("content-type", "application/json"))
    answer = fake.answer(
        Request(method="POST", path="/v1/chat/completions", body=json.dumps(body).encode(), headers=head)
    )
    return answer.body


CALLS = st.lists(st.text(max_size=30), max_size=3).map(
    lambda texts: [ToolCall(name="look_up", arguments=text, id=f"call_{at}") for at, text in enumerate(texts)]
)


@given(text=st.text(max_size=60), calls=CALLS, size=st.integers(1, 200))
def test_a_stream_says_what_json_says_in_any_slicing(text: str, calls: list[ToolCall], size: int) -> None:
    reply = Reply(text=text or None, tool_calls=tuple(calls))
    try:
        whole = read_json(asked(reply, stream=False))
    except AnswerError:
        assert not text
        assert not calls
        return
    pieces, last = streamed(asked(reply, stream=True), size=size)
    assert last == whole
    assert whole.text == text == "".join(pieces)
    assert [call.arguments for call in whole.calls] == [call.arguments for call in calls]


def test_a_call_is_sent_back_as_it_came_without_what_only_answers_have() -> None:
    call = Call(id="call_1", name="look_up", arguments="{broken")
    assert call.json == {
        "id": "call_1",
        "type": "function",
        "function": {"name": "look_up", "arguments": "{broken"},
    }
    custom = Call(id="call_2", name="write", arguments="x", is_custom=True)
    assert custom.json == {"id": "call_2", "type": "custom", "custom": {"name": "write", "input": "x"}}


@pytest.mark.parametrize("text", ["Hello", "Grüße, Œuvre"])
def test_lorax_is_read_by_its_own_names_and_by_openais_it_is_no_reply(text: str) -> None:
    whole, events = (asked(Reply(text=text), stream=stream, dialect="lorax") for stream in (False, True))
    assert read_json(whole, LORAX).text == text
    pieces, reply = streamed(events, LORAX)
    assert ("".join(pieces), reply) == (text, read_json(whole, LORAX))
    with pytest.raises(AnswerError):
        read_json(whole)
