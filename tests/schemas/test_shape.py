"""Every constraint of the models: one step off is refused by the right rule at the right place."""

import pytest
from pydantic import ValidationError

from chatschema import JsonObject, Judgement, Kind, Level, check
from chatschema.judging import judge_chunk, judge_completion, judge_error, judge_models
from chatschema.judging.catalogue import CONTRACTS
from chatschema.judging.shape import RULES
from tests.schemas.samples import (
    GONE,
    broken,
    call,
    calling,
    chunk,
    completion,
    error,
    fragment,
    models,
    preamble,
    scored,
    usage_chunk,
)

MESSAGE = ("choices", 0, "message")
CALL = (*MESSAGE, "tool_calls", 0)

COMPLETIONS: list[tuple[JsonObject, tuple[object, ...], str, str]] = [
    (completion(), ("id", GONE), "shape.missing", "$.id"),
    (completion(), ("id", ""), "shape.value", "$.id"),
    (completion(), ("id", 7), "shape.type", "$.id"),
    (completion(), ("object", "text_completion"), "shape.value", "$.object"),
    (completion(), ("object", "chat.completion.chunk"), "shape.value", "$.object"),
    (completion(), ("created", "1764000000"), "shape.type", "$.created"),
    (completion(), ("created", True), "shape.type", "$.created"),
    (completion(), ("created", 1764.5), "shape.type", "$.created"),
    (completion(), ("created", None), "shape.type", "$.created"),
    (completion(), ("model", None), "shape.type", "$.model"),
    (completion(), ("choices", GONE), "shape.missing", "$.choices"),
    (completion(), ("choices", {}), "shape.type", "$.choices"),
    (completion(), ("choices", []), "shape.value", "$.choices"),
    (
        calling(),
        (*MESSAGE, "tool_calls", [call(str(n), str(n)) for n in range(1025)]),
        "shape.value",
        "$.choices[0].message.tool_calls",
    ),
    (completion(), ("choices", 0, "text"), "shape.type", "$.choices[0]"),
    (completion(), ("choices", 0, "index", "0"), "shape.type", "$.choices[0].index"),
    (completion(), ("choices", 0, "index", -1), "shape.value", "$.choices[0].index"),
    (completion(), ("choices", 0, "delta", {}), "shape.forbidden", "$.choices[0].delta"),
    (completion(), ("choices", 0, "delta", None), "shape.forbidden", "$.choices[0].delta"),
    (completion(), ("choices", 0, "finish_reason", GONE), "shape.missing", "$.choices[0].finish_reason"),
    (completion(), ("choices", 0, "finish_reason", None), "shape.value", "$.choices[0].finish_reason"),
    (completion(), ("choices", 0, "finish_reason", ""), "shape.value", "$.choices[0].finish_reason"),
    (completion(), ("choices", 0, "finish_reason", "eos"), "shape.value", "$.choices[0].finish_reason"),
    (completion(), (*MESSAGE, GONE), "shape.missing", "$.choices[0].message"),
    (completion(), (*MESSAGE, "role", "user"), "shape.value", "$.choices[0].message.role"),
    (completion(), (*MESSAGE, "role", GONE), "shape.missing", "$.choices[0].message.role"),
    (completion(), (*MESSAGE, "content", [{"type": "text"}]), "shape.type", "$.choices[0].message.content"),
    (completion(), ("id", "\ud83d"), "shape.value", "$.id"),
    (completion(), (*MESSAGE, "refusal", False), "shape.type", "$.choices[0].message.refusal"),
    (completion(), (*MESSAGE, "tool_calls", {}), "shape.type", "$.choices[0].message.tool_calls"),
    (calling(), (*CALL, "call"), "shape.type", "$.choices[0].message.tool_calls[0]"),
    (calling(), (*CALL, "id", GONE), "shape.missing", "$.choices[0].message.tool_calls[0].id"),
    (calling(), (*CALL, "id", ""), "shape.value", "$.choices[0].message.tool_calls[0].id"),
    (calling(), (*CALL, "type", GONE), "shape.missing", "$.choices[0].message.tool_calls[0].type"),
    (calling(), (*CALL, "type", "plugin"), "shape.value", "$.choices[0].message.tool_calls[0].type"),
    (calling(), (*CALL, "type", 3), "shape.value", "$.choices[0].message.tool_calls[0].type"),
    (calling(), (*CALL, "type", "custom"), "shape.missing", "$.choices[0].message.tool_calls[0].custom"),
    (calling(), (*CALL, "function", GONE), "shape.missing", "$.choices[0].message.tool_calls[0].function"),
    (
        calling(),
        (*CALL, "function", "name", ""),
        "shape.value",
        "$.choices[0].message.tool_calls[0].function.name",
    ),
    (
        calling(),
        (*CALL, "function", "arguments", {"city": "Oslo"}),
        "shape.type",
        "$.choices[0].message.tool_calls[0].function.arguments",
    ),
    (
        completion(),
        (*MESSAGE, "function_call", {"name": "f"}),
        "shape.missing",
        "$.choices[0].message.function_call.arguments",
    ),
    (completion(), ("usage", []), "shape.type", "$.usage"),
    (completion(), ("usage", "prompt_tokens", GONE), "shape.missing", "$.usage.prompt_tokens"),
    (completion(), ("usage", "prompt_tokens", "9"), "shape.type", "$.usage.prompt_tokens"),
    (
        completion(),
        ("usage", {"prompt_tokens": 9, "completion_tokens": -3, "total_tokens": 6}),
        "shape.value",
        "$.usage.completion_tokens",
    ),
    (
        completion(),
        ("usage", "prompt_tokens_details", {"cached_tokens": "0"}),
        "shape.type",
        "$.usage.prompt_tokens_details.cached_tokens",
    ),
    (completion(), ("system_fingerprint", 1), "shape.type", "$.system_fingerprint"),
    (
        scored(),
        ("choices", 0, "logprobs", "content", 0, "logprob", "0"),
        "shape.type",
        "$.choices[0].logprobs.content[0].logprob",
    ),
    (
        scored(),
        ("choices", 0, "logprobs", "content", 0, "logprob", float("-inf")),
        "shape.value",
        "$.choices[0].logprobs.content[0].logprob",
    ),
    (
        scored(),
        ("choices", 0, "logprobs", "content", 0, "bytes", [256]),
        "shape.value",
        "$.choices[0].logprobs.content[0].bytes[0]",
    ),
    (
        scored(),
        ("choices", 0, "logprobs", "content", 0, "top_logprobs", GONE),
        "shape.missing",
        "$.choices[0].logprobs.content[0].top_logprobs",
    ),
]

NEIGHBOURS: list[tuple[JsonObject, tuple[object, ...]]] = [
    (completion(), ("created", 1764000000.0)),
    (completion(), ("model", "")),
    (completion(), ("usage", "prompt_tokens", 9.0)),
    (completion(), ("usage", GONE)),
    (completion(), ("usage", None)),
    (completion(), ("usage", "completion_tokens_details", None)),
    (completion(), ("system_fingerprint", GONE)),
    (completion(), ("service_tier", "on_demand")),
    (completion(), ("choices", 0, "logprobs", GONE)),
    (completion(), (*MESSAGE, "refusal", GONE)),
    (completion(), (*MESSAGE, "content", "")),
    (completion(), (*MESSAGE, "tool_calls", None)),
    (completion(), (*MESSAGE, "annotations", [])),
    (completion(), (*MESSAGE, "function_call", None)),
    (calling(), (*CALL, {"id": "1", "type": "custom", "custom": {"name": "sql", "input": "select"}})),
    (calling(), (*CALL, "index", 0)),
    (calling(), (*CALL, "function", "arguments", "")),
    (calling(), ("choices", 0, "finish_reason", "stop")),  # 52 of OpenAI's 459: a forced tool_choice
    (scored(), ("choices", 0, "logprobs", "content", 0, "bytes", [255.0])),
]

CHUNKS: list[tuple[JsonObject, tuple[object, ...], str, str]] = [
    (chunk({}), ("object", "chat.completion"), "shape.value", "$.object"),
    (chunk({}), ("id", ""), "shape.value", "$.id"),
    (chunk({}), ("choices", 0, "delta", GONE), "shape.missing", "$.choices[0].delta"),
    (chunk({}), ("choices", 0, "delta", None), "shape.type", "$.choices[0].delta"),
    (chunk({}), ("choices", 0, "message", {"role": "assistant"}), "shape.forbidden", "$.choices[0].message"),
    (chunk({}), ("choices", 0, "finish_reason", ""), "shape.value", "$.choices[0].finish_reason"),
    (chunk({}), ("choices", 0, "index", GONE), "shape.missing", "$.choices[0].index"),
    (chunk({"role": "model"}), ("x", 1), "shape.value", "$.choices[0].delta.role"),
    (chunk({"content": 1}), ("x", 1), "shape.type", "$.choices[0].delta.content"),
    (
        chunk(fragment()),
        ("choices", 0, "delta", "tool_calls", 0, "index", GONE),
        "shape.missing",
        "$.choices[0].delta.tool_calls[0].index",
    ),
    (
        chunk(fragment(function={"arguments": {}})),
        ("x", 1),
        "shape.type",
        "$.choices[0].delta.tool_calls[0].function.arguments",
    ),
    (usage_chunk(), ("usage", "total_tokens", "12"), "shape.type", "$.usage.total_tokens"),
    (preamble(), ("created", None), "shape.type", "$.created"),
    (preamble(), ("object", "chunk"), "shape.value", "$.object"),
]


def rules_at(judgement: Judgement, level: Level = Level.MUST) -> set[tuple[str, str]]:
    return {(item.rule, item.path) for item in judgement.violations if item.level is level}


@pytest.mark.parametrize(("sample", "step", "rule", "path"), COMPLETIONS)
def test_completion_one_step_off_is_refused_by_name(
    sample: JsonObject, step: tuple[object, ...], rule: str, path: str
) -> None:
    assert judge_completion(sample).valid
    judgement = judge_completion(broken(sample, *step))
    assert rules_at(judgement) == {(rule, path)}
    assert not judgement.valid


@pytest.mark.parametrize(("sample", "step"), NEIGHBOURS)
def test_completion_with_a_legal_step_stays_valid(sample: JsonObject, step: tuple[object, ...]) -> None:
    judgement = judge_completion(broken(sample, *step))
    assert judgement.valid
    assert judgement.value is not None


@pytest.mark.parametrize(("sample", "step", "rule", "path"), CHUNKS)
def test_chunk_one_step_off_is_refused_by_name(
    sample: JsonObject, step: tuple[object, ...], rule: str, path: str
) -> None:
    assert rules_at(judge_chunk(broken(sample, *step))) == {(rule, path)}


@pytest.mark.parametrize(
    "sample", [chunk({}), chunk({"role": "assistant", "content": None}), usage_chunk(), preamble()]
)
def test_chunk_that_openai_or_azure_sends_is_valid(sample: JsonObject) -> None:
    judgement = judge_chunk(sample)
    assert judgement.valid
    assert judgement.value is not None


@pytest.mark.parametrize(
    ("step", "rule", "path"),
    [
        (("error", "Unauthorized"), "shape.type", "$.error"),
        (("error", GONE), "shape.missing", "$.error"),
        (("error", "message", ""), "shape.value", "$.error.message"),
        (("error", "message", GONE), "shape.missing", "$.error.message"),
        (("error", "code", []), "shape.type", "$.error.code"),
    ],
)
def test_error_one_step_off_is_refused_by_name(step: tuple[object, ...], rule: str, path: str) -> None:
    assert rules_at(judge_error(broken(error(), *step))) == {(rule, path)}


@pytest.mark.parametrize(
    ("step", "path"),
    [
        (("error", "code", 404), "$.error.code"),
        (("error", "code", GONE), "$.error.code"),
        (("error", "param", GONE), "$.error.param"),
        (("error", "type", GONE), "$.error.type"),
    ],
)
def test_error_that_clients_live_with_is_a_should(step: tuple[object, ...], path: str) -> None:
    assert not judge_error(error()).violations
    judgement = judge_error(broken(error(), *step))
    assert judgement.valid
    assert rules_at(judgement, Level.SHOULD) == {("chat.errors.shape", path)}


@pytest.mark.parametrize(
    ("step", "rule", "path"),
    [
        (("object", GONE), "shape.missing", "$.object"),
        (("data", 0, "created", GONE), "shape.missing", "$.data[0].created"),
        (("data", 0, "object", "llm"), "shape.value", "$.data[0].object"),
        (("data", 0, "owned_by", None), "shape.type", "$.data[0].owned_by"),
    ],
)
def test_model_list_one_step_off_is_refused_by_name(step: tuple[object, ...], rule: str, path: str) -> None:
    assert not judge_models(models()).violations
    assert rules_at(judge_models(broken(models(), *step))) == {(rule, path)}


def test_violation_says_what_was_expected_and_seen() -> None:
    (violation,) = check(broken(completion(), "created", "1764000000")).violations
    assert violation.expected == "an integer"
    assert violation.seen == '"1764000000" (a string)'
    assert violation.reference == "CreateChatCompletionResponse"


def test_violations_of_a_hostile_answer_are_bounded() -> None:
    judgement = judge_completion(broken(completion(), "choices", [{}] * 1000))
    assert len(judgement.violations) == 100
    assert "more violations" in judgement.violations[-1].message


def test_extensions_are_listed_by_path_in_a_refused_answer_too() -> None:
    sample = broken(completion(), "choices", 0, "message", "reasoning", "hm")
    sample = broken(broken(sample, "x-y", {"deep": {"er": 1}}), "id", 1)
    judgement = judge_completion(sample)
    assert judgement.value is None
    assert judgement.extensions == ("$.choices[0].message.reasoning", '$["x-y"]')
    assert judge_completion(calling()).extensions == ()


#: Breaches that no answer of a chat can have.
ELSEWHERE: list[tuple[Kind, JsonObject]] = [
    (Kind.CHAT_REQUEST, {"logit_bias": 1, "stream": 1, "messages": [], "safety_identifier": "x" * 65}),
    (Kind.CHAT_REQUEST, {"messages": [{"role": "user", "content": "", "name": "Ada L"}]}),
    (Kind.EMBEDDINGS, {"data": [{"embedding": "AAAA"}]}),
    (Kind.LORAX_GENERATE_REQUEST, {"inputs": "", "parameters": {"top_p": 0, "typical_p": 1}}),
    (Kind.LORAX_TEXT, {"choices": [{"logprobs": {}}]}),
]


def test_mapping_table_has_no_row_that_nothing_reaches() -> None:
    cases: list[tuple[Kind, JsonObject]] = [
        *((Kind.COMPLETION, broken(sample, *step)) for sample, step, _, _ in COMPLETIONS),
        *((Kind.CHUNK, broken(sample, *step)) for sample, step, _, _ in CHUNKS),
        *ELSEWHERE,
    ]
    met: set[str] = set()
    for kind, value in cases:
        try:
            CONTRACTS[kind].adapter.validate_python(value)
        except ValidationError as error:
            met |= {detail["type"] for detail in error.errors()}
    assert met == set(RULES)
