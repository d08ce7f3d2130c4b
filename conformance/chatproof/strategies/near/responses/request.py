"""Near misses of requests to be answered: what OpenAI refuses."""

from functools import partial
from typing import cast

from chatproof.strategies.near.near_miss import (
    Miss,
    altered,
    at,
    catalogue,
    defect,
    dropped,
    put,
)
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.responses.requests import plain_requests, tool_requests
from chatschema import JsonObject, Kind

__all__ = ["NEAR_RESPONSE_REQUEST"]

_PLAIN = plain_requests()
_TOOLS = tool_requests()
_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"
_RULE = "responses.request."
#: In a plain request the user's first message; in one with tools a call and its result.
_USER, _CALL, _RESULT = ("input", 1), ("input", 2), ("input", 3)

_miss = partial(defect, Kind.RESPONSE_REQUEST)


def _told(request: JsonObject) -> Miss:
    """The assistant's message with a part that only others have."""
    part: JsonObject = {"type": "input_text", "text": "Hi"}
    data = put(request, "input", 2, by={"role": "assistant", "content": [part]})
    return Miss(data=data, path="$.input[2].content[0].type")


def _swapped(request: JsonObject) -> Miss:
    items = cast("list[JsonObject]", request["input"])
    data = put(put(request, *_CALL, by=items[3]), *_RESULT, by=items[2])
    return Miss(data=data, path="$.input[2].call_id")


NEAR_RESPONSE_REQUEST = catalogue(
    *rows(
        __file__,
        plain=_PLAIN,
        continuing=_PLAIN.map(lambda request: {**request, "previous_response_id": "resp_1"}),
        tools=_TOOLS,
    ),
    _miss(
        "result-without-call",
        f"{_RULE}calls",
        "A result has no call.",
        at(_TOOLS.map(lambda request: Miss(data=dropped(request, *_CALL), path="$")), "input", 2, "call_id"),
    ),
    _miss(
        "call-without-result",
        f"{_RULE}calls",
        "A call has no result.",
        at(_TOOLS.map(lambda request: Miss(data=dropped(request, *_RESULT), path="$")), *_CALL, "call_id"),
    ),
    _miss(
        "result-before-call",
        f"{_RULE}calls",
        "A result comes before its call.",
        _TOOLS.map(_swapped),
    ),
    _miss("assistant-input", f"{_RULE}parts", "The assistant says an input.", _PLAIN.map(_told)),
    _miss("model-as-list", _TYPE, "The model is a list.", altered(_PLAIN, "model", by=lambda name: [name])),
)
