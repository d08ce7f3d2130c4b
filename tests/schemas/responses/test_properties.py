"""What holds for any response, any slicing and any bytes."""

import json
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pydantic import TypeAdapter

from chatproof.strategies.valid.responses.events import MANNERS, NEVER_RECORDED, Manner, events_of
from chatproof.strategies.valid.responses.items import CALLS, MESSAGES, THOUGHTS
from chatproof.strategies.valid.responses.responses import (
    ended_responses,
    response_events,
    response_requests,
    response_streams,
    responses,
    streamed,
)
from chatproof.strategies.valid.responses.tool_items import TOOL_ITEMS
from chatschema import JsonObject, JsonValue, Kind, Level, Response, ResponseStream, SseDecoder, check
from chatschema.responses import ResponseEvent, ResponseRequest
from chatschema.responses.events.rules import EVENT_TYPES
from tests.schemas.replies import JSON
from tests.schemas.responses.samples import response
from tests.schemas.test_properties import EXTRAS, changed, same

ENDS = ("completed", "incomplete", "failed")
DRAWN = [
    (responses(), Response, Kind.RESPONSE),
    (response_events(), ResponseEvent, Kind.RESPONSE_EVENT),
    (response_requests(), ResponseRequest, Kind.RESPONSE_REQUEST),
]


@pytest.mark.parametrize(("drawn", "form", "kind"), DRAWN)
def test_drawn_values_are_valid_and_come_back_from_the_models_as_they_were(
    drawn: SearchStrategy[JsonObject], form: Any, kind: Kind
) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(form)

    @given(drawn, EXTRAS)
    def holds(value: JsonObject, extras: JsonObject) -> None:
        assert [item for item in check(value, kind).violations if item.level is Level.MUST] == []
        mixed = {**extras, **value}
        parsed = adapter.validate_python(mixed)
        assert same(adapter.dump_python(parsed, mode="json", by_alias=True, exclude_unset=True), mixed)

    holds()


@given(response_streams())
def test_drawn_streams_are_valid_and_known(data: bytes) -> None:
    judgement = check(data)
    assert judgement.kind == "response.sse"
    assert judgement.valid, judgement.violations


@given(ended_responses(), st.sampled_from(MANNERS))
def test_stream_of_a_response_ends_as_it(answer: JsonObject, manner: Manner) -> None:
    assert check(streamed(events_of(answer, manner))).value == Response.model_validate(answer)


def test_drawn_events_are_of_every_type_that_the_contract_knows() -> None:
    met = {str(event["type"]) for event in NEVER_RECORDED}
    for make, number, status in product((*MESSAGES, *CALLS, *THOUGHTS, *TOOL_ITEMS), range(4), ENDS):
        whole = {**response(make("text", "beside", number)), "status": status}
        for manner in (MANNERS[0], MANNERS[-1]):
            met.update(str(event["type"]) for event in events_of(whole, manner))
    assert met >= EVENT_TYPES


@given(st.data(), response_streams())
def test_slicing_makes_no_difference(data: st.DataObject, wire: bytes) -> None:
    whole, parts = ResponseStream(), ResponseStream()
    decoder = SseDecoder()
    for event in [*decoder.feed(wire), *decoder.close()]:
        whole.feed(event)
    size = data.draw(st.integers(min_value=1, max_value=len(wire)))
    decoder = SseDecoder()
    for start in range(0, len(wire), size):
        for event in decoder.feed(wire[start : start + size]):
            parts.feed(event)
    for event in decoder.close():
        parts.feed(event)
    assert whole.close() == parts.close()
    assert whole.violations == parts.violations
    assert whole.assembled() == parts.assembled()


@given(st.data(), ended_responses(), st.sampled_from(MANNERS))
def test_any_change_of_a_stream_is_judged_without_a_traceback(
    data: st.DataObject, answer: JsonObject, manner: Manner
) -> None:
    events: list[JsonValue] = [*events_of(answer, manner)]
    broken = data.draw(changed(events))
    items = broken if isinstance(broken, list) else [broken]
    text = "".join(f"data: {json.dumps(item)}\n\n" for item in items)
    check(text, Kind.RESPONSE_STREAM)


@given(st.data(), responses(), response_requests(), response_events())
def test_any_change_of_a_body_is_judged_without_a_traceback(
    data: st.DataObject, answer: JsonObject, request: JsonObject, event: JsonObject
) -> None:
    check(data.draw(changed(answer)), Kind.RESPONSE)
    check(data.draw(changed(request)), Kind.RESPONSE_REQUEST)
    check(data.draw(changed(event)), Kind.RESPONSE_EVENT)


@given(
    st.lists(JSON | response_events(), max_size=8),
    st.sampled_from([Kind.RESPONSE, Kind.RESPONSE_EVENT, Kind.RESPONSE_REQUEST]),
)
def test_any_json_is_judged_without_a_traceback(values: list[JsonValue], kind: Kind) -> None:
    check(values, kind)
    for value in values:
        check(value, kind)
    check("".join(f"data: {json.dumps(value)}\n\n" for value in values), Kind.RESPONSE_STREAM)


@given(ended_responses(), st.sampled_from(MANNERS), st.integers(0, 40))
def test_stream_asked_for_from_any_event_breaks_no_must(
    answer: JsonObject, manner: Manner, start: int
) -> None:
    events = events_of(answer, manner)
    assert check(streamed(events[start % len(events) :]), Kind.RESPONSE_STREAM).valid
