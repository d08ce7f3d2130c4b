"""Near misses of the messages of a request: roles, content, parts, calls and their results."""

from functools import partial
from typing import cast

from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.near_miss import Miss, at, catalogue, defect, dropped, put
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.requests import media_requests, plain_chat_requests, tool_round_requests
from chatschema import JsonObject, JsonValue, Kind

__all__ = ["NEAR_MESSAGES"]

_PLAIN, _MEDIA, _ROUND = plain_chat_requests(), media_requests(), tool_round_requests()
_CALLING, _RESULT = ("messages", 1), ("messages", 2)
_CALL = (*_CALLING, "tool_calls", 0)
_MISSING, _TYPE, _VALUE, _RULE = "shape.missing", "shape.type", "shape.value", "chat.request."

_miss = partial(defect, Kind.CHAT_REQUEST)


def _said(request: JsonObject, *messages: JsonValue) -> JsonObject:
    return {**request, "messages": [*messages]}


def _messages(request: JsonObject) -> list[JsonValue]:
    return cast("list[JsonValue]", request["messages"])


def _only(*places: int) -> SearchStrategy[JsonObject]:
    """A round of tools with these of its messages alone."""
    return _ROUND.map(lambda request: _said(request, *[_messages(request)[place] for place in places]))


def _broken(requests: SearchStrategy[JsonObject], *path: str | int) -> SearchStrategy[Miss]:
    return at(requests.map(lambda request: Miss(data=request, path="$")), *path)


def _another_result(request: JsonObject) -> JsonObject:
    asked, called, result, again = _messages(request)
    other = put(result, "tool_call_id", by="call_of_nobody")
    return _said(request, asked, called, result, other, again)


NEAR_MESSAGES = catalogue(
    *rows(__file__, plain=_PLAIN, media=_MEDIA, round=_ROUND),
    _miss(
        "call-without-id",
        _MISSING,
        "A call has no id.",
        at(
            _only(0, 1).map(lambda request: Miss(data=dropped(request, *_CALL, "id"), path="$")), *_CALL, "id"
        ),
    ),
    _miss(
        "result-of-nothing",
        f"{_RULE}tool-result",
        "A result follows on no call.",
        _broken(_only(0, 2, 3), "messages", 1, "role"),
    ),
    _miss(
        "result-too-late",
        f"{_RULE}tool-result",
        "A result is said again when the conversation has gone on.",
        _broken(_only(0, 1, 2, 3, 2), "messages", 4, "role"),
    ),
    _miss(
        "result-of-another-call",
        f"{_RULE}tool-result",
        "A result answers a call that there is not.",
        _broken(_ROUND.map(_another_result), "messages", 3, "tool_call_id"),
    ),
    _miss(
        "result-without-id",
        _MISSING,
        "A result does not say which call it answers.",
        _broken(
            _ROUND.map(
                lambda request: _said(
                    request, *_messages(request)[:3], dropped(_messages(request)[2], "tool_call_id")
                )
            ),
            "messages",
            3,
            "tool_call_id",
        ),
    ),
    _miss(
        "call-unanswered",
        f"{_RULE}unanswered-call",
        "The conversation goes on without a result.",
        _broken(_only(0, 1, 3), *_CALL),
    ),
    _miss(
        "call-unanswered-at-the-end",
        f"{_RULE}unanswered-call",
        "The conversation ends with a call.",
        _broken(_only(0, 1), *_CALL),
    ),
)
