"""Near misses of responses: the resource, its items and their parts.

Where servers are named, they were recorded with the defect; the others are what gateways and mocks get wrong.
"""

from functools import partial
from typing import cast

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near_miss import Miss, altered, catalogue, defect, put, replaced, without
from chatproof.strategies.responses import calling_responses, plain_responses
from chatproof.strategies.wrong import NOT_A_LIST, NOT_A_NUMBER, NOT_AN_OBJECT, NOT_TEXT, NULL, one_more
from chatschema import JsonObject, JsonValue, Kind, Level

__all__ = ["NEAR_RESPONSE"]

_PLAIN = plain_responses()
_CALLING = calling_responses()
_ITEM = ("output", 0)
_PART = (*_ITEM, "content", 0)
_CALL = ("output", 1)
_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"
_ITEMS, _STATUS, _USAGE = "responses.json.items", "responses.json.status", "responses.json.usage"

_OBJECTS = st.sampled_from(("chat.completion", "realtime.response", "", None))
_STATUSES: SearchStrategy[JsonValue] = st.sampled_from(("complete", "done", "requires_action", "", 0))
_ROLES = st.sampled_from(("user", "model", "ai", "", None))

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
    # the resource
    _miss("no-id", _MISSING, "The response has no id.", without(_PLAIN, "id")),
    _miss("empty-id", _VALUE, "The id is empty.", replaced(_PLAIN, "id", by=st.just(""))),
    _miss("no-object", _MISSING, "Nothing says what it is.", without(_PLAIN, "object")),
    _miss("wrong-object", _VALUE, "`object` is another's.", replaced(_PLAIN, "object", by=_OBJECTS)),
    _miss("no-created", _MISSING, "The response has no time.", without(_PLAIN, "created_at")),
    _miss("created-as-text", _TYPE, "The time is text.", altered(_PLAIN, "created_at", by=str)),
    _miss(
        "created-no-number",
        _TYPE,
        "The time is null or a list.",
        replaced(_PLAIN, "created_at", by=NOT_A_NUMBER | NULL),
    ),
    _miss("no-model", _MISSING, "The response does not name its model.", without(_PLAIN, "model")),
    _miss("status-unknown", _VALUE, "The status is none.", replaced(_PLAIN, "status", by=_STATUSES)),
    _miss("no-output", _MISSING, "The response has no output.", without(_PLAIN, "output")),
    _miss(
        "output-no-list",
        _TYPE,
        "The output is null, a text or an object.",
        replaced(_PLAIN, "output", by=NOT_A_LIST | NULL),
    ),
    _miss("completed-with-error", _STATUS, "A completed response has an error.", _PLAIN.map(_failed)),
    _miss("completed-and-cut-off", _STATUS, "A completed response was cut off.", _PLAIN.map(_cut)),
    _miss(
        "failed-without-error",
        _STATUS,
        "A failed response does not say why.",
        _PLAIN.map(lambda response: Miss(data={**response, "status": "failed"}, path="$.error")),
        Level.SHOULD,
    ),
    # usage
    _miss(
        "wrong-sum",
        _USAGE,
        "The total is not the sum.",
        altered(_PLAIN, "usage", "total_tokens", by=one_more),
    ),
    _miss(
        "no-usage", _USAGE, "The response does not say what it cost.", without(_PLAIN, "usage"), Level.SHOULD
    ),
    _miss(
        "negative-tokens",
        _VALUE,
        "A count is below zero.",
        replaced(_PLAIN, "usage", "output_tokens", by=st.integers(-1000, -1)),
    ),
    _miss("no-total", _MISSING, "The total is missing.", without(_PLAIN, "usage", "total_tokens")),
    # items
    _miss("item-no-object", _TYPE, "An item is text.", replaced(_PLAIN, *_ITEM, by=NOT_AN_OBJECT)),
    _miss("item-without-type", _MISSING, "Nothing says what an item is.", without(_PLAIN, *_ITEM, "type")),
    _miss("message-without-id", _MISSING, "A message has no id.", without(_PLAIN, *_ITEM, "id")),
    _miss("message-without-role", _MISSING, "A message has no role.", without(_PLAIN, *_ITEM, "role")),
    _miss("wrong-role", _VALUE, "The role is not assistant.", replaced(_PLAIN, *_ITEM, "role", by=_ROLES)),
    _miss(
        "content-as-text",
        _TYPE,
        "The content is text, as in a chat completion.",
        replaced(_PLAIN, *_ITEM, "content", by=NOT_A_LIST | NULL),
    ),
    _miss("part-without-type", _MISSING, "Nothing says what a part is.", without(_PLAIN, *_PART, "type")),
    _miss("part-without-text", _MISSING, "A text part has no text.", without(_PLAIN, *_PART, "text")),
    _miss("text-no-text", _TYPE, "The text is none.", replaced(_PLAIN, *_PART, "text", by=NOT_TEXT | NULL)),
    _miss(
        "no-annotations",
        _MISSING,
        "A text part has no list of annotations (llama.cpp, in streams).",
        without(_PLAIN, *_PART, "annotations"),
    ),
    _miss("call-without-id", _ITEMS, "A call has no id.", without(_CALLING, *_CALL, "id")),
    _miss("no-call-id", _MISSING, "A call has no call_id.", without(_CALLING, *_CALL, "call_id")),
    _miss("call-without-name", _MISSING, "A call names no function.", without(_CALLING, *_CALL, "name")),
    _miss(
        "arguments-as-object",
        _TYPE,
        "The arguments are an object, not JSON text.",
        replaced(_CALLING, *_CALL, "arguments", by=st.just({"city": "Oslo"})),
    ),
    _miss(
        "same-call-id",
        _ITEMS,
        "Two calls have the same call_id.",
        _CALLING.map(_same_call),
    ),
    _miss("no-summary", _MISSING, "A thought has no summary.", without(_CALLING, *_ITEM, "summary")),
    _miss(
        "unknown-item",
        "responses.unknown-type",
        "An item has a type that nobody knows (xAI: `x_search_call`).",
        replaced(_CALLING, *_ITEM, "type", by=st.sampled_from(("x_search_call", "thought", "tool"))),
        Level.SHOULD,
    ),
)
