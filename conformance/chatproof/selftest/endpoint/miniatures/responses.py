"""Miniatures that are broken in Open Responses."""

import json

from chatfake import Answer, Request
from chatproof.selftest.endpoint.miniatures.registry import broken
from chatproof.selftest.endpoint.miniatures.routes import answers_at, chunks_at, is_at, requests_at
from chatproof.selftest.endpoint.wrapping import (
    CRASH,
    Handler,
    Object,
    as_json,
    is_stream,
    where,
    with_body,
    with_type,
)

_PATH = "/responses"
_REFUSED = as_json(
    400, {"error": {"message": "no", "type": "invalid_request_error", "param": "input", "code": None}}
)


class _Asked:
    """Does the input have an item with these members?"""

    def __init__(self, members: dict[str, str]) -> None:
        self._members = members

    def __call__(self, body: Object) -> bool:
        if not isinstance(body.get("input"), list):
            return False
        items: list[Object] = body["input"]
        return any(self._members.items() <= item.items() for item in items)


def _has(kind: str, **members: str) -> _Asked:
    return _Asked({"type": kind, **members})


def _calls(value: Object) -> list[Object]:
    return [item for item in value["output"] if item["type"] == "function_call"]


def _without_call_id(value: Object) -> None:
    for call in _calls(value):
        del call["call_id"]


def _renamed(value: Object) -> None:
    for call in _calls(value):
        call["name"] = "another"


def _without_calls(found: list[Object]) -> list[Object]:
    """The stream of a reply in words, in the place of a call."""
    response = found[-1]["response"]
    return [found[0], found[1], {**found[-1], "sequence_number": 2, "response": {**response, "output": []}}]


def _without_texts(found: list[Object]) -> list[Object]:
    return _numbered([event for event in found if not event["type"].endswith("_text.delta")])


def _numbered(found: list[Object]) -> list[Object]:
    for number, event in enumerate(found):
        event["sequence_number"] = number
    return found


def _in_steps_of_two(found: list[Object]) -> list[Object]:
    for event in found:
        event["sequence_number"] *= 2
    return found


def _unnumbered(found: list[Object]) -> list[Object]:
    for event in found:
        del event["sequence_number"]
    return found


def _last_message(body: Object) -> None:
    if isinstance(body.get("input"), list) and "tools" not in body:
        body["input"] = body["input"][-1:]


def _always_streaming(handler: Handler) -> Handler:
    """Transformers: a stream, whether one is asked for or not."""
    return requests_at(_PATH, lambda body: body.update(stream=True))(handler)


def _keeping(handler: Handler) -> Handler:
    """Each answer can be fetched again, whatever `store` says."""
    kept: dict[str, bytes] = {}

    def wrapped(request: Request) -> Answer:
        name = request.path.rpartition("/")[2]
        if request.method == "GET" and name in kept:
            return as_json(200, json.loads(kept[name]))
        answer = handler(request)
        if is_at(_PATH)(request) and answer.status == 200 and not is_stream(answer):
            kept[json.loads(answer.body)["id"]] = answer.body
        return answer

    return wrapped


def _streaming_errors(handler: Handler) -> Handler:
    """A refusal becomes a stream that fails, under 200."""

    def wrapped(request: Request) -> Answer:
        answer = handler(request)
        if answer.status != 400 or not is_at(_PATH, lambda body: body.get("stream") is True)(request):
            return answer
        event = {"type": "error", "sequence_number": 0, "code": None, "param": None}
        event["message"] = json.loads(answer.body)["error"]["message"]
        body = f"event: error\ndata: {json.dumps(event)}\n\n".encode()
        made = with_type(with_body(answer, body), "text/event-stream")
        return Answer(status=200, headers=made.headers, steps=made.steps)

    return wrapped


broken(
    "response-is-a-chat",
    "responses.json.shape",
    answers_at(_PATH, lambda v: v.update(object="chat.completion")),
)
broken("response-does-not-add-up", "responses.json.shape", answers_at(
    _PATH, lambda v: v["usage"].update(total_tokens=1)
))  # fmt: skip
broken("response-streams-unasked", "responses.json.shape", _always_streaming)
broken("response-stream-never-ends", "responses.sse.events", chunks_at(_PATH, lambda found: found[:-1]))
broken("response-stream-without-pieces", "responses.sse.events", chunks_at(_PATH, _without_texts))
broken("response-events-skip-numbers", "responses.sequence-numbers", chunks_at(_PATH, _in_steps_of_two))
broken("response-events-have-no-numbers", "responses.sequence-numbers", chunks_at(_PATH, _unnumbered))
broken("response-items-are-refused", "responses.multi-turn", where(
    is_at(_PATH, _has("message", role="assistant")), _REFUSED
))  # fmt: skip
broken("response-reads-the-last-message", "responses.history-grows", requests_at(_PATH, _last_message))
broken("response-is-kept", "responses.store-false-is-not-stored", _keeping)
broken("response-call-without-id", "responses.tools", answers_at(_PATH, _without_call_id))
broken("response-calls-another-tool", "responses.tools", answers_at(_PATH, _renamed))
broken("response-call-is-not-streamed", "responses.tools", chunks_at(
    _PATH, _without_calls, lambda body: "tools" in body
))  # fmt: skip
broken("response-results-are-refused", "responses.tools", where(
    is_at(_PATH, _has("function_call_output")), _REFUSED
))  # fmt: skip
broken("response-errors-are-crashes", "responses.errors", where(
    is_at(_PATH, lambda body: isinstance(body.get("input"), int)), CRASH
))  # fmt: skip
broken("response-errors-are-streams", "responses.errors", _streaming_errors)
