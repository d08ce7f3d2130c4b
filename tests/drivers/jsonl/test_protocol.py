"""The lines of the protocol: what is an answer, what the schema says of it, and what else a line may hold."""

import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from chatproof.drivers.jsonl.answers import SAYS, Ability, InvalidAnswerError, answer_of, is_answer
from chatproof.drivers.jsonl.messages import open_members
from chatproof.drivers.jsonl.reading import read_line
from chatproof.drivers.jsonl.requests import Request
from chatproof.drivers.jsonl.schema import protocol_schema
from chatproof.history.model.endpoint import Endpoint
from chatproof.history.model.policy import Policy
from chatproof.history.model.policy_file import policy_from_json, policy_to_json
from tests.history.policies import policies

SCHEMA = protocol_schema()
ANSWER = Draft202012Validator({**SCHEMA, "anyOf": [{"$ref": "#/$defs/Answer"}]})
REQUEST = Draft202012Validator({**SCHEMA, "anyOf": [{"$ref": "#/$defs/Request"}]})

scalars = st.none() | st.booleans() | st.integers(-2, 3) | st.sampled_from([1.0, 1.5]) | st.text(max_size=3)
values: st.SearchStrategy[Any] = (
    scalars | st.lists(scalars | st.sampled_from(list(Ability)), max_size=2) | st.just({})
)
objects = st.dictionaries(st.sampled_from(["id", "can", "x", *SAYS]), values, max_size=4)


@given(objects)
def test_the_schema_takes_what_is_taken(value: dict[str, Any]) -> None:
    try:
        answer_of(value)
    except InvalidAnswerError:
        taken = False
    else:
        taken = True
    assert ANSWER.is_valid(value) is taken, value


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@given(policies)
def test_what_is_asked_fits_the_schema_and_a_policy_comes_back(policy: Policy) -> None:
    assert policy_from_json(json.loads(json.dumps(policy_to_json(policy)))) == policy
    endpoint = Endpoint(base_url="u", api_key="k", model="m", system_prompt="", policy=policy)
    request = json.loads(json.dumps({"id": 1, "op": "open", **open_members(endpoint)}))
    assert REQUEST.is_valid(request)
    assert not REQUEST.is_valid({**request, "op": "shut"})


answers = st.builds(lambda id_, text: {"id": id_, "reply": text}, st.integers(1, 9), st.text())
noise = st.binary(max_size=20).map(lambda data: data.replace(b"{", b"("))


@given(st.lists(answers, max_size=3), noise, noise)
def test_answers_are_found_between_whatever_else_is_printed(
    found: list[dict[str, Any]], before: bytes, after: bytes
) -> None:
    line = before + b" ".join(json.dumps(one).encode() for one in found) + after
    try:
        (before + after).decode()
    except UnicodeDecodeError:
        if found:
            with pytest.raises(InvalidAnswerError, match="is no UTF-8"):
                list(read_line(line))
            return
    assert [one for one in read_line(line) if not isinstance(one, bytes)] == found


@given(st.binary(max_size=60) | st.text(alphabet='{}[]":,id 1ok').map(str.encode))
def test_whatever_is_printed_is_read(line: bytes) -> None:
    for one in read_line(line):
        assert isinstance(one, bytes) or is_answer(one)


def test_what_is_no_answer_is_the_clients_own() -> None:
    assert not is_answer({"id": 1, "level": 30, "msg": "started"})
    assert is_answer({"id": 1}), "what is left of an undefined reply"
    assert is_answer({"id": 1, "can": []})
    assert not is_answer({"reply": "without an id"})
    assert is_answer({"id": 1, "op": "say", "reply": "the request with its answer"})


def test_every_request_says_what_it_is_answered_with() -> None:
    for model in get_args(get_args(Request)[0]):
        assert "nswered" in model.__doc__, model
