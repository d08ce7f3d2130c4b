"""Servers of older releases: what they leave out is a should, and what no client can read is a must."""

import json

import pytest

from chatschema import JsonObject, JsonValue, Level, check
from tests.schemas.lorax.samples import answer, calling, chat, chat_chunk, chat_last, event, last, token
from tests.schemas.samples import GONE, broken

DELTA = ("choices", 0, "delta")
ROUTER = (
    b'data: {"token":{"id":1,"text":" Hi","logprob":-0.34,"special":false,"skipped":false},'
    b'"generated_text":null,"details":null}\n\n'
    b'data: {"token":{"id":2,"text":"</s>","logprob":-0.1,"special":true,"skipped":false},'
    b'"generated_text":" Hi","details":{"finish_reason":"eos_token","prompt_tokens":3,"generated_tokens":2,'
    b'"seed":null}}\n\n'
)


def shoulds(value: JsonValue) -> set[tuple[str, str]]:
    judgement = check(value)
    assert judgement.valid, judgement.violations
    return {(item.rule, item.path) for item in judgement.violations}


def test_bytes_as_the_router_writes_them_break_nothing() -> None:
    judgement = check(ROUTER)
    assert (judgement.kind, judgement.violations, judgement.extensions) == ("lorax.generate.sse", (), ())


@pytest.mark.parametrize(
    ("value", "missing"),
    [
        # before 0.12.1
        (broken(answer(), "details", "skipped_tokens", GONE), "$.details.skipped_tokens"),
        (broken(answer(), "details", "tokens", 0, "skipped", GONE), "$.details.tokens[0].skipped"),
        (broken(event(), "token", "skipped", GONE), "$.token.skipped"),
        # before 0.12
        (broken(chat(), "system_fingerprint", GONE), "$.system_fingerprint"),
    ],
)
def test_member_of_a_later_release_is_a_should(value: JsonObject, missing: str) -> None:
    assert shoulds(value) == {("lorax.spec-complete", missing)}


def test_stream_before_0_11_has_no_usage_and_before_0_10_nulls_in_its_last_delta() -> None:
    assert shoulds(broken(chat_last(), "usage", GONE)) == {("lorax.stream.last-event", "$.usage")}
    assert shoulds(broken(chat_last(), *DELTA, {"role": None, "content": None})) == set()


def test_end_of_the_sequence_was_shown_before_0_9() -> None:
    shown = broken(chat_last(), *DELTA, {"role": "assistant", "content": "</s>"})
    assert shoulds(shown) == {("lorax.stream.shape", "$.choices[0].delta.content")}


def test_arguments_as_an_object_of_0_12_0_are_a_must() -> None:
    place = ("choices", 0, "message", "tool_calls", 0, "function", "arguments")
    found = check(broken(calling(), *place, {"city": "Oslo"})).violations
    assert [(item.rule, item.level) for item in found] == [("shape.type", Level.MUST)]


def test_stream_before_0_12_without_done_is_a_must() -> None:
    wire = "".join(f"data:{json.dumps(item)}\n\n" for item in (chat_chunk(), chat_last()))
    found = check(wire).violations
    assert [(item.rule, item.level) for item in found] == [("lorax.stream.last-event", Level.MUST)]


def test_null_where_the_router_leaves_out_is_a_should() -> None:
    assert shoulds({**answer(), "details": None}) == {("lorax.spec-complete", "$.details")}
    alternatives = event(token=token(alternative_tokens=None))
    assert shoulds(alternatives) == {("lorax.spec-complete", "$.token.alternative_tokens")}
    assert shoulds(last()) == set()
