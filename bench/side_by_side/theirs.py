"""The other way round: the fake, broken in each thing that one of the other tools looks at, read from its sources."""

import json
from collections.abc import Callable

from chatfake import Answer, Request
from chatproof.selftest.endpoint.miniatures import on_200
from chatproof.selftest.endpoint.miniatures.registry import itself, setting, without
from chatproof.selftest.endpoint.miniatures.routes import answers_at, chunks_at
from chatproof.selftest.endpoint.wrapping import (
    Handler,
    Object,
    Wrapper,
    as_json,
    asked,
    choice_of,
    completions,
    delta_of,
    each_chunk,
    is_chat,
    is_stream,
    message_of,
    streams,
    where,
    with_body,
    with_type,
)

__all__ = ["THEIRS"]

_RESPONSES = "/responses"
_REFUSED = as_json(
    400, {"error": {"message": "no", "type": "invalid_request_error", "param": None, "code": None}}
)


def _models(change: Callable[[Object], object]) -> Wrapper:
    def make(handler: Handler) -> Handler:
        def wrapped(request: Request) -> Answer:
            answer = handler(request)
            if request.method != "GET" or not request.path.endswith("/models"):
                return answer
            value = json.loads(answer.body)
            change(value)
            return with_body(answer, json.dumps(value).encode())

        return wrapped

    return make


def _completions(change: Callable[[Object], object]) -> Wrapper:
    """Change each completion in place."""

    def in_place(value: Object) -> None:
        change(value)

    return completions(in_place)


def _calls(change: Callable[[Object], object]) -> Wrapper:
    """Change each call in a completion."""
    return _completions(lambda value: [change(call) for call in message_of(value).get("tool_calls") or ()])


def _function(name: str, value: object) -> Wrapper:
    return _calls(lambda call: call["function"].update({name: value}))


def _with_calls(change: Callable[[Object], object]) -> Wrapper:
    """Change each completion that calls."""
    return _completions(lambda value: message_of(value).get("tool_calls") and change(value))


def _structured(content: Callable[[str], str]) -> Wrapper:
    """Answer with another text where a schema is asked for."""

    def make(handler: Handler) -> Handler:
        def wrapped(request: Request) -> Answer:
            answer = handler(request)
            if not is_chat(request) or answer.status != 200 or is_stream(answer):
                return answer
            if "json_schema" not in str(asked(request).get("response_format")):
                return answer
            value = json.loads(answer.body)
            message_of(value)["content"] = content(message_of(value)["content"])
            return with_body(answer, json.dumps(value).encode())

        return wrapped

    return make


def _more(text: str) -> str:
    return json.dumps({**json.loads(text), "more": 1})


def _enlarged(text: str) -> str:
    return json.dumps({key: {"unexpected": True} for key in json.loads(text)})


def _part(value: Object) -> None:
    message_of(value)["content"] = [{"type": "text", "text": message_of(value)["content"]}]


def _mute(_: int, chunk: Object) -> None:
    delta_of(chunk).pop("content", None)


def _endless(_: int, chunk: Object) -> None:
    for choice in chunk["choices"]:
        choice["finish_reason"] = None


def _uncounted(_: int, chunk: Object) -> None:
    chunk.pop("usage", None)


def _has_image(request: Request) -> bool:
    return request.method == "POST" and b"data:image/" in request.body


def _has_no_model(request: Request) -> bool:
    return is_chat(request) and "model" not in asked(request)


def _first_item(**members: object) -> Callable[[Object], None]:
    return lambda value: value["output"][0].update(members)


def _says(text: str) -> Callable[[Request], bool]:
    return lambda request: request.path.endswith(_RESPONSES) and text.encode() in request.body


def _no_call(value: Object) -> None:
    value["output"] = [item for item in value["output"] if item["type"] != "function_call"]


def _lacks(kind: str) -> Wrapper:
    """Streams without the events of a type."""
    return chunks_at(_RESPONSES, lambda found: [event for event in found if event["type"] != kind])


def _turned(found: list[Object]) -> list[Object]:
    return [found[1], found[0], *found[2:]]


def _backwards(found: list[Object]) -> list[Object]:
    for number, event in enumerate(reversed(found)):
        event["sequence_number"] = number
    return found


def _stream_as_json(handler: Handler) -> Handler:
    def wrapped(request: Request) -> Answer:
        answer = handler(request)
        at = request.path.endswith(_RESPONSES) and is_stream(answer)
        return with_type(answer, "application/json") if at else answer

    return wrapped


def _usage(**members: object) -> Callable[[Object], None]:
    return lambda value: value["usage"].update(members)


def _vectors(change: Callable[[Object], object]) -> Wrapper:
    return answers_at("/embeddings", change)


_CANARY: dict[str, Wrapper] = {
    "models-without-data": _models(setting(itself, data=None)),
    "another-object": _completions(setting(itself, object="text_completion")),
    "content-in-parts": _completions(_part),
    "stream-as-json": on_200(lambda _, answer: with_type(answer, "application/json"), stream=True),
    "another-chunk-object": each_chunk(lambda _, chunk: chunk.update(object="chat.completion")),
    "no-done": streams(lambda events: events[:-1]),
    "call-of-another-type": _calls(setting(itself, type="tool")),
    "another-function": _function("name", "another"),
    "arguments-torn": _function("arguments", '{"value": '),
    "arguments-of-another-type": _function("arguments", '{"value": 1, "city": 1, "location": 1}'),
    "no-json-for-a-schema": _structured(lambda _: "All is well."),
    "another-value-for-a-schema": _structured(_enlarged),
    "one-member-too-many-for-a-schema": _structured(_more),
    "response-of-another-object": answers_at(_RESPONSES, setting(itself, object="chat.completion")),
    "output-as-text": answers_at(_RESPONSES, setting(itself, output="Hello")),
    "no-output": answers_at(_RESPONSES, setting(itself, output=[])),
    "response-stream-as-json": _stream_as_json,
    "no-created-event": _lacks("response.created"),
    "no-completed-event": _lacks("response.completed"),
}

_COMPLY: dict[str, Wrapper] = {
    "no-id": _completions(without(itself, "id")),
    "no-choices": _completions(setting(itself, choices=[])),
    "role-user": _completions(lambda value: message_of(value).update(role="user")),
    "finish-reason-eos": _completions(lambda value: choice_of(value).update(finish_reason="eos")),
    "no-total": _completions(lambda value: value["usage"].pop("total_tokens")),
    "no-refusal-member": _completions(without(message_of, "refusal")),
    "no-annotations-member": _completions(without(message_of, "annotations")),
    "no-logprobs-member": _completions(without(choice_of, "logprobs")),
    "id-without-prefix": _completions(lambda value: value.update(id=value["id"].removeprefix("chatcmpl-"))),
    "no-calls": _with_calls(lambda value: message_of(value).pop("tool_calls")),
    "calls-end-with-stop": _with_calls(lambda value: choice_of(value).update(finish_reason="stop")),
    "no-text-in-streams": each_chunk(_mute),
    "no-end-in-streams": each_chunk(_endless),
    "no-usage-in-streams": each_chunk(_uncounted),
    "images-refused": where(_has_image, _REFUSED),
    "no-model-500": where(_has_no_model, as_json(500, {"error": {"message": "no"}})),
    "response-without-id": answers_at(_RESPONSES, without(itself, "id")),
    "response-is-done": answers_at(_RESPONSES, setting(itself, status="done")),
    "response-counts-no-output": answers_at(_RESPONSES, lambda value: value["usage"].pop("output_tokens")),
    "response-without-call": answers_at(_RESPONSES, _no_call),
    "response-without-tools": answers_at(_RESPONSES, without(itself, "tools")),
    "response-item-without-status": answers_at(
        _RESPONSES, lambda value: value["output"][0].pop("status", None)
    ),
    "created-event-late": chunks_at(_RESPONSES, _turned),
    "events-numbered-backwards": chunks_at(_RESPONSES, _backwards),
    "phases-refused": where(_says('"phase"'), _REFUSED),
    "developer-refused-in-responses": where(_says('"developer"'), _REFUSED),
}

_SDK: dict[str, Wrapper] = {
    "created-in-words": _completions(setting(itself, created="yesterday")),
    "index-null": _completions(lambda value: choice_of(value).update(index=None)),
    "total-in-words": _completions(_usage(total_tokens="many")),
    "arguments-as-object": _function("arguments", {"city": "Paris"}),
    "chunk-without-created": each_chunk(lambda _, chunk: chunk.pop("created")),
    "delta-null": each_chunk(lambda _, chunk: [choice.update(delta=None) for choice in chunk["choices"]]),
    "models-without-created": _models(lambda value: value["data"][0].pop("created")),
    "vectors-of-words": _vectors(lambda value: value["data"][0].update(embedding=["a", "b"])),
    "vectors-without-usage": _vectors(without(itself, "usage")),
    "text-null": answers_at(
        "/completions", lambda value: [c.update(text=None) for c in value["choices"] if "text" in c]
    ),
    "response-without-time": answers_at(_RESPONSES, without(itself, "created_at")),
    "response-content-null": answers_at(_RESPONSES, _first_item(content=None)),
}

THEIRS: dict[str, tuple[str, Wrapper]] = {
    f"theirs/{name}": (tool, make)
    for tool, those in (("compatcanary", _CANARY), ("llm-comply", _COMPLY), ("openai", _SDK))
    for name, make in those.items()
}
"""By name: the tool whose check it is, and how it is made."""
