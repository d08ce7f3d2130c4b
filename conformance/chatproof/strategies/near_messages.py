"""Near misses of the messages of a request: roles, content, parts, calls and their results."""

from functools import partial
from typing import cast

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near_miss import Miss, added, at, catalogue, defect, dropped, put, replaced, without
from chatproof.strategies.requests import media_requests, plain_chat_requests, tool_round_requests
from chatproof.strategies.wrong import NOT_TEXT, NULL
from chatschema import JsonObject, JsonValue, Kind

__all__ = ["NEAR_MESSAGES"]

_PLAIN, _MEDIA, _ROUND = plain_chat_requests(), media_requests(), tool_round_requests()
_SYSTEM, _USER = ("messages", 0), ("messages", 1)
_CALLING, _RESULT = ("messages", 1), ("messages", 2)
_CALL = (*_CALLING, "tool_calls", 0)
_MISSING, _TYPE, _VALUE, _RULE = "shape.missing", "shape.type", "shape.value", "chat.request."
_IMAGE: JsonValue = [{"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}]

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
    # roles
    _miss("no-role", _MISSING, "A message has no role.", without(_PLAIN, *_USER, "role")),
    _miss(
        "role-unknown",
        _VALUE,
        "The role is unknown.",
        replaced(_PLAIN, *_USER, "role", by=st.sampled_from(("bot", "human", "model", "", "User"))),
    ),
    _miss(
        "role-no-text", _VALUE, "The role is a number.", replaced(_PLAIN, *_USER, "role", by=NOT_TEXT | NULL)
    ),
    # content
    _miss("no-content", _MISSING, "A user's message has no content.", without(_PLAIN, *_USER, "content")),
    _miss(
        "content-no-text",
        _TYPE,
        "The content is a number, null or an object.",
        replaced(_PLAIN, *_USER, "content", by=st.sampled_from((3, None, True, {"text": "hi"}))),
    ),
    _miss(
        "content-empty",
        _VALUE,
        "The content has no part.",
        replaced(_PLAIN, *_USER, "content", by=st.just([])),
    ),
    _miss(
        "part-as-text",
        _TYPE,
        "A part is its text.",
        at(replaced(_PLAIN, *_USER, "content", by=st.just(["hi"])), *_USER, "content", 0),
    ),
    _miss(
        "part-untyped",
        _MISSING,
        "A part says no type (langchain, of lists that are results).",
        at(replaced(_PLAIN, *_USER, "content", by=st.just([{"text": "hi"}])), *_USER, "content", 0, "type"),
    ),
    _miss(
        "part-unknown",
        _VALUE,
        "A part is another server's (OpenRouter: video_url).",
        replaced(_MEDIA, *_SYSTEM, "content", 0, "type", by=st.sampled_from(("video_url", "input_text", ""))),
    ),
    _miss(
        "part-without-text",
        _MISSING,
        "A text part has no text.",
        without(_MEDIA, *_SYSTEM, "content", 0, "text"),
    ),
    _miss(
        "image-as-text",
        _TYPE,
        "An image is its address (Mistral; OpenAI in 2023).",
        replaced(_MEDIA, *_SYSTEM, "content", 1, "image_url", by=st.just("https://example.org/a.png")),
    ),
    _miss(
        "image-without-url",
        _MISSING,
        "An image has no address.",
        without(_MEDIA, *_SYSTEM, "content", 1, "image_url", "url"),
    ),
    _miss(
        "sound-unknown",
        _VALUE,
        "A sound is written in another way.",
        replaced(_MEDIA, *_SYSTEM, "content", 2, "input_audio", "format", by=st.just("ogg")),
    ),
    _miss(
        "image-of-the-system",
        _VALUE,
        "A system message shows an image.",
        at(replaced(_PLAIN, *_SYSTEM, "content", by=st.just(_IMAGE)), *_SYSTEM, "content", 0, "type"),
    ),
    _miss(
        "image-of-a-tool",
        _VALUE,
        "A tool shows an image.",
        at(replaced(_ROUND, *_RESULT, "content", by=st.just(_IMAGE)), *_RESULT, "content", 0, "type"),
    ),
    _miss(
        "name-with-a-blank",
        _VALUE,
        "A name has a blank in it.",
        added(_PLAIN, *_USER, "name", by=st.sampled_from(("Ada L", "<ada>", "", "a|b"))),
    ),
    _miss(
        "assistant-says-nothing",
        f"{_RULE}content",
        "A message of the assistant has neither content nor a call.",
        at(
            replaced(
                _PLAIN,
                *_USER,
                by=st.sampled_from(({"role": "assistant"}, {"role": "assistant", "content": None})),
            ),
            *_USER,
            "content",
        ),
    ),
    _miss(
        "nameless-function",
        _MISSING,
        "A function's result does not say whose it is.",
        at(replaced(_PLAIN, *_USER, by=st.just({"role": "function", "content": "1"})), *_USER, "name"),
    ),
    # calls
    _miss(
        "calls-empty",
        _VALUE,
        "The list of calls is empty (openai-node, once).",
        at(
            replaced(_PLAIN, *_USER, by=st.just({"role": "assistant", "content": "Hi", "tool_calls": []})),
            *_USER,
            "tool_calls",
        ),
    ),
    _miss(
        "call-without-id",
        _MISSING,
        "A call has no id.",
        at(
            _only(0, 1).map(lambda request: Miss(data=dropped(request, *_CALL, "id"), path="$")), *_CALL, "id"
        ),
    ),
    _miss("call-untyped", _MISSING, "A call says no type (Mistral).", without(_ROUND, *_CALL, "type")),
    _miss(
        "arguments-as-object",
        _TYPE,
        "The arguments are an object, as Ollama's own are.",
        replaced(_ROUND, *_CALL, "function", "arguments", by=st.just({"city": "Oslo"})),
    ),
    # results
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
