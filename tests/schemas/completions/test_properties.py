"""What holds for any completion, any cut of it, any bytes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pydantic import BaseModel

from chatproof.strategies.valid.lists import errors, model_lists, plain_errors, single_models
from chatproof.strategies.valid.sse import sliced
from chatproof.strategies.valid.text import plain_text_completions, text_completions
from chatproof.strategies.valid.text_streams import (
    text_assembled,
    text_chunks,
    text_sse,
    text_stream_of,
    text_streams,
)
from chatschema import (
    Completion,
    CompletionStream,
    ErrorResponse,
    JsonObject,
    JsonValue,
    Kind,
    ModelList,
    SseDecoder,
    check,
)
from chatschema.common import Model
from chatschema.completions import CompletionChunk
from tests.schemas.samples import dump
from tests.schemas.test_properties import EXTRAS, changed, same

DRAWN: list[tuple[SearchStrategy[JsonObject], type[BaseModel], Kind]] = [
    (text_completions(), Completion, Kind.TEXT),
    (text_chunks(), CompletionChunk, Kind.TEXT_CHUNK),
    (single_models(), Model, Kind.MODEL),
    (model_lists(), ModelList, Kind.MODELS),
    (errors(), ErrorResponse, Kind.ERROR),
]


@pytest.mark.parametrize(("drawn", "form", "kind"), DRAWN)
def test_drawn_values_are_valid_and_come_back_from_the_models_as_they_were(
    drawn: SearchStrategy[JsonObject], form: type[BaseModel], kind: Kind
) -> None:
    @given(drawn, EXTRAS)
    def holds(value: JsonObject, extras: JsonObject) -> None:
        judgement = check(value, kind)
        assert judgement.valid, judgement.violations
        mixed = {**extras, **value}
        dumped = form.model_validate(mixed).model_dump(mode="json", by_alias=True, exclude_unset=True)
        assert same(dumped, mixed)

    holds()


@given(
    plain_text_completions()
    | plain_errors()
    | single_models()
    | model_lists().filter(lambda value: value["data"])
)
def test_what_is_plain_breaks_no_should_and_is_known(value: JsonObject) -> None:
    judgement = check(value)
    assert judgement.violations == ()
    assert judgement.kind in ("completion", "error", "model", "models")


@given(st.data(), text_completions())
def test_chunks_of_a_completion_add_up_to_it(data: st.DataObject, completion: JsonObject) -> None:
    stream = CompletionStream()
    pieces = data.draw(text_stream_of(completion))
    decoder = SseDecoder()
    for event in decoder.feed(dump(pieces).encode()):
        stream.feed(event)
    stream.close()
    assert stream.assembled() == {**_fingerprint(pieces), **text_assembled(completion)}
    assert stream.done
    assert all(item.level == "should" for item in stream.violations)


@given(text_streams())
def test_drawn_stream_is_known_by_its_chunks(chunks: list[JsonObject]) -> None:
    judgement = check(dump(chunks))
    assert judgement.kind == "completion.sse"
    assert judgement.valid, judgement.violations


@given(st.data(), text_sse())
def test_slices_of_a_stream_are_judged_as_the_whole(data: st.DataObject, sent: bytes) -> None:
    decoder, stream = SseDecoder(), CompletionStream()
    for part in data.draw(sliced(sent)):
        for event in decoder.feed(part):
            stream.feed(event)
    for event in decoder.close():
        stream.feed(event)
    stream.close()
    judgement = check(sent, Kind.TEXT_STREAM)
    assert stream.violations == judgement.violations
    assert judgement.valid


@given(st.data(), text_completions())
def test_any_change_of_an_answer_or_a_stream_never_raises(data: st.DataObject, answer: JsonObject) -> None:
    check(data.draw(changed(answer)), Kind.TEXT)
    chunks: list[JsonValue] = [*data.draw(text_stream_of(answer))]
    broken = data.draw(changed(chunks))
    check(dump(broken if isinstance(broken, list) else [broken]), Kind.TEXT_STREAM)
    check(json.dumps(broken))


def _fingerprint(chunks: list[JsonObject]) -> JsonObject:
    found = chunks[-1].get("system_fingerprint")
    return {} if found is None else {"system_fingerprint": found}
