"""Near misses of single events of a response's stream."""

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.near_miss import catalogue
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.responses.events import MANNERS, events_of
from chatproof.strategies.valid.responses.responses import calling_responses, plain_responses
from chatschema import JsonObject

__all__ = ["NEAR_RESPONSE_EVENT"]


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
    *rows(
        __file__,
        delta=_DELTA,
        text=_TEXT,
        arguments=_ARGUMENTS,
        added=_ADDED,
        part=_PART,
        created=_CREATED,
        completed=_COMPLETED,
        error_with_message=_ERROR.map(lambda event: {**event, "message": "no"}),
    ),
)
