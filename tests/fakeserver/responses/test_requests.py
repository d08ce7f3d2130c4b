"""What OpenAI refuses the fake refuses, in the same words; what only a server with a memory can answer too."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from chatfake import Fake, Request
from chatfake.responses.validation.rules import RULES, TABLE, response_refusal
from chatschema import check
from tests.fakeserver.asking import error_of, json_values, post
from tests.fakeserver.pinned import Page, refusals
from tests.fakeserver.responses.asking import (
    CALL,
    PATH,
    RESULT,
    asked,
    events_of,
    histories,
    requests,
    respond,
)
from tests.fakeserver.responses.invalid import INVALID
from tests.portion import share


def test_invalid_requests_are_refused_as_openai_refuses_them(snapshot: SnapshotAssertion) -> None:
    answers = {name: post(Fake(), body, PATH) for name, (_, body) in INVALID.items()}
    assert refusals(answers) == snapshot(extension_class=Page)


@pytest.mark.parametrize("name", INVALID)
def test_refusal_is_a_sound_error_and_comes_from_its_rule(name: str, fake: Fake) -> None:
    rule, body = INVALID[name]
    answer = post(fake, body, PATH)
    assert error_of(answer)
    judgement = check(answer.body)
    assert (judgement.kind, judgement.violations) == ("error", ())
    kept = ("model", "input")
    present = {key: value for key, value in body.items() if value is not None or key in kept} if rule else {}
    assert not rule or next(name for name in RULES if [*RULES[name](present)]) == rule


def test_every_rule_refuses_something() -> None:
    assert {rule for rule, _ in INVALID.values() if rule} == {*RULES}


@pytest.mark.parametrize("name", INVALID)
def test_lenient_fake_answers_whatever_can_be_read(name: str) -> None:
    body = INVALID[name][1]
    answer = post(Fake(lenient=True), body, PATH)
    assert answer.status == (200 if isinstance(body, dict) else 400)


@pytest.mark.parametrize("stream", [False, True])
def test_stream_is_refused_with_a_plain_error(stream: bool, fake: Fake) -> None:
    answer = respond(fake, stream=stream, max_output_tokens=1)
    assert error_of(answer)["code"] == "integer_below_min_value"


def test_long_input_is_cut_where_the_request_says_so(fake: Fake) -> None:
    assert respond(fake, input="word " * 10_000, truncation="auto").status == 200


def test_model_that_is_not_served_is_named_as_this_route_does(snapshot: SnapshotAssertion) -> None:
    answer = respond(Fake(models=("tiny",)), model="tinny")
    assert refusals({"tinny": answer}) == snapshot(extension_class=Page)
    assert respond(Fake(models=("tiny",))).status == 200


KEPT = (
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
)


def test_nothing_is_kept(fake: Fake, snapshot: SnapshotAssertion) -> None:
    answers = [(*one, fake.answer(Request(method=one[0], path=one[1]))) for one in KEPT]
    named = {f"{method} {path}, allow {one.header('allow')!r}": one for method, path, one in answers}
    assert refusals(named) == snapshot(extension_class=Page)


def test_response_that_was_just_given_is_not_kept(fake: Fake) -> None:
    name = json.loads(respond(fake).body)["id"]
    assert fake.answer(Request(method="GET", path=f"{PATH}/{name}")).status == 404
    error = error_of(respond(fake, previous_response_id=name))
    assert (error["code"], error["param"]) == ("previous_response_not_found", "previous_response_id")
    assert name in error["message"]


@share(0.5)
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


@share(0.5)
@given(requests() | st.just({}), st.dictionaries(members, json_values, max_size=3), st.booleans())
def test_any_request_with_members_of_junk_gets_an_answer(
    body: dict[str, Any], junk: dict[str, Any], lenient: bool
) -> None:
    assert_well_formed(Fake(lenient=lenient), {**body, **junk})


@share(0.5)
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


@pytest.mark.parametrize("odd", [[], {}, 1, None, True])
@pytest.mark.parametrize("member", ["type", "role", "content", "status"])
def test_an_item_with_a_member_of_another_type_gets_an_answer_of_a_lenient_fake(
    member: str, odd: object
) -> None:
    item = {"type": "message", "role": "user", "content": "hi", "status": "completed", member: odd}
    assert_well_formed(Fake(lenient=True), {"model": "tiny", "input": [item]})


@given(histories())
def test_legal_history_is_not_refused(items: list[dict[str, Any]]) -> None:
    assert response_refusal(asked(input=items), 8192) is None


@pytest.mark.parametrize(
    ("thought", "after"),
    [
        ({"id": "rs_1"}, {"role": "assistant", "content": "x", "id": "msg_1"}),
        ({"id": "rs_1", "encrypted_content": "gAAA"}, {"role": "assistant", "content": "x"}),
        ({"id": "rs_1", "encrypted_content": "gAAA"}, {"role": "user", "content": "x"}),
        ({}, {"role": "assistant", "content": "x"}),
    ],
)
def test_thought_is_taken_with_what_followed_or_sealed_or_without_an_id(
    thought: dict[str, Any], after: dict[str, Any]
) -> None:
    items = [{"type": "reasoning", "summary": [], **thought}, after]
    assert response_refusal(asked(input=items), 8192) is None


def test_many_calls_and_results_take_one_pass() -> None:
    calls = [{**CALL, "call_id": str(number)} for number in range(20_000)]
    results = [{**RESULT, "call_id": str(number)} for number in reversed(range(20_000))]
    assert error_of(respond(Fake(), input=[*calls, *results]))["code"] == "context_length_exceeded"
