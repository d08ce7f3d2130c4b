"""Near misses of requests to be answered: what OpenAI refuses."""

from typing import cast

from chatproof.strategies.near.near_miss import catalogue
from chatproof.strategies.near.rows import Change, rows
from chatproof.strategies.valid.responses.requests import plain_requests, tool_requests
from chatschema import JsonObject, JsonValue

__all__ = ["NEAR_RESPONSE_REQUEST"]

_PLAIN = plain_requests()


def _swapped(request: JsonObject) -> JsonObject:
    first, second, call, result, *others = cast("list[JsonValue]", request["input"])
    return {**request, "input": [first, second, result, call, *others]}


_CHANGES: dict[str, Change] = {
    "swapped": _swapped,
    "listed": lambda request: {**request, "model": [request["model"]]},
}

NEAR_RESPONSE_REQUEST = catalogue(
    *rows(
        __file__,
        _CHANGES,
        plain=_PLAIN,
        continuing=_PLAIN.map(lambda request: {**request, "previous_response_id": "resp_1"}),
        tools=tool_requests(),
    )
)
