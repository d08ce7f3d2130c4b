"""Near misses of requests to be answered: what OpenAI refuses."""

from functools import partial
from typing import cast

from hypothesis import strategies as st

from chatproof.strategies.near_miss import (
    Miss,
    altered,
    at,
    catalogue,
    defect,
    dropped,
    put,
    replaced,
    without,
)
from chatproof.strategies.response_requests import plain_requests, tool_requests
from chatproof.strategies.wrong import NOT_A_NUMBER, NOT_TEXT, NULL
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
    _miss("asks-nothing", f"{_RULE}input", "The request has no input.", without(_PLAIN, "input")),
    _miss("input-null", f"{_RULE}input", "The input is null.", replaced(_PLAIN, "input", by=NULL)),
    _miss(
        "input-no-text",
        _TYPE,
        "The input is a number or an object.",
        replaced(_PLAIN, "input", by=st.sampled_from((0, True, {}, {"role": "user", "content": "Hi"}))),
    ),
    _miss("no-model", f"{_RULE}model", "The request names no model.", without(_PLAIN, "model")),
    _miss("empty-model", _VALUE, "The model's name is empty.", replaced(_PLAIN, "model", by=st.just(""))),
    _miss(
        "two-pasts",
        f"{_RULE}past",
        "The request goes on after a response and in a conversation.",
        replaced(
            _PLAIN.map(lambda request: {**request, "previous_response_id": "resp_1"}),
            "conversation",
            by=st.just("conv_1"),
        ),
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
    _miss("no-call-id", _MISSING, "A result names no call.", without(_TOOLS, "input", 5, "call_id")),
    _miss(
        "user-output",
        f"{_RULE}parts",
        "The user says an output.",
        replaced(_PLAIN, *_USER, "content", 0, "type", by=st.just("output_text")),
    ),
    _miss("assistant-input", f"{_RULE}parts", "The assistant says an input.", _PLAIN.map(_told)),
    _miss(
        "chat-part",
        _MISSING,
        "A part has no type.",
        without(_PLAIN, *_USER, "content", 0, "type"),
    ),
    _miss(
        "wrong-role",
        _VALUE,
        "Nobody has this role; `tool` is a chat completion's.",
        replaced(_PLAIN, *_USER, "role", by=st.sampled_from(("tool", "function", "bot", "", 0))),
    ),
    _miss("content-null", _TYPE, "A message has null content.", replaced(_PLAIN, *_USER, "content", by=NULL)),
    _miss("no-content", _MISSING, "A message has no content.", without(_PLAIN, *_USER, "content")),
    _miss(
        "unknown-choice",
        f"{_RULE}tool-choice",
        "The tool to be called is not given.",
        replaced(_TOOLS, "tool_choice", "name", by=st.just("nothing")),
    ),
    _miss(
        "choice-unknown",
        _VALUE,
        "The choice of tools is none.",
        replaced(_TOOLS, "tool_choice", by=st.sampled_from(("any", "", "get_weather"))),
    ),
    _miss(
        "chat-tool",
        _MISSING,
        "A tool has its name inside, as in a chat completion's request.",
        at(
            replaced(
                _TOOLS, "tools", 0, by=st.just({"type": "function", "function": {"name": "get_weather"}})
            ),
            "tools",
            0,
            "name",
        ),
    ),
    _miss(
        "too-hot",
        _VALUE,
        "The temperature is out of range.",
        replaced(_PLAIN, "temperature", by=st.sampled_from((-0.1, 2.1, 100))),
    ),
    _miss(
        "temperature-as-text",
        _TYPE,
        "The temperature is text.",
        replaced(_PLAIN, "temperature", by=NOT_A_NUMBER),
    ),
    _miss("stream-as-text", _TYPE, "`stream` is text.", replaced(_PLAIN, "stream", by=st.just("true"))),
    _miss(
        "instructions-no-text", _TYPE, "Instructions are none.", replaced(_PLAIN, "instructions", by=NOT_TEXT)
    ),
    _miss("model-as-list", _TYPE, "The model is a list.", altered(_PLAIN, "model", by=lambda name: [name])),
)
