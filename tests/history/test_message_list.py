"""The reference client keeps every rule, under any policy, and leaves no trace of a round that failed."""

import json
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatfake import LiveServer
from chatproof.clients import AnswerError, MessageList, json_answer, streamed_answer
from chatproof.clients.answers import Body
from chatproof.history import Endpoint, Messages, Policy, Search, expected_messages, run_client
from chatproof.history.model.log import Answer, Log, Message, Round
from chatproof.report import Outcome

CHUNK = {
    "id": "chatcmpl-1",
    "object": "chat.completion.chunk",
    "created": 1,
    "model": "tiny",
}
HELLO = {
    **CHUNK,
    "choices": [{"index": 0, "delta": {"role": "assistant", "content": "Hello"}, "finish_reason": None}],
}
EMPTY_TEXT = json.dumps(
    {
        **CHUNK,
        "object": "chat.completion",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "", "refusal": None},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
    }
).encode()
STOP = {**CHUNK, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}


def sse(*events: object) -> bytes:
    return "".join(f"data: {e if isinstance(e, str) else json.dumps(e)}\n\n" for e in events).encode()


def posting(body: bytes) -> Callable[[Body], bytes]:
    """A way to post that gets this back."""
    return lambda _: body


def streaming(endpoint: Endpoint) -> MessageList:
    client = MessageList.at(endpoint)
    client._ask = streamed_answer
    return client


@pytest.mark.parametrize(
    ("make", "policy"),
    [
        (MessageList.at, Policy()),
        (MessageList.at, Policy(window=Messages(0), system="none")),
        (streaming, Policy(window=Messages(5))),
    ],
    ids=["json, no window", "json, window 0", "sse, window 5"],
)
def test_message_list_keeps_every_rule(make: Callable[[Endpoint], MessageList], policy: Policy) -> None:
    result = run_client(make, policy, search=Search(examples=5))
    assert {case.outcome for case in result.cases} <= {Outcome.PASSED, Outcome.UNSUPPORTED}


@given(
    st.lists(st.tuples(st.text(), st.text(min_size=1) | st.none()), max_size=8),
    st.none() | st.integers(0, 9),
    st.text(),
    st.text(),
)
def test_message_list_sends_what_the_oracle_expects(
    rounds: list[tuple[str, str | None]], window: int | None, system: str, new: str
) -> None:
    asked: list[Body] = []
    reply: str | None = ""

    def ask(post: Callable[[Body], bytes], body: Body) -> str:
        asked.append(json.loads(json.dumps(body)))
        if reply is None:
            raise AnswerError("none")
        return reply

    client = MessageList(
        base_url="http://unused.invalid", api_key="", model="m", system_prompt=system, window=window, ask=ask
    )
    log: Log = ()
    for said, reply in rounds:
        try:
            client.say(said)
        except AnswerError:
            continue
        log += (Round(said=said, answer=Answer(text=reply or "")),)
    reply = "."
    client.say(new)
    client.close()
    policy = Policy(window=None if window is None else Messages(window), system="kept" if system else "none")
    sent = tuple(Message(role=message["role"], text=message["content"]) for message in asked[-1]["messages"])
    assert sent == expected_messages(log, policy, system, new)


@pytest.mark.parametrize("fault", ["empty-choices", "tool-call-only"])
def test_message_list_forgets_a_round_without_text(fault: str) -> None:
    with LiveServer() as server:
        handle = server.handle()
        client = MessageList(base_url=handle.base_url, api_key=handle.api_key, model="tiny")
        handle.script("Hello.", handle.scenario(fault), "Back.")
        client.say("hi")
        with pytest.raises(AnswerError):
            client.say("are you there?")
        assert client.say("and now?") == "Back."
        client.close()
        handle.assert_sent_history([("user", "hi"), ("assistant", "Hello."), ("user", "and now?")])


def test_message_list_says_which_error_it_met() -> None:
    with LiveServer() as server:
        handle = server.handle()
        client = MessageList(base_url=handle.base_url, api_key=handle.api_key, model="fake/nonesuch")
        with pytest.raises(AnswerError, match="HTTP 404"):
            client.say("hi")
        client.close()
        with pytest.raises(AnswerError, match="ConnectError"):
            MessageList(base_url="http://127.0.0.1:1/v1", api_key="", model="m").say("hi")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"null",
        b'{"error": {"message": "no"}}',
        b'{"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": null}',
        b'{"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": []}',
        EMPTY_TEXT,
    ],
)
def test_json_answer_without_text_is_no_reply(body: bytes) -> None:
    with pytest.raises(AnswerError):
        json_answer(posting(body), {})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        sse("[DONE]"),
        sse(HELLO),
        sse(HELLO, "[DONE]"),
        sse(HELLO, "{", STOP, "[DONE]"),
        sse(HELLO, {"error": {"message": "no", "type": "server_error"}}),
        sse({**CHUNK, "choices": []}, "[DONE]"),
        b"data: " + b"x" * (1 << 21),
    ],
    ids=["nothing", "done only", "cut", "no finish_reason", "garbled", "error", "no choices", "endless"],
)
def test_stream_that_is_not_whole_is_no_reply(body: bytes) -> None:
    with pytest.raises(AnswerError):
        streamed_answer(posting(body), {})


@pytest.mark.parametrize("end", [("[DONE]",), ()], ids=["with [DONE]", "without"])
def test_stream_whose_finish_reason_came_is_a_reply(end: tuple[str, ...]) -> None:
    assert streamed_answer(posting(sse(HELLO, STOP, *end)), {}) == "Hello"


def test_answers_ask_in_their_own_way() -> None:
    seen: list[Body] = []

    def post(body: Body) -> bytes:
        seen.append(body)
        return b""

    for ask in (json_answer, streamed_answer):
        with pytest.raises(AnswerError):
            partial(ask, post)({"model": "m"})
    assert seen == [{"model": "m"}, {"model": "m", "stream": True}]
