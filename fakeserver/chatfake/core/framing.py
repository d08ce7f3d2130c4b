"""Dicts to bytes: a JSON body, or server-sent events, one write each."""

from chatfake.core.api_error import ApiError
from chatfake.core.http import Answer, Headers, Send
from chatfake.core.json_text import JsonValue, dump, encode

JSON_TYPE = "application/json"
SSE_TYPE = "text/event-stream; charset=utf-8"
DONE = Send(b"data: [DONE]\n\n")


def body_answer(body: bytes, content_type: str, status: int = 200, headers: Headers = ()) -> Answer:
    """One body under its content length."""
    head = (("content-type", content_type), ("content-length", str(len(body))))
    return Answer(status=status, headers=(*head, *headers), steps=(Send(body),))


def json_answer(payload: JsonValue, status: int = 200, headers: Headers = ()) -> Answer:
    """One JSON body."""
    return body_answer(encode(dump(payload)), JSON_TYPE, status, headers)


def event(text: str) -> Send:
    """One server-sent event."""
    return Send(encode(f"data: {text}\n\n"))


def named_event(name: str, text: str) -> Send:
    """One server-sent event with its name; without a name as any other."""
    return Send(encode(f"event: {name}\ndata: {text}\n\n")) if name else event(text)


def refusal_answer(refusal: ApiError, headers: Headers = ()) -> Answer:
    """An error as a plain JSON answer, for streams too."""
    return json_answer(refusal.payload, refusal.status, headers)


def empty_answer(status: int, headers: Headers = ()) -> Answer:
    """A head without a body."""
    return Answer(status=status, headers=headers)
