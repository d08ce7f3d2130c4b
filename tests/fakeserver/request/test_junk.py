"""Whatever is sent, the answer is well formed and below 500."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatfake import Fake, Request
from chatfake.request.validation.members import NUMBERS, OTHERS, TYPES
from tests.fakeserver.asking import chats, chunks_of, error_of, json_values, post

members = st.sampled_from([*NUMBERS, *TYPES, *OTHERS])


def assert_well_formed(fake: Fake, data: Any) -> None:
    answer = post(fake, data)
    assert answer.status < 500
    if answer.status != 200:
        error_of(answer)
    elif answer.header("content-type") == "application/json":
        assert json.loads(answer.body)["object"] == "chat.completion"
    else:
        assert chunks_of(answer)


@given(st.binary())
def test_any_bytes_get_an_answer(data: bytes) -> None:
    assert_well_formed(Fake(), data)


@given(json_values)
def test_any_json_gets_an_answer(value: Any) -> None:
    assert_well_formed(Fake(), value)


@given(chats(), st.dictionaries(members, json_values, max_size=3))
def test_any_request_with_members_of_junk_gets_an_answer(body: dict[str, Any], junk: dict[str, Any]) -> None:
    assert_well_formed(Fake(), {**body, **junk})


@given(chats(), st.data())
def test_any_request_with_junk_somewhere_inside_gets_an_answer(
    body: dict[str, Any], data: st.DataObject
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
    assert_well_formed(Fake(), body)


@given(st.text(), st.text(), st.text())
def test_any_path_and_headers_get_an_answer(path: str, key: str, plan: str) -> None:
    headers = (("authorization", key), ("x-fake-scenario", plan))
    for prefix in ("", "/v1", "/key/", "/scenario/"):
        for method in ("GET", "POST"):
            answer = Fake().answer(Request(method=method, path=f"{prefix}{path}", headers=headers, body=b"{"))
            assert answer.status < 500


@pytest.mark.parametrize("calls", [20_000])
def test_many_calls_and_results_take_one_pass(calls: int, fake: Fake) -> None:
    made = [
        {"id": str(i), "type": "function", "function": {"name": "f", "arguments": ""}} for i in range(calls)
    ]
    results = [{"role": "tool", "tool_call_id": str(i), "content": ""} for i in reversed(range(calls))]
    messages = [{"role": "assistant", "content": None, "tool_calls": made}, *results]
    answer = post(fake, {"model": "tiny", "messages": messages})
    assert error_of(answer)["code"] == "context_length_exceeded"
