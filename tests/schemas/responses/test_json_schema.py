"""The exported schema and the models give the same verdict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from chatproof.strategies.valid.responses.responses import response_events, response_requests, responses
from chatschema import JsonObject
from chatschema.judging.contract import Contract
from chatschema.responses.events.contract import EVENT
from chatschema.responses.request.contract import REQUEST
from chatschema.responses.response.contract import RESPONSE
from tests.schemas.test_properties import changed


@pytest.mark.parametrize(
    ("contract", "drawn"),
    [(RESPONSE, responses()), (EVENT, response_events()), (REQUEST, response_requests())],
)
def test_schema_and_models_agree(contract: Contract, drawn: SearchStrategy[JsonObject]) -> None:
    validator = Draft202012Validator(contract.adapter.json_schema(by_alias=True))

    @given(st.data(), drawn)
    def holds(data: st.DataObject, value: JsonObject) -> None:
        other = data.draw(changed(value))
        try:
            contract.adapter.validate_python(other)
        except ValidationError:
            assert not validator.is_valid(other)
        else:
            assert validator.is_valid(other)

    holds()


@pytest.mark.parametrize("contract", [RESPONSE, EVENT, REQUEST])
def test_examples_are_right(contract: Contract) -> None:
    for example in contract.examples:
        judgement = contract.inspect(example)
        assert judgement.violations == ()
        assert judgement.extensions == ()
