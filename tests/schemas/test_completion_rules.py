"""Rules over several members of an answer: each fires on its breach and is silent beside it."""

import pytest

from chatschema import JsonObject, Level
from chatschema.judging import judge_chunk, judge_completion
from tests.schemas.samples import GONE, broken, call, calling, chunk, completion, preamble, usage_chunk

MESSAGE = ("choices", 0, "message")
SILENT = broken(completion(), *MESSAGE, "content", None)

FIRES: list[tuple[JsonObject, tuple[object, ...], str, Level, str]] = [
    (
        completion(),
        (*MESSAGE, "content", None),
        "chat.json.content",
        Level.MUST,
        "$.choices[0].message.content",
    ),
    (
        completion(),
        (*MESSAGE, "content", GONE),
        "chat.json.content",
        Level.MUST,
        "$.choices[0].message.content",
    ),
    (SILENT, (*MESSAGE, "refusal", ""), "chat.json.content", Level.MUST, "$.choices[0].message.content"),
    (SILENT, (*MESSAGE, "reasoning", ""), "chat.json.content", Level.MUST, "$.choices[0].message.content"),
    (
        SILENT,
        (*MESSAGE, "reasoning", "hm"),
        "chat.json.content",
        Level.SHOULD,
        "$.choices[0].message.content",
    ),
    (
        calling(),
        (*MESSAGE, "content", GONE),
        "chat.tools.content-null",
        Level.SHOULD,
        "$.choices[0].message.content",
    ),
    (
        completion(),
        (*MESSAGE, "refusal", GONE),
        "chat.json.spec-complete",
        Level.SHOULD,
        "$.choices[0].message.refusal",
    ),
    (
        completion(),
        ("choices", 0, "logprobs", GONE),
        "chat.json.spec-complete",
        Level.SHOULD,
        "$.choices[0].logprobs",
    ),
    (
        completion(),
        (*MESSAGE, "tool_calls", []),
        "chat.tools.absent-is-absent",
        Level.SHOULD,
        "$.choices[0].message.tool_calls",
    ),
    (
        completion(),
        (*MESSAGE, "tool_calls", None),
        "chat.tools.absent-is-absent",
        Level.SHOULD,
        "$.choices[0].message.tool_calls",
    ),
    (
        calling(),
        (*MESSAGE, "tool_calls", [call(), call("time")]),
        "chat.tools.shape",
        Level.MUST,
        "$.choices[0].message.tool_calls[1].id",
    ),
    (
        completion(),
        ("choices", 0, "finish_reason", "tool_calls"),
        "chat.tools.finish-reason",
        Level.MUST,
        "$.choices[0].finish_reason",
    ),
    (
        completion(),
        ("choices", 0, "finish_reason", "function_call"),
        "chat.tools.finish-reason",
        Level.MUST,
        "$.choices[0].finish_reason",
    ),
    (completion(), ("usage", "total_tokens", 13), "chat.json.usage", Level.MUST, "$.usage.total_tokens"),
    (completion(), ("usage", None), "chat.json.usage", Level.SHOULD, "$.usage"),
    (completion(), ("usage", GONE), "chat.json.usage", Level.SHOULD, "$.usage"),
    (completion(), ("choices", completion()["choices"] * 2), "shape.value", Level.MUST, "$.choices[1].index"),  # type: ignore[operator]  # a list, as the sample shows
]


@pytest.mark.parametrize(("sample", "step", "rule", "level", "path"), FIRES)
def test_rule_fires_at_the_place_of_its_breach(
    sample: JsonObject, step: tuple[object, ...], rule: str, level: Level, path: str
) -> None:
    (violation,) = judge_completion(broken(sample, *step)).violations
    assert (violation.rule, violation.level, violation.path) == (rule, level, path)


@pytest.mark.parametrize(
    "sample",
    [
        completion(),
        calling(),
        broken(calling(), "choices", 0, "finish_reason", "stop"),
        broken(completion(), *MESSAGE, "content", ""),
        broken(SILENT, *MESSAGE, "refusal", "I will not."),
        broken(SILENT, *MESSAGE, "function_call", {"name": "f", "arguments": "{}"}),
        broken(SILENT, *MESSAGE, "audio", {"id": "a", "data": "", "transcript": "Hello", "expires_at": 1}),
        broken(calling(), *MESSAGE, "tool_calls", [call(), call("time", "call_2")]),
        broken(completion(), "usage", "total_tokens", 12.0),
    ],
)
def test_rules_are_silent_on_what_openai_sends(sample: JsonObject) -> None:
    assert judge_completion(sample).violations == ()


def test_wrong_type_does_not_hide_the_rules() -> None:
    sample = broken(broken(completion(), *MESSAGE, "content", []), *MESSAGE, "refusal", GONE)
    rules = [item.rule for item in judge_completion(sample).violations]
    assert rules == ["shape.type", "chat.json.spec-complete"]


@pytest.mark.parametrize(
    ("sample", "rule", "path"),
    [
        (
            broken(chunk({}), "choices", 0, "finish_reason", GONE),
            "chat.json.spec-complete",
            "$.choices[0].finish_reason",
        ),
        (chunk({"role": None}), "chat.sse.role-first", "$.choices[0].delta.role"),
        (chunk({"tool_calls": []}), "chat.tools.absent-is-absent", "$.choices[0].delta.tool_calls"),
        (chunk({"tool_calls": None}), "chat.tools.absent-is-absent", "$.choices[0].delta.tool_calls"),
        (preamble(), "chat.sse.same-head", "$.id"),
    ],
)
def test_chunk_rule_is_a_should(sample: JsonObject, rule: str, path: str) -> None:
    (violation,) = judge_chunk(sample).violations
    assert (violation.rule, violation.level, violation.path) == (rule, Level.SHOULD, path)


def test_chunk_usage_has_to_add_up() -> None:
    assert judge_chunk(usage_chunk()).violations == ()
    (violation,) = judge_chunk(broken(usage_chunk(), "usage", "total_tokens", 1)).violations
    assert (violation.rule, violation.level) == ("chat.json.usage", Level.MUST)
