"""Near misses of responses, their items and parts, and of single events of their streams.

Where servers are named, they were recorded with the defect; the others are what gateways and mocks get wrong.
"""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.near_miss import catalogue, put, value_at
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.responses.events import MANNERS, events_of
from chatproof.strategies.valid.responses.responses import calling_responses, plain_responses
from chatschema import JsonObject

__all__ = ["NEAR_RESPONSE"]

_PLAIN, _CALLING = plain_responses(), calling_responses()
_ERROR: JsonObject = {"type": "error", "sequence_number": 3, "code": None, "param": None, "message": "no"}


def _same_call(response: JsonObject) -> JsonObject:
    return put(response, "output", 3, "call_id", by=value_at(response, "output", 1, "call_id"))


def _only(kind: str, responses: SearchStrategy[JsonObject] = _PLAIN) -> SearchStrategy[JsonObject]:
    """The last event of one type, `response.` left out."""

    def event(response: JsonObject) -> JsonObject:
        return [event for event in events_of(response, MANNERS[0]) if event["type"] == f"response.{kind}"][-1]

    return responses.map(event)


NEAR_RESPONSE = catalogue(
    *rows(
        __file__,
        {"same-call": _same_call},
        plain=_PLAIN,
        calling=_CALLING,
        delta=_only("function_call_arguments.delta", _CALLING),
        text=_only("output_text.done"),
        arguments=_only("function_call_arguments.done", _CALLING),
        added=_only("output_item.added"),
        part=_only("content_part.done"),
        created=_only("created"),
        completed=_only("completed"),
        error_with_message=st.just(_ERROR),
    )
)
