"""Near misses of requests for a chat: the body, and how to sample and to send."""

import json
from functools import partial

from hypothesis import strategies as st

from chatproof.strategies.near.near_miss import Miss, catalogue, defect
from chatproof.strategies.near.requests.option import OPEN, with_members
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.requests import chat_requests, plain_chat_requests
from chatschema import Kind

__all__ = ["NEAR_CHAT_REQUEST"]

_ANY, _PLAIN = chat_requests(), plain_chat_requests()
_MISSING, _TYPE, _VALUE, _BODY = "shape.missing", "shape.type", "shape.value", "shape.json"
_RULE = "chat.request."

_miss = partial(defect, Kind.CHAT_REQUEST)

NEAR_CHAT_REQUEST = catalogue(
    *rows(__file__, plain=_PLAIN, any=_ANY, open=OPEN),
    _miss(
        "cut-off",
        _BODY,
        "The body ends early.",
        _PLAIN.map(lambda request: Miss(data=json.dumps(request)[:-1].encode(), path="$")),
    ),
    _miss("empty-body", _BODY, "There is no body.", st.just(Miss(data=b"", path="$"))),
    _miss(
        "in-a-list",
        _TYPE,
        "The body is a list with the request in it.",
        _PLAIN.map(lambda request: Miss(data=[request], path="$")),
    ),
    _miss(
        "options-without-stream",
        f"{_RULE}stream-options",
        "There are stream_options, and no stream.",
        with_members({"stream": False, "stream_options": {"include_usage": True}}, "stream_options"),
    ),
    _miss(
        "include-usage-as-text",
        _TYPE,
        "`include_usage` is text.",
        with_members(
            {"stream": True, "stream_options": {"include_usage": "yes"}}, "stream_options", "include_usage"
        ),
    ),
    _miss(
        "rivals-without-logprobs",
        f"{_RULE}top-logprobs",
        "top_logprobs are asked for, and logprobs are not.",
        with_members({"top_logprobs": 2}, "top_logprobs"),
    ),
    _miss(
        "too-many-rivals",
        _VALUE,
        "There are more than 20 top_logprobs.",
        with_members({"logprobs": True, "top_logprobs": 50}, "top_logprobs"),
    ),
    _miss(
        "two-limits",
        f"{_RULE}limits",
        "The limit stands there under both of its names.",
        with_members({"max_tokens": 3, "max_completion_tokens": 3}, "max_tokens"),
    ),
)
