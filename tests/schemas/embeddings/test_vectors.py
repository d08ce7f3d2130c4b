"""Vectors in both of their forms."""

import base64
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.strategies.valid.text_requests import embeddings_requests, plain_embeddings_requests
from chatproof.strategies.valid.vectors import base64_of, embeddings, several_embeddings, vectors
from chatschema import Embeddings, JsonObject, JsonValue, Kind, check
from chatschema.embeddings import EmbeddingsRequest
from chatschema.embeddings.vector import decoded, dimensions
from tests.schemas.test_properties import EXTRAS, changed, same

FLOAT32 = st.lists(
    st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1, max_size=40
).filter(any)


def answer(*embeddings: JsonValue) -> JsonObject:
    data: list[JsonValue] = [
        {"object": "embedding", "index": index, "embedding": one} for index, one in enumerate(embeddings)
    ]
    return {"object": "list", "data": data, "model": "m", "usage": {"prompt_tokens": 1, "total_tokens": 1}}


@given(FLOAT32)
def test_base64_of_float32_is_accepted_and_gives_the_numbers_back(numbers: list[float]) -> None:
    text = base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()
    assert text == base64_of(numbers)
    assert decoded(text) == numbers
    assert dimensions(text) == len(numbers)
    judgement = check(answer(text))
    assert judgement.violations == ()
    assert isinstance(judgement.value, Embeddings)
    assert judgement.value.vectors() == [numbers]


@given(st.binary(max_size=40))
def test_base64_of_other_than_whole_numbers_is_refused(data: bytes) -> None:
    judgement = check(answer(base64.b64encode(data).decode()))
    shapes = [item.path for item in judgement.violations if item.rule == "shape.value"]
    assert shapes == ([] if data and len(data) % 4 == 0 else ["$.data[0].embedding"])


@given(st.text(alphabet="AQgw+/=9\n -_", max_size=20))
def test_what_the_model_takes_for_base64_python_can_read(text: str) -> None:
    if not any(item.rule == "shape.value" for item in check(answer(text)).violations):
        assert len(base64.b64decode(text, validate=True)) == 4 * dimensions(text) > 0


@given(vectors(), st.integers(0, 3))
def test_both_forms_of_a_vector_are_one_vector_in_the_order_of_the_inputs(
    numbers: list[float], turn: int
) -> None:
    body = answer([*numbers], base64_of(numbers), [*([1.0] * len(numbers))])
    data = body["data"]
    assert isinstance(data, list)
    parsed = Embeddings.model_validate({**body, "data": [*data[turn:], *data[:turn]]})
    assert parsed.vectors() == [numbers, numbers, [1.0] * len(numbers)]


def test_whole_numbers_of_a_vector_become_floats() -> None:
    parsed = Embeddings.model_validate(answer([1, 0, -2]))
    assert [type(number) for number in parsed.vectors()[0]] == [float] * 3


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_base64_can_hide_what_json_cannot_say(number: float) -> None:
    (violation,) = check(answer(base64_of([0.5, number]))).violations
    assert (violation.rule, violation.path) == ("embeddings.base64", "$.data[0].embedding")
    assert "1 in all" in violation.seen


def test_lengths_are_compared_over_both_forms() -> None:
    assert check(answer([0.5, 0.25], base64_of([0.5, 0.25]))).violations == ()
    (violation,) = check(answer([0.5, 0.25], base64_of([0.5]))).violations
    assert (violation.rule, violation.path) == ("embeddings.dimensions", "$.data[1].embedding")


def test_hostile_vector_of_words_is_told_once() -> None:
    judgement = check(answer([*(["x"] * 100_000)]))
    found = [(item.rule, item.path) for item in judgement.violations]
    assert found == [("shape.type", "$.data[0].embedding[0]"), ("http.bounds", "$")]


@given(embeddings(), EXTRAS)
def test_drawn_embeddings_are_valid_and_come_back_as_they_were(value: JsonObject, extras: JsonObject) -> None:
    judgement = check(value)
    assert (judgement.kind, judgement.violations) == ("embeddings", ())
    mixed = {**extras, **value}
    dumped = Embeddings.model_validate(mixed).model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert same(dumped, mixed)


@given(embeddings_requests(), EXTRAS)
def test_drawn_requests_are_valid_and_come_back_as_they_were(value: JsonObject, extras: JsonObject) -> None:
    judgement = check(value, Kind.EMBEDDINGS_REQUEST)
    assert judgement.valid, judgement.violations
    # with a model and an input alone it may be one for moderation or for speech
    told = value.get("encoding_format") or value.get("dimensions")
    assert check(value).kind == ("embeddings.request" if told else None)
    mixed = {**extras, **value}
    dumped = EmbeddingsRequest.model_validate(mixed).model_dump(
        mode="json", by_alias=True, exclude_unset=True
    )
    assert same(dumped, mixed)


@given(several_embeddings() | plain_embeddings_requests())
def test_what_is_plain_breaks_no_should(value: JsonObject) -> None:
    assert check(value).violations == ()


@given(st.data(), embeddings() | embeddings_requests())
def test_any_change_never_raises(data: st.DataObject, value: JsonObject) -> None:
    wrong = data.draw(changed(value))
    check(wrong, Kind.EMBEDDINGS)
    check(wrong, Kind.EMBEDDINGS_REQUEST)
