"""Near misses of requests for a chat: the body, how to sample and to send, how the answer has to look, the messages,
the tools and the choice among them.
"""

import json
from typing import cast

from hypothesis import strategies as st

from chatproof.strategies.near.near_miss import catalogue, dropped, put
from chatproof.strategies.near.rows import Change, rows
from chatproof.strategies.valid.requests import (
    FUNCTION,
    chat_requests,
    function_requests,
    media_requests,
    plain_chat_requests,
    tool_round_requests,
)
from chatschema import JsonObject, JsonValue

__all__ = ["NEAR_CHAT_REQUEST"]

_LIMITS = ("max_tokens", "max_completion_tokens")
_UNSAID: JsonObject = {"model": "tiny", "messages": [{"role": "user", "content": "Hi"}]}
_PLAIN, _ROUND = plain_chat_requests(), tool_round_requests()


def _said(request: JsonObject, *messages: JsonValue) -> JsonObject:
    return {**request, "messages": [*messages]}


def _only(request: JsonObject, *places: int) -> JsonObject:
    """A round of tools with these of its messages alone."""
    messages = cast("list[JsonValue]", request["messages"])
    return _said(request, *[messages[place] for place in places])


def _another_result(request: JsonObject) -> JsonObject:
    asked, called, result, again = cast("list[JsonValue]", request["messages"])
    return _said(request, asked, called, result, put(result, "tool_call_id", by="call_of_nobody"), again)


_CHANGES: dict[str, Change] = {
    "cut": lambda request: json.dumps(request)[:-1].encode(),
    "nothing": lambda _request: b"",
    "without-call": lambda request: _only(request, 0, 2, 3),
    "without-result": lambda request: _only(request, 0, 1, 3),
    "result-again": lambda request: _only(request, 0, 1, 2, 3, 2),
    "another-result": _another_result,
    "nameless-result": lambda request: dropped(_only(request, 0, 1, 2, 2), "messages", 3, "tool_call_id"),
    "too-many": st.sampled_from(([*([FUNCTION] * 129)],)),
}

NEAR_CHAT_REQUEST = catalogue(
    *rows(
        __file__,
        _CHANGES,
        plain=_PLAIN,
        any=chat_requests(),
        # without a limit, so that each of its names can be tried
        open=_PLAIN.map(
            lambda request: {name: item for name, item in request.items() if name not in _LIMITS}
        ),
        unsaid=st.just(_UNSAID),
        media=media_requests(),
        round=_ROUND,
        call=_ROUND.map(lambda request: _only(request, 0, 1)),
        tooled=_PLAIN.map(lambda request: put(request, "tools", by=[FUNCTION])),
        older=function_requests(),
    )
)
