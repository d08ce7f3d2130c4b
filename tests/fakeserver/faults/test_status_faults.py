"""Faults of status: the error of whoever answers, under the status that was asked for."""

import json

import pytest

from chatfake import Fake
from chatfake.dialects import DIALECTS
from chatfake.faults import FAULTS, fault_named
from tests.fakeserver.asking import chat, post

NUMBERS = (400, 401, 403, 404, 405, 413, 422, 429, 500, 503, 529, 577)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_error_that_is_asked_for_is_the_dialects_own_under_the_status_of_its_name(
    dialect: str, number: int
) -> None:
    fault = fault_named(f"http-{number}")
    assert fault is not None
    assert fault.refusal is not None
    told = DIALECTS[dialect].errors(fault.refusal)
    for stream in (False, True):
        body, json_type = (
            chat(model=f"fake/http-{number}", stream=stream),
            ("content-type", "application/json"),
        )
        answer = post(Fake(dialect=dialect), body, headers=(json_type,))
        assert answer.status == number
        assert (
            answer.body.decode() if isinstance(told.payload, str) else json.loads(answer.body)
        ) == told.payload
        assert set(fault.headers) <= set(answer.headers)


def test_a_request_can_name_the_dialect_of_its_error() -> None:
    plain = post(Fake(), chat(model="fake/http-500"))
    other = post(Fake(), chat(model="fake/http-500"), headers=(("x-fake-dialect", "mistral"),))
    assert json.loads(plain.body)["error"]["type"] == "server_error"
    assert other.body != plain.body


def test_a_limit_says_when_to_come_back() -> None:
    assert dict(FAULTS["http-429"].headers)["retry-after"] == "1"
    assert dict(FAULTS["http-429-date"].headers)["retry-after"].endswith("GMT")
