"""What holds for any request."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pydantic import BaseModel

from chatproof.strategies.valid.requests import chat_requests, plain_chat_requests, tool_round_requests
from chatproof.strategies.valid.text_requests import completion_requests, plain_completion_requests
from chatschema import ChatRequest, JsonObject, Kind, check
from chatschema.completions import CompletionRequest
from tests.schemas.test_properties import EXTRAS, changed, same

DRAWN: list[tuple[SearchStrategy[JsonObject], type[BaseModel], Kind]] = [
    (chat_requests(), ChatRequest, Kind.CHAT_REQUEST),
    (completion_requests(), CompletionRequest, Kind.TEXT_REQUEST),
]


@pytest.mark.parametrize(("drawn", "form", "kind"), DRAWN)
def test_drawn_requests_are_valid_and_come_back_as_they_were(
    drawn: SearchStrategy[JsonObject], form: type[BaseModel], kind: Kind
) -> None:
    @given(drawn, EXTRAS)
    def holds(value: JsonObject, extras: JsonObject) -> None:
        assert check(value, kind).violations == ()
        mixed = {**extras, **value}
        dumped = form.model_validate(mixed).model_dump(mode="json", by_alias=True, exclude_unset=True)
        assert same(dumped, mixed)

    holds()


@given(plain_chat_requests() | tool_round_requests())
def test_drawn_chat_request_is_known(value: JsonObject) -> None:
    assert check(value).kind == "chat.completion.request"


@given(plain_completion_requests())
def test_drawn_completion_request_is_known(value: JsonObject) -> None:
    assert check(value).kind == "completion.request"


@given(st.data(), chat_requests() | completion_requests())
def test_any_change_never_raises(data: st.DataObject, value: JsonObject) -> None:
    wrong = data.draw(changed(value))
    check(wrong, Kind.CHAT_REQUEST)
    check(wrong, Kind.TEXT_REQUEST)
