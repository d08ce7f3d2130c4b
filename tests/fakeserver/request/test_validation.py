import json
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from chatfake import Fake
from chatfake.request.validation import RULES
from tests.fakeserver.asking import HELLO, WEATHER, ask, chat, error_of, get, post
from tests.fakeserver.pinned import Page, refusals

CALL = {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}
ASKED = {"role": "assistant", "content": None, "tool_calls": [CALL]}
RESULT = {"role": "tool", "tool_call_id": "call_1", "content": "sunny"}


def without(member: str) -> dict[str, Any]:
    return {key: value for key, value in chat().items() if key != member}


def said(*messages: Any) -> dict[str, Any]:
    return chat(messages=list(messages))


def function(**members: Any) -> dict[str, Any]:
    return chat(tools=[{"type": "function", "function": members}])


def form(**members: Any) -> dict[str, Any]:
    return chat(response_format={"type": "json_schema", "json_schema": members})


def allowed(**members: Any) -> dict[str, Any]:
    return chat(tools=[WEATHER], tool_choice={"type": "allowed_tools", "allowed_tools": members})


INVALID: dict[str, Any] = {
    # the 27
    "malformed-json": b'{"model": "tiny", ',
    "empty-body": b"",
    "array-body": [chat()],
    "no-model": without("model"),
    "no-messages": without("messages"),
    "empty-messages": said(),
    "messages-a-string": chat(messages="hi"),
    "unknown-role": said({"role": "foobar", "content": "hi"}),
    "content-a-number": said({"role": "user", "content": 3}),
    "temperature-a-string": chat(temperature="hot"),
    "temperature-too-high": chat(temperature=5),
    "top-p-too-high": chat(top_p=2),
    "n-zero": chat(n=0),
    "max-tokens-negative": chat(max_tokens=-1),
    "stream-a-string": chat(stream="yes"),
    "no-tools": chat(tools=[]),
    "empty-tool": chat(tools=[{}]),
    "bad-function-name": function(name="get weather!"),
    "tool-choice-without-tools": chat(tool_choice="auto"),
    "unknown-tool-choice": chat(tools=[WEATHER], tool_choice={"type": "function", "function": {"name": "f"}}),
    "stream-options-without-stream": chat(stream_options={"include_usage": True}),
    "top-logprobs-without-logprobs": chat(top_logprobs=2),
    "top-logprobs-too-many": chat(logprobs=True, top_logprobs=50),
    "json-schema-without-schema": form(name="f"),
    "five-stops": chat(stop=["a", "b", "c", "d", "e"]),
    "unknown-member": chat(banana=1),
    "orphan-tool-message": said(*HELLO, RESULT),
    # and more
    "allowed-nothing": allowed(),
    "allowed-mode": allowed(mode="none", tools=[]),
    "allowed-tools-missing": allowed(mode="auto"),
    "allowed-tools-a-string": allowed(mode="auto", tools="get_weather"),
    "allowed-tool-a-string": allowed(mode="auto", tools=["get_weather"]),
    "allowed-tool-untyped": allowed(mode="auto", tools=[{}]),
    "allowed-tool-not-offered": allowed(
        mode="auto", tools=[{"type": "function", "function": {"name": "get_time"}}]
    ),
    "bare-json-schema": chat(response_format={"type": "json_schema"}),
    "body-a-string": "hello",
    "call-arguments-an-object": said(
        *HELLO, {**ASKED, "tool_calls": [{**CALL, "function": {"name": "f", "arguments": {}}}]}
    ),
    "call-unanswered": said(*HELLO, ASKED, *HELLO),
    "call-unanswered-at-the-end": said(*HELLO, ASKED),
    "call-without-function": said(*HELLO, {**ASKED, "tool_calls": [{"id": "x", "type": "function"}]}),
    "call-without-id": said(*HELLO, {**ASKED, "tool_calls": [{"type": "function"}]}),
    "calls-empty": said(*HELLO, {**ASKED, "tool_calls": []}),
    "calls-of-null": said(*HELLO, {**ASKED, "tool_calls": [None]}),
    "choice-a-number": chat(tools=[WEATHER], tool_choice=1),
    "choice-of-nothing": chat(tools=[WEATHER], tool_choice={"type": "function"}),
    "choice-unknown": chat(tools=[WEATHER], tool_choice="always"),
    "choice-untyped": chat(tools=[WEATHER], tool_choice={}),
    "content-missing": said({"role": "user"}),
    "content-null": said({"role": "user", "content": None}),
    "content-empty-list": said({"role": "user", "content": []}),
    "context-too-long": said({"role": "user", "content": "word " * 9_000}),
    "context-too-long-with-the-completion": chat(max_tokens=8_190),
    "deep-json": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "empty-function-name": function(name=""),
    "enum": chat(service_tier="gold"),
    "format-a-string": chat(response_format="json"),
    "format-unknown": chat(response_format={"type": "yaml"}),
    "format-untyped": chat(response_format={}),
    "function-a-string": chat(tools=[{"type": "function", "function": "f"}]),
    "image-without-url": said({"role": "user", "content": [{"type": "image_url", "image_url": {}}]}),
    "impossible-schema": form(name="f", schema={"type": "nonsense"}),
    "infinite": b'{"model": "tiny", "temperature": Infinity}',
    "json-object-without-the-word": chat(response_format={"type": "json_object"}),
    "long-function-name": function(name="f" * 65),
    "logprobs-a-number": chat(logprobs=2),
    "max-tokens-huge": chat(max_tokens=10**6),
    "max-tokens-twice": chat(max_tokens=3, max_completion_tokens=3),
    "message-a-string": said("hi"),
    "model-a-number": chat(model=3),
    "n-a-decimal": chat(n=1.5),
    "n-too-high": chat(n=129),
    "n-true": chat(n=True),
    "name-with-a-space": said({"role": "user", "content": "hi", "name": "Ada L"}),
    "nameless-function": function(description="?"),
    "no-role": said({"content": "hi"}),
    "parallel-without-tools": chat(parallel_tool_calls=False),
    "parameters-a-list": function(name="f", parameters=[]),
    "parameters-of-a-string": function(name="f", parameters={"type": "string"}),
    "parameters-unsound": function(name="f", parameters={"type": "object", "properties": 3}),
    "part-a-string": said({"role": "user", "content": ["hi"]}),
    "part-unknown": said({"role": "user", "content": [{"type": "smell"}]}),
    "part-untyped": said({"role": "user", "content": [{"text": "hi"}]}),
    "part-without-text": said({"role": "user", "content": [{"type": "text"}]}),
    "presence-too-low": chat(presence_penalty=-3),
    "stop-a-number": chat(stop=[1]),
    "strict-a-string": function(name="f", strict="yes"),
    "stream-options-a-list": chat(stream=True, stream_options=[]),
    "stream-options-of-a-string": chat(stream=True, stream_options={"include_usage": "yes"}),
    "temperature-too-low": chat(temperature=-1),
    "tool-a-string": chat(tools=["f"]),
    "tool-message-for-another-call": said(*HELLO, ASKED, {**RESULT, "tool_call_id": "call_2"}),
    "tool-message-without-id": said(*HELLO, ASKED, {"role": "tool", "content": "sunny"}),
    "tool-type-unknown": chat(tools=[{"type": "oracle"}]),
    "tools-an-object": chat(tools=WEATHER),
    "two-unknown-members": chat(banana=1, apple=2),
    "user-a-number": chat(user=3),
}

VALID: dict[str, Any] = {
    "all-null": chat(
        **dict.fromkeys(["n", "stop", "stream", "tools", "tool_choice", "max_tokens", "logprobs"])
    ),
    "assistant-last": said(*HELLO, {"role": "assistant", "content": "Well,"}),
    "custom-tool": chat(tools=[{"type": "custom", "custom": {"name": "f"}}]),
    "developer": said({"role": "developer", "content": "Be kind."}, *HELLO),
    "function-message": said(*HELLO, {"role": "function", "name": "f", "content": "x"}),
    "image": said({"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:"}}]}),
    "name": said({"role": "user", "content": "hi", "name": "ada"}),
    "null-message-members": said({"role": "user", "content": "hi", "name": None, "tool_calls": None}),
    "parts": said({"role": "user", "content": [{"type": "text", "text": "hi"}]}),
    "refused-before": said(*HELLO, {"role": "assistant", "refusal": "No."}, *HELLO),
    "tool-round": said(*HELLO, ASKED, RESULT),
    "tool-round-with-text": said(*HELLO, {**ASKED, "content": "Let me see."}, RESULT, *HELLO),
    "allowed-tools": allowed(mode="auto", tools=[{"type": "function", "function": {"name": "get_weather"}}]),
    "no-allowed-tools": allowed(mode="required", tools=[]),
    "everything": chat(
        temperature=0,
        top_p=1,
        seed=1,
        user="u",
        metadata={},
        store=False,
        logit_bias={},
        stop="x",
        service_tier="auto",
    ),
}


def test_invalid_requests_are_refused_in_the_words_of_openai(snapshot: SnapshotAssertion) -> None:
    answers = {name: post(Fake(), body) for name, body in INVALID.items()}
    assert all(400 <= answer.status < 500 and error_of(answer) for answer in answers.values())
    assert refusals(answers) == snapshot(extension_class=Page)


@pytest.mark.parametrize("name", [name for name, body in INVALID.items() if isinstance(body, dict)])
def test_invalid_stream_request_is_refused_as_plain_json(name: str, fake: Fake) -> None:
    body = INVALID[name]
    if "stream" not in body and "stream_options" not in body:
        assert error_of(post(fake, {**body, "stream": True})) == error_of(post(fake, body))


@pytest.mark.parametrize("name", VALID)
def test_valid_request_is_answered(name: str, fake: Fake) -> None:
    assert post(fake, VALID[name]).status == 200


def test_only_an_allowed_tool_is_called(fake: Fake) -> None:
    time = {"type": "function", "function": {"name": "get_time"}}
    body = allowed(mode="required", tools=[{"type": "function", "function": {"name": "get_time"}}])
    (choice,) = ask(fake, **{**body, "tools": [WEATHER, time]})["choices"]
    assert [call["function"]["name"] for call in choice["message"]["tool_calls"]] == ["get_time"]


@pytest.mark.parametrize("name", RULES)
def test_rule_refuses_something_and_nothing_valid(name: str) -> None:
    rule = RULES[name]
    sound = [
        body for body in INVALID.values() if isinstance(body, dict) and isinstance(body.get("messages"), list)
    ]
    assert any(True for body in (*sound, without("model"), chat(messages=3)) for _ in rule(body))
    for body in VALID.values():
        assert not list(rule({key: value for key, value in body.items() if value is not None}))


def test_body_past_the_limit_is_refused() -> None:
    answer = post(Fake(max_body=100), chat(messages=[{"role": "user", "content": "x" * 100}]))
    assert answer.status == 413
    assert error_of(answer)["code"] == "request_too_large"


def test_context_length_is_the_fakes_own() -> None:
    answer = post(Fake(context_length=10), chat())
    assert error_of(answer)["code"] == "context_length_exceeded"
    assert ask(Fake(context_length=12))["choices"][0]["finish_reason"] == "length"


def test_content_type_is_not_asked_for(fake: Fake) -> None:
    assert post(fake, chat(), headers=(("content-type", "text/plain"),)).status == 200


def test_lone_surrogates_are_answered(fake: Fake) -> None:
    body = json.dumps(chat(messages=[{"role": "user", "content": "a\ud800b"}], model="m\udfff")).encode()
    answer = post(fake, body)
    assert json.loads(answer.body)["choices"][0]["message"]["content"].endswith("you said: a\ufffdb")


UNKNOWN = (("GET", "/v1/nothing"), ("POST", "/nothing"), ("GET", "/v1/chat"), ("GET", "//"))
WRONG = (("GET", "/v1/chat/completions"), ("POST", "/models"), ("BREW", "/v1/models/a/b"))


def test_unknown_url_is_404_and_wrong_method_is_405_that_says_which_are_right(
    fake: Fake, snapshot: SnapshotAssertion
) -> None:
    answers = {f"{method} {path}": get(fake, path, method) for method, path in (*UNKNOWN, *WRONG)}
    assert [answer.status for answer in answers.values()] == [404] * len(UNKNOWN) + [405] * len(WRONG)
    assert all(map(error_of, answers.values()))
    allowed = {f"{name}, allow {answer.header('allow')!r}": answer for name, answer in answers.items()}
    assert refusals(allowed) == snapshot(extension_class=Page)


def test_head_is_get_without_a_body(fake: Fake) -> None:
    head, whole = get(fake, "/v1/models", "HEAD"), get(fake, "/v1/models")
    assert (head.status, head.headers, head.body) == (200, whole.headers, b"")
    assert (
        get(fake, "/v1/chat/completions", "HEAD").status,
        get(fake, "/v1/chat/completions", "HEAD").body,
    ) == (405, b"")


def test_options_says_which_methods_there_are(fake: Fake) -> None:
    answer = get(fake, "/v1/chat/completions", "OPTIONS")
    assert (answer.status, answer.header("allow"), answer.body) == (204, "POST, OPTIONS", b"")
