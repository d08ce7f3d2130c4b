"""Requests that OpenAI answers with 4xx are refused, each by the right rule at the right place.

The names and the requests are those of `tests/fakeserver/request/test_validation.py`, which has the fake refuse them.
"""

import pytest

from chatschema import JsonObject, JsonValue, check
from chatschema.core.kind import Kind
from chatschema.judging.catalogue import CONTRACTS
from chatschema.rulebook import RULEBOOK
from tests.schemas.requests.samples import (
    ASKED,
    CALL,
    HELLO,
    RESULT,
    WEATHER,
    chat,
    form,
    function,
    said,
    without,
)

MISSING, TYPE, VALUE = "shape.missing", "shape.type", "shape.value"
RULE = "chat.request."
CHOSEN: JsonValue = {"type": "function", "function": {"name": "f"}}

INVALID: dict[str, tuple[JsonValue | bytes, str, str]] = {
    # the 27 that servers and fakes are compared by, but for the unknown model, which no contract can know
    "malformed-json": (b'{"model": "tiny", ', "shape.json", "$"),
    "empty-body": (b"", "shape.json", "$"),
    "array-body": ([chat()], TYPE, "$"),
    "no-model": (without("model"), MISSING, "$.model"),
    "no-messages": (without("messages"), MISSING, "$.messages"),
    "empty-messages": (said(), VALUE, "$.messages"),
    "messages-a-string": (chat(messages="hi"), TYPE, "$.messages"),
    "unknown-role": (said({"role": "foobar", "content": "hi"}), VALUE, "$.messages[0].role"),
    "content-a-number": (said({"role": "user", "content": 3}), TYPE, "$.messages[0].content"),
    "temperature-a-string": (chat(temperature="hot"), TYPE, "$.temperature"),
    "temperature-too-high": (chat(temperature=5), VALUE, "$.temperature"),
    "top-p-too-high": (chat(top_p=2), VALUE, "$.top_p"),
    "n-zero": (chat(n=0), VALUE, "$.n"),
    "max-tokens-negative": (chat(max_tokens=-1), VALUE, "$.max_tokens"),
    "stream-a-string": (chat(stream="yes"), TYPE, "$.stream"),
    "no-tools": (chat(tools=[]), VALUE, "$.tools"),
    "empty-tool": (chat(tools=[{}]), MISSING, "$.tools[0].type"),
    "bad-function-name": (function(name="get weather!"), VALUE, "$.tools[0].function.name"),
    "tool-choice-without-tools": (chat(tool_choice="auto"), f"{RULE}tool-choice", "$.tool_choice"),
    "stream-options-without-stream": (
        chat(stream_options={"include_usage": True}),
        f"{RULE}stream-options",
        "$.stream_options",
    ),
    "top-logprobs-without-logprobs": (chat(top_logprobs=2), f"{RULE}top-logprobs", "$.top_logprobs"),
    "top-logprobs-too-many": (chat(logprobs=True, top_logprobs=50), VALUE, "$.top_logprobs"),
    "json-schema-without-schema": (form(name="f"), MISSING, "$.response_format.json_schema.schema"),
    "five-stops": (chat(stop=["a", "b", "c", "d", "e"]), VALUE, "$.stop"),
    "orphan-tool-message": (said(HELLO, RESULT), f"{RULE}tool-result", "$.messages[1].role"),
    # and more
    "unknown-tool-choice": (
        chat(tools=[WEATHER], tool_choice=CHOSEN),
        f"{RULE}tool-choice",
        "$.tool_choice.function.name",
    ),
    "body-a-string": (b'"hello"', TYPE, "$"),
    "call-arguments-an-object": (
        said(HELLO, {**ASKED, "tool_calls": [{**CALL, "function": {"name": "f", "arguments": {}}}]}, RESULT),
        TYPE,
        "$.messages[1].tool_calls[0].function.arguments",
    ),
    "call-unanswered": (
        said(HELLO, ASKED, HELLO),
        f"{RULE}unanswered-call",
        "$.messages[1].tool_calls[0]",
    ),
    "call-unanswered-at-the-end": (
        said(HELLO, ASKED),
        f"{RULE}unanswered-call",
        "$.messages[1].tool_calls[0]",
    ),
    "calls-empty": (said(HELLO, {**ASKED, "tool_calls": []}), VALUE, "$.messages[1].tool_calls"),
    "calls-of-null": (said(HELLO, {**ASKED, "tool_calls": [None]}), TYPE, "$.messages[1].tool_calls[0]"),
    "choice-a-number": (chat(tools=[WEATHER], tool_choice=1), VALUE, "$.tool_choice"),
    "choice-of-nothing": (
        chat(tools=[WEATHER], tool_choice={"type": "function"}),
        MISSING,
        "$.tool_choice.function",
    ),
    "choice-unknown": (chat(tools=[WEATHER], tool_choice="always"), VALUE, "$.tool_choice"),
    "content-missing": (said({"role": "user"}), MISSING, "$.messages[0].content"),
    "content-null": (said({"role": "user", "content": None}), TYPE, "$.messages[0].content"),
    "content-empty-list": (said({"role": "user", "content": []}), VALUE, "$.messages[0].content"),
    "deep-json": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "shape.json", "$"),
    "enum": (chat(service_tier="gold"), VALUE, "$.service_tier"),
    "format-a-string": (chat(response_format="json"), TYPE, "$.response_format"),
    "format-unknown": (chat(response_format={"type": "yaml"}), VALUE, "$.response_format.type"),
    "image-without-url": (
        said({"role": "user", "content": [{"type": "image_url", "image_url": {}}]}),
        MISSING,
        "$.messages[0].content[0].image_url.url",
    ),
    "infinite": (b'{"model": "tiny", "temperature": Infinity}', "shape.json", "$"),
    "json-object-without-the-word": (
        chat(response_format={"type": "json_object"}),
        f"{RULE}json-word",
        "$.messages",
    ),
    "max-tokens-twice": (chat(max_tokens=3, max_completion_tokens=3), f"{RULE}limits", "$.max_tokens"),
    "n-true": (chat(n=True), TYPE, "$.n"),
    "name-with-a-space": (
        said({"role": "user", "content": "hi", "name": "Ada L"}),
        VALUE,
        "$.messages[0].name",
    ),
    "nameless-function": (function(description="?"), MISSING, "$.tools[0].function.name"),
    "parallel-without-tools": (
        chat(parallel_tool_calls=False),
        f"{RULE}tool-choice",
        "$.parallel_tool_calls",
    ),
    "parameters-of-a-string": (
        function(name="f", parameters={"type": "string"}),
        f"{RULE}parameters",
        "$.tools[0].function.parameters.type",
    ),
    "part-unknown": (
        said({"role": "user", "content": [{"type": "smell"}]}),
        VALUE,
        "$.messages[0].content[0].type",
    ),
    "stop-a-number": (chat(stop=[1]), TYPE, "$.stop[0]"),
    "tool-message-without-id": (
        said(HELLO, ASKED, RESULT, {"role": "tool", "content": "sunny"}),
        MISSING,
        "$.messages[3].tool_call_id",
    ),
    "tools-an-object": (chat(tools=WEATHER), TYPE, "$.tools"),
    "user-a-number": (chat(user=3), TYPE, "$.user"),
}

VALID: dict[str, JsonValue] = {
    "all-null": chat(
        **dict.fromkeys(["n", "stop", "stream", "tools", "tool_choice", "max_tokens", "logprobs"], None)
    ),
    "assistant-last": said(HELLO, {"role": "assistant", "content": "Well,"}),
    "custom-tool": chat(tools=[{"type": "custom", "custom": {"name": "f"}}]),
    "function-message": said(HELLO, {"role": "function", "name": "f", "content": "x"}),
    "no-stops": chat(stop=[]),
    "refused-before": said(HELLO, {"role": "assistant", "refusal": "No."}, HELLO),
    "tool-round": said(HELLO, ASKED, RESULT),
    "tool-round-with-text": said(HELLO, {**ASKED, "content": "Let me see."}, RESULT, HELLO),
    "two-rounds-of-one-id": said(HELLO, ASKED, RESULT, ASKED, RESULT),
    "json-in-a-part": {
        **said({"role": "user", "content": [{"type": "text", "text": "in JSON"}]}),
        "response_format": {"type": "json_object"},
    },
    "named-result": said(HELLO, ASKED, {**RESULT, "name": "get_weather"}),
}


@pytest.mark.parametrize("name", INVALID)
def test_invalid_request_is_refused_by_its_rule_at_its_place(name: str) -> None:
    value, rule, path = INVALID[name]
    judgement = check(value, Kind.CHAT_REQUEST)
    musts = [(item.rule, item.path) for item in judgement.violations if item.level == "must"]
    assert (rule, path) in musts
    assert len(musts) == 1 or rule in (MISSING, "shape.json"), musts
    assert rule in RULEBOOK


def test_unknown_member_is_an_extension_and_a_should() -> None:
    judgement = check(chat(banana=1))
    assert judgement.kind == "chat.completion.request"
    assert judgement.valid
    assert judgement.extensions == ("$.banana",)
    (violation,) = judgement.violations
    assert (violation.rule, violation.path, violation.level) == ("chat.request.unknown", "$.banana", "should")


def test_unknown_member_inside_is_an_extension_alone() -> None:
    # OpenAI took 40 requests whose functions had members of agno's own
    judgement = check(function(name="f", requires_confirmation=True))
    assert judgement.violations == ()
    assert judgement.extensions == ("$.tools[0].function.requires_confirmation",)


@pytest.mark.parametrize("name", VALID)
def test_valid_request_breaks_nothing(name: str) -> None:
    assert check(VALID[name], Kind.CHAT_REQUEST).violations == ()


@pytest.mark.parametrize("kind", [Kind.CHAT_REQUEST, Kind.TEXT_REQUEST, Kind.EMBEDDINGS_REQUEST])
def test_rules_pass_over_what_has_the_wrong_shape(kind: Kind) -> None:
    wrong: list[JsonObject] = [
        {},
        {"messages": [1, {}], "logit_bias": []},
        {"messages": {}, "tools": 1, "tool_choice": [], "function_call": 1, "response_format": "json"},
    ]
    for members in wrong:
        assert all(list(rule(members)) is not None for rule in CONTRACTS[kind].rules)
