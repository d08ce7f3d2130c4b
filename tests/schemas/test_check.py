"""What `check` takes its input for, and what it makes of input that is nothing."""

import json

import pytest

from chatschema import JsonValue, Kind, Level, check
from chatschema.core.sse import MAX_EVENT_BYTES
from chatschema.judging import judge_chunk, judge_completion, judge_error, judge_models
from chatschema.judging.catalogue import STREAMS
from tests.schemas.samples import (
    GONE,
    broken,
    calling,
    chunk,
    completion,
    dump,
    error,
    models,
    preamble,
    stream,
)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (completion(), "chat.completion"),
        (calling(), "chat.completion"),
        (broken(completion(), "object", GONE), "chat.completion"),
        (broken(completion(), "choices", []), "chat.completion"),
        (chunk({}), "chat.completion.chunk"),
        (broken(chunk({}), "object", GONE), "chat.completion.chunk"),
        (preamble(), "chat.completion.chunk"),
        (error(), "error"),
        ({"error": "Unauthorized"}, None),
        (models(), "models"),
        ({"data": []}, None),
        ({"detail": "Not Found"}, None),
        ([], None),
        (None, None),
        (True, None),
        (1.5, None),
    ],
)
def test_kind_is_told_from_the_value(value: JsonValue, kind: str | None) -> None:
    assert check(value).kind == kind
    assert check(json.dumps(value)).kind == kind
    assert check(b" \r\n" + json.dumps(value).encode()).kind == kind
    assert check(value).valid or kind != "chat.completion" or value != completion()


@pytest.mark.parametrize(
    "start", ["", "\n", "\ufeff", ": OPENROUTER PROCESSING\n\n", "event: x\n", "retry: 1\r\n\r\n"]
)
def test_event_stream_is_told_from_its_first_line(start: str) -> None:
    judgement = check((start + dump(stream())).encode())
    assert judgement.kind == "chat.completion.sse"
    assert judgement.valid
    assert check(start + dump(stream())) == judgement


@pytest.mark.parametrize(
    ("data", "rule", "what"),
    [
        (b"", "shape.json", "no JSON"),
        (b"<html>", "shape.json", "no JSON"),
        (b'{"id": "x"', "shape.json", "no JSON"),
        (b'{"id": "\xff"}', "shape.json", "not UTF-8"),
        (b'{"x": NaN}', "shape.json", "NaN"),
        (b'{"x": -Infinity}', "shape.json", "-Infinity"),
        (b"9" * 5000, "shape.json", "has more than is read: a number too long"),
        (b"[" * 40_000, "shape.json", "deep"),
        (b"[" * 100_000, "shape.json", "has more than is read: more than 50,000 objects and lists"),
        (b"[[],[]]" * 100_000, "shape.json", "more than 50,000 objects and lists"),
        (b'{"choices":' * 40_000, "shape.json", "deep"),
        (b"[" * 150 + b"]" * 150, "shape.json", "deep"),
        (b'{"detail": "Not Found"}', "shape.value", "none of the kinds"),
        (b"data: {}\n\n", "chat.sse.shape", "no chunk"),
        (b"data: " + b"[" * 40_000 + b"\n\n", "chat.sse.framing", "deep"),
        (b"data: " + b"[" * 100_000 + b"\n\n", "chat.sse.framing", "more than 50,000 objects and lists"),
        (b"data: \xff\n\n", "shape.json", "UTF-8"),
        (b"data: \xff\n\ndata: {}\n\n", "http.utf8", "UTF-8"),
        (b"data: x\n\n", "shape.json", "begins as an event stream"),
    ],
)
def test_hopeless_input_is_a_violation(data: bytes, rule: str, what: str) -> None:
    judgement = check(data)
    assert not judgement.valid
    assert judgement.value is None
    assert judgement.violations[0].rule == rule
    assert what in judgement.violations[0].message
    assert all(len(item.seen) < 200 for item in judgement.violations)


def test_value_that_contains_itself_is_a_violation() -> None:
    knot: list[JsonValue] = []
    knot.append(knot)
    assert check(knot).violations[0].rule == "shape.json"
    for judge in (judge_completion, judge_chunk, judge_error, judge_models):
        (violation,) = judge({**completion(), "x": knot}).violations
        assert (violation.rule, violation.level) == ("shape.json", Level.MUST)


def test_event_past_the_limit_is_a_violation() -> None:
    judgement = check(b'data: {"x": "' + b"x" * (17 * 1024 * 1024))
    assert "chat.sse.framing" in {item.rule for item in judgement.violations}
    assert not judgement.valid


@pytest.mark.parametrize("start", ["\ufeff", ""])
def test_doubled_member_and_byte_order_mark_are_shoulds(start: str) -> None:
    text = start + json.dumps(completion())[:-1] + ', "model": "m"}'
    judgement = check(text)
    assert judgement.valid
    assert {item.rule for item in judgement.violations} == {"http.no-junk"}
    assert len(judgement.violations) == 1 + len(start)
    assert all(item.level is Level.SHOULD for item in judgement.violations)
    assert check(json.dumps(completion())).violations == ()


def test_given_kind_is_what_is_judged() -> None:
    judgement = check(completion(), "chat.completion.chunk")
    assert judgement.kind == "chat.completion.chunk"
    assert {item.rule for item in judgement.violations} >= {"shape.value", "shape.forbidden"}
    assert check(json.dumps(completion()), "chat.completion.sse").kind == "chat.completion.sse"


def test_unknown_kind_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="not a valid Kind"):
        check(b"{}", "chat")


@pytest.mark.parametrize("kind", STREAMS)
def test_event_too_large_to_hold_is_a_breach_of_the_streams_own_framing(kind: Kind) -> None:
    (breach,) = check(b"data: " + b"x" * MAX_EVENT_BYTES, kind).violations
    assert breach.rule == STREAMS[kind].framing
    assert breach.rule.startswith(kind.value.partition(".")[0])
    assert breach.level is Level.MUST
    assert "larger than 16777216 bytes" in breach.message


def test_what_came_before_an_event_too_large_is_judged() -> None:
    twice = (
        dump([*stream()[:1], broken(chunk({}), "object", "chunk")]).removesuffix("data: [DONE]\n\n").encode()
    )
    judgement = check(twice + b" " * 2**20 + b"\n\ndata: " + b"x" * MAX_EVENT_BYTES)
    assert [violation.rule for violation in judgement.violations] == ["chat.sse.shape", "chat.sse.framing"]
