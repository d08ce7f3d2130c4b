"""Near misses of single events of a response's stream."""

from collections.abc import Callable
from functools import partial

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near_miss import catalogue, defect, replaced, without
from chatproof.strategies.response_events import MANNERS, events_of
from chatproof.strategies.responses import calling_responses, plain_responses
from chatproof.strategies.wrong import NOT_A_NUMBER, NOT_AN_OBJECT, NOT_TEXT, NULL
from chatschema import JsonObject, Kind, Level

__all__ = ["NEAR_RESPONSE_EVENT"]

_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"
_EVENTS = "responses.sse.events"

_miss = partial(defect, Kind.RESPONSE_EVENT)


def _only(kind: str, responses: Callable[[], SearchStrategy[JsonObject]]) -> SearchStrategy[JsonObject]:
    """The last event of one type."""

    def event(response: JsonObject) -> JsonObject:
        return [event for event in events_of(response, MANNERS[0]) if event["type"] == kind][-1]

    return responses().map(event)


_CREATED = _only("response.created", plain_responses)
_COMPLETED = _only("response.completed", plain_responses)
_ADDED = _only("response.output_item.added", plain_responses)
_PART = _only("response.content_part.done", plain_responses)
_TEXT = _only("response.output_text.done", plain_responses)
_ARGUMENTS = _only("response.function_call_arguments.done", calling_responses)
_DELTA = _only("response.function_call_arguments.delta", calling_responses)
_ERROR: SearchStrategy[JsonObject] = st.just(
    {"type": "error", "sequence_number": 3, "code": None, "param": None}
)

NEAR_RESPONSE_EVENT = catalogue(
    _miss("no-type", _MISSING, "Nothing says what the event is.", without(_DELTA, "type")),
    _miss("type-no-text", _VALUE, "The type is none.", replaced(_DELTA, "type", by=NOT_TEXT | NULL)),
    _miss(
        "unknown-type",
        "responses.unknown-type",
        "Nobody knows the type (OpenAI, once: `keepalive`).",
        replaced(_DELTA, "type", by=st.sampled_from(("keepalive", "response.reasoning_part.added", "ping"))),
        Level.SHOULD,
    ),
    _miss(
        "no-number",
        "responses.sequence-numbers",
        "The event has no sequence number (llama.cpp).",
        without(_DELTA, "sequence_number"),
        Level.SHOULD,
    ),
    _miss(
        "number-as-text", _TYPE, "The number is text.", replaced(_DELTA, "sequence_number", by=NOT_A_NUMBER)
    ),
    _miss(
        "negative-number",
        _VALUE,
        "The number is below zero.",
        replaced(_DELTA, "sequence_number", by=st.integers(-9, -1)),
    ),
    _miss("no-delta", _MISSING, "A delta has no delta.", without(_DELTA, "delta")),
    _miss(
        "delta-no-text",
        _TYPE,
        "The delta is an object, as in a chat completion's chunk.",
        replaced(_DELTA, "delta", by=NOT_TEXT | NULL),
    ),
    _miss(
        "no-output-index",
        _MISSING,
        "Nothing says which item it is about (llama.cpp).",
        without(_DELTA, "output_index"),
    ),
    _miss(
        "negative-index", _VALUE, "The index is below zero.", replaced(_DELTA, "output_index", by=st.just(-1))
    ),
    _miss("no-item-id", _MISSING, "The item's id is missing.", without(_DELTA, "item_id")),
    _miss("empty-item-id", _VALUE, "The item's id is empty.", replaced(_DELTA, "item_id", by=st.just(""))),
    _miss("no-content-index", _MISSING, "Nothing says which part.", without(_TEXT, "content_index")),
    _miss("no-text", _MISSING, "The whole text is missing.", without(_TEXT, "text")),
    _miss("no-arguments", _MISSING, "The arguments are missing.", without(_ARGUMENTS, "arguments")),
    _miss(
        "arguments-as-object",
        _TYPE,
        "The arguments are an object, not JSON text.",
        replaced(_ARGUMENTS, "arguments", by=st.just({"city": "Oslo"})),
    ),
    _miss("no-item", _MISSING, "An item opens, and there is none.", without(_ADDED, "item")),
    _miss("item-null", _TYPE, "The item is null.", replaced(_ADDED, "item", by=NOT_AN_OBJECT | NULL)),
    _miss("item-without-id", _MISSING, "The item has no id.", without(_ADDED, "item", "id")),
    _miss("no-part", _MISSING, "A part is closed, and there is none.", without(_PART, "part")),
    _miss(
        "part-without-annotations",
        _MISSING,
        "A text part has no list of annotations (llama.cpp).",
        without(_PART, "part", "annotations"),
    ),
    _miss("no-response", _MISSING, "The response begins, and there is none.", without(_CREATED, "response")),
    _miss(
        "response-without-output",
        _MISSING,
        "The response that begins has no output (llama.cpp).",
        without(_CREATED, "response", "output"),
    ),
    _miss(
        "created-completed",
        _EVENTS,
        "The response is created and completed at once.",
        replaced(_CREATED, "response", "status", by=st.sampled_from(("completed", "failed"))),
    ),
    _miss(
        "completed-in-progress",
        _EVENTS,
        "The response is completed and still in progress.",
        replaced(_COMPLETED, "response", "status", by=st.sampled_from(("in_progress", "queued", "failed"))),
    ),
    _miss(
        "error-without-message",
        "responses.sse.shape",
        "An error has no message.",
        without(_ERROR.map(lambda event: {**event, "message": "no"}), "message"),
    ),
)
