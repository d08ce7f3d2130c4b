"""What OpenAI refuses the fake refuses, in the same words; what only a server with a memory can answer too."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from chatfake import Fake, Request
from chatfake.validation.responses import RULES, TABLE, response_refusal
from chatschema import check
from tests.fakeserver.asking import error_of, json_values, post
from tests.fakeserver.responses.asking import (
    CALL,
    PATH,
    RESULT,
    RUN,
    SCHEMA,
    WEATHER,
    asked,
    events_of,
    histories,
    requests,
    respond,
)

CUSTOM_RESULT = {"type": "custom_tool_call_output", "call_id": "call_1", "output": "ok"}
CUSTOM_CALL = {"type": "custom_tool_call", "call_id": "call_1", "name": "run", "input": "ls"}
THOUGHT = {"type": "reasoning", "id": "rs_1", "summary": []}
#: The rule that speaks, and what it speaks about.
INVALID: dict[str, tuple[str, Any]] = {
    "no body": ("", b""),
    "no JSON": ("", b"{"),
    "an array": ("", []),
    "no model": ("model", {"input": "Hello"}),
    "empty model": ("model", asked(model="")),
    "model of another type": ("model", asked(model=1)),
    "no input": ("input", {"model": "tiny"}),
    "empty input": ("input", asked(input=[])),
    "input of another type": ("input", asked(input=7)),
    "item of another type": ("input", asked(input=["Hello"])),
    "unknown type of item": ("input", asked(input=[{"type": "function_calls"}])),
    "type that is none": ("input", asked(input=[{"type": 1}])),
    "message without content": ("input", asked(input=[{"role": "user"}])),
    "message without a role": ("input", asked(input=[{"type": "message", "content": "Hello"}])),
    "unknown role": ("input", asked(input=[{"role": "tool", "content": "x"}])),
    "content of another type": ("input", asked(input=[{"role": "user", "content": 1}])),
    "part of a chat": ("input", asked(input=[{"role": "user", "content": [{"type": "text", "text": "x"}]}])),
    "part of another type": ("input", asked(input=[{"role": "user", "content": ["x"]}])),
    "part without a type": ("input", asked(input=[{"role": "user", "content": [{"text": "x"}]}])),
    "part whose type is none": ("input", asked(input=[{"role": "user", "content": [{"type": 1}]}])),
    "part without text": ("input", asked(input=[{"role": "user", "content": [{"type": "input_text"}]}])),
    "part whose text is none": (
        "input",
        asked(input=[{"role": "user", "content": [{"type": "input_text", "text": 1}]}]),
    ),
    "part that the assistant is told": (
        "input",
        asked(input=[{"role": "assistant", "content": [{"type": "input_text", "text": "x"}]}]),
    ),
    "part that the user says": (
        "input",
        asked(input=[{"role": "user", "content": [{"type": "output_text", "text": "x"}]}]),
    ),
    "call without a name": ("input", asked(input=[{**CALL, "name": None}, RESULT])),
    "arguments as an object": ("input", asked(input=[{**CALL, "arguments": {}}, RESULT])),
    "call with the id of a call": ("input", asked(input=[{**CALL, "id": "call_1"}, RESULT])),
    "id of another type": ("input", asked(input=[{**CALL, "id": 1}, RESULT])),
    "result of another type": ("input", asked(input=[CALL, {**RESULT, "output": 21}])),
    "result with a part of another type": ("input", asked(input=[CALL, {**RESULT, "output": [1]}])),
    "result without a call": ("input.belonging", asked(input=[RESULT])),
    "result before its call": ("input.belonging", asked(input=[RESULT, CALL])),
    "custom result without a call": ("input.belonging", asked(input=[CUSTOM_RESULT])),
    "custom result of a function": ("input.belonging", asked(input=[CALL, CUSTOM_RESULT])),
    "call without a result": ("input.belonging", asked(input=[CALL])),
    "custom call without a result": ("input.belonging", asked(input=[CUSTOM_CALL])),
    "an item twice": (
        "input.belonging",
        asked(input=[{"role": "user", "content": "x", "id": "msg_1"}] * 2),
    ),
    "thought without what follows": (
        "input.thoughts",
        asked(input=[THOUGHT, {"role": "user", "content": "x"}]),
    ),
    "thought at the end": ("input.thoughts", asked(input=[{"role": "user", "content": "x"}, THOUGHT])),
    "thought before a message without its id": (
        "input.thoughts",
        asked(input=[THOUGHT, {"role": "assistant", "content": "x"}]),
    ),
    "reference to an item": ("kept-items", asked(input=[{"type": "item_reference", "id": "msg_1"}])),
    "reference without a type": ("kept-items", asked(input=[{"id": "msg_1"}])),
    "previous response": ("kept", asked(previous_response_id="resp_1")),
    "conversation": ("kept", asked(conversation="conv_1")),
    "conversation as an object": ("kept", asked(conversation={"id": "conv_1"})),
    "conversation and previous response": (
        "kept",
        asked(conversation="conv_1", previous_response_id="resp_1"),
    ),
    "prompt": ("kept", {"model": "tiny", "prompt": {"id": "pmpt_1"}}),
    "background": ("kept", asked(background=True)),
    "unknown member": ("unknown-members", asked(colour="red")),
    "messages": ("unknown-members", {"model": "tiny", "messages": []}),
    "response_format": ("unknown-members", asked(response_format={"type": "json_object"})),
    "max_tokens": ("unknown-members", asked(max_tokens=20)),
    "n": ("unknown-members", asked(n=2)),
    "few tokens": ("numbers", asked(max_output_tokens=15)),
    "tokens as text": ("numbers", asked(max_output_tokens="16")),
    "hot": ("numbers", asked(temperature=2.5)),
    "cold": ("numbers", asked(temperature=-1)),
    "many alternatives": ("numbers", asked(top_logprobs=21)),
    "stream as text": ("types", asked(stream="true")),
    "instructions as a list": ("types", asked(instructions=["Be brief."])),
    "unknown truncation": ("types", asked(truncation="none")),
    "unknown tier": ("types", asked(service_tier="slow")),
    "tools as an object": ("tools", asked(tools=WEATHER)),
    "tool of another type": ("tools", asked(tools=["get_weather"])),
    "tool without a type": ("tools", asked(tools=[{"name": "f"}])),
    "tool whose type is none": ("tools", asked(tools=[{"type": 1}])),
    "unknown type of tool": ("tools", asked(tools=[{"type": "functions", "name": "f"}])),
    "tool of a chat": ("tools", asked(tools=[{"type": "function", "function": {"name": "f"}}])),
    "bad name": ("tools", asked(tools=[{"type": "function", "name": "get weather"}])),
    "many tools": ("tools", asked(tools=[RUN] * 129)),
    "description of another type": ("tools", asked(tools=[{**WEATHER, "description": 1}])),
    "parameters of no object": ("tools", asked(tools=[{**WEATHER, "parameters": {"type": "string"}}])),
    "parameters that are no schema": ("tools", asked(tools=[{**WEATHER, "parameters": {"type": "obj"}}])),
    "unknown choice": ("tool-choice", asked(tools=[WEATHER], tool_choice="any")),
    "choice without tools": ("tool-choice", asked(tool_choice="required")),
    "choice of another type": ("tool-choice", asked(tools=[WEATHER], tool_choice=1)),
    "choice without a type": ("tool-choice", asked(tools=[WEATHER], tool_choice={"name": "f"})),
    "choice whose type is none": ("tool-choice", asked(tools=[WEATHER], tool_choice={"type": 1})),
    "unknown type of choice": ("tool-choice", asked(tools=[WEATHER], tool_choice={"type": "any"})),
    "choice without a name": ("tool-choice", asked(tools=[WEATHER], tool_choice={"type": "function"})),
    "choice of a tool that is not there": (
        "tool-choice",
        asked(tools=[WEATHER], tool_choice={"type": "function", "name": "get_time"}),
    ),
    "choice of a server's tool that is not there": (
        "tool-choice",
        asked(tools=[WEATHER], tool_choice={"type": "web_search"}),
    ),
    "allowed tools without a mode": (
        "tool-choice",
        asked(tools=[WEATHER], tool_choice={"type": "allowed_tools", "tools": []}),
    ),
    "allowed tools without tools": (
        "tool-choice",
        asked(tools=[WEATHER], tool_choice={"type": "allowed_tools", "mode": "auto"}),
    ),
    "allowed tool that is not there": (
        "tool-choice",
        asked(
            tools=[WEATHER],
            tool_choice={
                "type": "allowed_tools",
                "mode": "auto",
                "tools": [{"type": "function", "name": "g"}],
            },
        ),
    ),
    "text as text": ("text", asked(text="json")),
    "format of another type": ("text", asked(text={"format": "json_object"})),
    "format without a type": ("text", asked(text={"format": {}})),
    "unknown format": ("text", asked(text={"format": {"type": "xml"}})),
    "schema without a name": ("text", asked(text={"format": {**SCHEMA, "name": None}})),
    "format without a schema": ("text", asked(text={"format": {**SCHEMA, "schema": None}})),
    "schema that is none": ("text", asked(text={"format": {**SCHEMA, "schema": {"type": "obj"}}})),
    "format as in a chat": (
        "text",
        asked(text={"format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {}}}}),
    ),
    "unknown verbosity": ("text", asked(text={"verbosity": "some"})),
    "JSON without the word": ("json-word", asked(text={"format": {"type": "json_object"}})),
    "unknown include": ("include", asked(include=["logprobs"])),
    "include of another type": ("include", asked(include=[1])),
    "unknown effort": ("reasoning", asked(reasoning={"effort": "much"})),
    "effort of another type": ("reasoning", asked(reasoning={"effort": 1})),
    "usage asked of a stream": (
        "stream-options",
        asked(stream=True, stream_options={"include_usage": True}),
    ),
    "padding of another type": (
        "stream-options",
        asked(stream=True, stream_options={"include_obfuscation": "no"}),
    ),
    "stream options without a stream": ("stream-options", asked(stream_options={})),
    "metadata of numbers": ("metadata", asked(metadata={"n": 1})),
    "long input": ("", asked(input="word " * 10_000)),
}


@pytest.mark.parametrize("name", INVALID)
def test_invalid_request_is_refused_as_openai_refuses_it(
    name: str, fake: Fake, snapshot: SnapshotAssertion
) -> None:
    rule, body = INVALID[name]
    answer = post(fake, body, PATH)
    assert error_of(answer)
    assert (answer.status, json.loads(answer.body)) == snapshot
    judgement = check(answer.body)
    assert (judgement.kind, judgement.violations) == ("error", ())
    present = {key: value for key, value in body.items() if value is not None} if rule else {}
    assert not rule or next(name for name in RULES if [*RULES[name](present)]) == rule


def test_every_rule_refuses_something() -> None:
    assert {rule for rule, _ in INVALID.values() if rule} == {*RULES}


@pytest.mark.parametrize("name", INVALID)
def test_lenient_fake_answers_whatever_can_be_read(name: str) -> None:
    body = INVALID[name][1]
    answer = post(Fake(lenient=True), body, PATH)
    readable = isinstance(body, dict) and isinstance(body.get("model"), str)
    assert answer.status == (200 if readable else 400 if not isinstance(body, dict) else answer.status)


@pytest.mark.parametrize("stream", [False, True])
def test_stream_is_refused_with_a_plain_error(stream: bool, fake: Fake) -> None:
    answer = respond(fake, stream=stream, max_output_tokens=1)
    assert error_of(answer)["code"] == "integer_below_min_value"


def test_long_input_is_cut_where_the_request_says_so(fake: Fake) -> None:
    assert respond(fake, input="word " * 10_000, truncation="auto").status == 200


def test_model_that_is_not_served_is_named_as_this_route_does(snapshot: SnapshotAssertion) -> None:
    answer = respond(Fake(models=("tiny",)), model="tinny")
    assert (answer.status, json.loads(answer.body)) == snapshot
    assert respond(Fake(models=("tiny",))).status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/responses/resp_1"),
        ("HEAD", "/v1/responses/resp_1"),
        ("DELETE", "/v1/responses/resp_1"),
        ("POST", "/v1/responses/resp_1/cancel"),
        ("GET", "/v1/responses/resp_1/input_items"),
        ("GET", "/v1/responses"),
        ("PATCH", "/v1/responses/resp_1"),
        ("POST", "/v1/responses/resp_1"),
        ("POST", "/v1/responses/resp_1/delete"),
        ("POST", "/v1/responses/compact"),
        ("GET", "/v1/responses/input_tokens"),
    ],
)
def test_nothing_is_kept(method: str, path: str, fake: Fake, snapshot: SnapshotAssertion) -> None:
    answer = fake.answer(Request(method=method, path=path))
    assert (answer.status, answer.header("allow"), answer.body.decode()) == snapshot


def test_response_that_was_just_given_is_not_kept(fake: Fake) -> None:
    name = json.loads(respond(fake).body)["id"]
    assert fake.answer(Request(method="GET", path=f"{PATH}/{name}")).status == 404
    error = error_of(respond(fake, previous_response_id=name))
    assert (error["code"], error["param"]) == ("previous_response_not_found", "previous_response_id")
    assert name in error["message"]


@settings(max_examples=50)
@given(requests())
def test_tokens_can_be_counted_beforehand(body: dict[str, Any]) -> None:
    fake = Fake()
    counted = json.loads(post(fake, body, f"{PATH}/input_tokens").body)
    assert counted["object"] == "response.input_tokens"
    body = {**body, "model": "tiny"}
    assert counted["input_tokens"] == json.loads(post(fake, body, PATH).body)["usage"]["input_tokens"]


members = st.sampled_from([*TABLE.numbers, *TABLE.types, *TABLE.others])


def assert_well_formed(fake: Fake, data: Any) -> None:
    answer = post(fake, data, PATH)
    assert answer.status < 500
    if answer.status != 200:
        error_of(answer)
    elif answer.header("content-type") == "application/json":
        assert json.loads(answer.body)["object"] == "response"
    else:
        assert events_of(answer)


@settings(max_examples=50)
@given(requests() | st.just({}), st.dictionaries(members, json_values, max_size=3), st.booleans())
def test_any_request_with_members_of_junk_gets_an_answer(
    body: dict[str, Any], junk: dict[str, Any], lenient: bool
) -> None:
    assert_well_formed(Fake(lenient=lenient), {**body, **junk})


@settings(max_examples=50)
@given(requests(), st.data(), st.booleans())
def test_any_request_with_junk_somewhere_inside_gets_an_answer(
    body: dict[str, Any], data: st.DataObject, lenient: bool
) -> None:
    place: Any = body
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if isinstance(place[key], dict | list) and data.draw(st.booleans()):
            place[key] = place[key].copy()
            place = place[key]
            continue
        place[key] = data.draw(json_values)
        break
    assert_well_formed(Fake(lenient=lenient), body)


@given(histories())
def test_legal_history_is_not_refused(items: list[dict[str, Any]]) -> None:
    assert response_refusal(asked(input=items), 8192) is None


def test_many_calls_and_results_take_one_pass() -> None:
    calls = [{**CALL, "call_id": str(number)} for number in range(20_000)]
    results = [{**RESULT, "call_id": str(number)} for number in reversed(range(20_000))]
    assert error_of(respond(Fake(), input=[*calls, *results]))["code"] == "context_length_exceeded"
