"""How a handler is wrapped, so that it counts or says something else than it should."""

import json
from collections.abc import Callable

from chatfake import Answer, Request
from chatproof.selftest.endpoint.wrapping import (
    Handler,
    Object,
    Wrapper,
    asked,
    completions,
    delta_of,
    each_chunk,
    is_chat,
    is_stream,
    message_of,
)

__all__ = ["REFUSED", "counting", "saying"]

REFUSED: Object = {
    "error": {"message": "refused", "type": "invalid_request_error", "param": None, "code": None}
}


def counting(count: Callable[[Object, int], int]) -> Wrapper:
    """Count prompt tokens in a way of one's own, from the request and what is right."""

    def recount(body: Object, value: Object) -> None:
        usage = value.get("usage")
        if usage:
            usage["prompt_tokens"] = count(body, usage["prompt_tokens"])
            usage["total_tokens"] = usage["prompt_tokens"] + usage["completion_tokens"]

    return _changed(lambda body, answer: _each(answer, lambda value: recount(body, value)))


def saying(say: Callable[[Object, str], str]) -> Wrapper:
    """Say another text, from the request and what is right. What is counted stays right."""

    def change(body: Object, answer: Answer) -> Answer:
        own = _text(answer)
        other = say(body, own) if own else own
        return answer if other == own else _each(answer, _rewrite(other))

    return _changed(change)


def _changed(change: Callable[[Object, Answer], Answer]) -> Wrapper:
    def make(handler: Handler) -> Handler:
        def wrapped(request: Request) -> Answer:
            answer = handler(request)
            fits = is_chat(request) and answer.status == 200
            return change(asked(request), answer) if fits else answer

        return wrapped

    return make


_NO_REQUEST = Request(method="POST", path="/v1/chat/completions", headers=(), body=b"{}")


def _each(answer: Answer, change: Callable[[Object], object]) -> Answer:
    """The answer with its completion changed in place, or each of its chunks."""
    wrapper = each_chunk(lambda _, chunk: change(chunk)) if is_stream(answer) else completions(change)
    return wrapper(lambda _: answer)(_NO_REQUEST)


def _text(answer: Answer) -> str:
    if not is_stream(answer):
        return message_of(json.loads(answer.body)).get("content") or ""
    events = [event.removeprefix(b"data: ") for event in answer.body.split(b"\n\n") if event]
    chunks = [json.loads(event) for event in events if event != b"[DONE]"]
    return "".join(delta_of(chunk).get("content") or "" for chunk in chunks)


def _rewrite(text: str) -> Callable[[Object], None]:
    """Set the text of a message; that of a stream goes into the first delta that has any."""
    left = [text]

    def change(value: Object) -> None:
        if not value.get("choices"):
            return
        holder = delta_of(value) if "delta" in value["choices"][0] else message_of(value)
        if holder.get("content"):
            holder["content"] = left.pop() if left else ""

    return change
