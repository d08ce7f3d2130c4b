"""Dicts to bytes: a JSON body, or server-sent events, one write each."""

from collections.abc import Iterable

from chatfake.jsontext import JsonValue, dump, encode
from chatfake.refusal import Refusal
from chatfake.wire import Answer, Headers, Send

JSON_TYPE = "application/json"
SSE_TYPE = "text/event-stream; charset=utf-8"
DONE = Send(b"data: [DONE]\n\n")


def json_answer(payload: JsonValue, status: int = 200, headers: Headers = ()) -> Answer:
    """One JSON body under its content length."""
    body = encode(dump(payload))
    head = (("content-type", JSON_TYPE), ("content-length", str(len(body))))
    return Answer(status=status, headers=(*head, *headers), steps=(Send(body),))


def sse_answer(payloads: Iterable[JsonValue], headers: Headers = ()) -> Answer:
    """One event a payload, then `[DONE]`."""
    events = tuple(Send(encode(f"data: {dump(payload)}\n\n")) for payload in payloads)
    head = (("content-type", SSE_TYPE), ("cache-control", "no-cache"))
    return Answer(status=200, headers=(*head, *headers), steps=(*events, DONE))


def refusal_answer(refusal: Refusal, headers: Headers = ()) -> Answer:
    """An error as a plain JSON answer, for streams too."""
    return json_answer(refusal.payload, refusal.status, headers)


def empty_answer(status: int, headers: Headers = ()) -> Answer:
    """A head without a body."""
    return Answer(status=status, headers=headers)
