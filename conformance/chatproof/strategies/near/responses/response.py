"""Near misses of responses: the resource, its items and their parts.

Where servers are named, they were recorded with the defect; the others are what gateways and mocks get wrong.
"""

from functools import partial
from typing import cast

from chatproof.strategies.near.near_miss import Miss, catalogue, defect, put
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.responses.responses import calling_responses, plain_responses
from chatschema import JsonObject, Kind, Level

__all__ = ["NEAR_RESPONSE"]

_PLAIN = plain_responses()
_CALLING = calling_responses()
_ITEMS, _STATUS, _USAGE = "responses.json.items", "responses.json.status", "responses.json.usage"


_miss = partial(defect, Kind.RESPONSE)


def _same_call(response: JsonObject) -> Miss:
    calls = cast("list[JsonObject]", response["output"])
    data = put(response, "output", 3, "call_id", by=calls[1]["call_id"])
    return Miss(data=data, path="$.output[3].call_id")


def _failed(response: JsonObject) -> Miss:
    return Miss(data={**response, "error": {"code": "server_error", "message": "no"}}, path="$.error")


def _cut(response: JsonObject) -> Miss:
    details: JsonObject = {"reason": "max_output_tokens"}
    return Miss(data={**response, "incomplete_details": details}, path="$.incomplete_details")


NEAR_RESPONSE = catalogue(
    *rows(__file__, plain=_PLAIN, calling=_CALLING),
    _miss("completed-with-error", _STATUS, "A completed response has an error.", _PLAIN.map(_failed)),
    _miss("completed-and-cut-off", _STATUS, "A completed response was cut off.", _PLAIN.map(_cut)),
    _miss(
        "failed-without-error",
        _STATUS,
        "A failed response does not say why.",
        _PLAIN.map(lambda response: Miss(data={**response, "status": "failed"}, path="$.error")),
        Level.SHOULD,
    ),
    _miss(
        "same-call-id",
        _ITEMS,
        "Two calls have the same call_id.",
        _CALLING.map(_same_call),
    ),
)
