"""The scenarios that are another thing here than in a chat, by name. All others are said as they are there."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import cast

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.responses.completion import Completion, Thought
from chatfake.responses.reshape import ResponseReshape, in_events, on_finished_items, on_items, on_parts

_THOUGHT = "The user wants an answer. I have one."
_CITATION: JsonValue = {
    "type": "url_citation",
    "end_index": 4,
    "start_index": 0,
    "title": "A page",
    "url": "https://example.com/",
}


def _without(value: JsonObject, name: str) -> JsonObject:
    return {key: member for key, member in value.items() if key != name}


def _no_items(_: list[JsonObject]) -> list[JsonObject]:
    return []


def _null_content(item: JsonObject) -> JsonObject:
    return {**item, "content": None} if item.get("type") == "message" else item


def _missing_content(item: JsonObject) -> JsonObject:
    return _without(item, "content") if item.get("type") == "message" else item


def _text_content(item: JsonObject) -> JsonObject:
    content = item.get("content")
    if item.get("type") != "message" or not isinstance(content, list):
        return item
    texts = [part.get("text") for part in content if isinstance(part, dict)]
    return {**item, "content": "".join(text for text in texts if isinstance(text, str))}


def _no_call_id(item: JsonObject) -> JsonObject:
    return _without(item, "call_id")


def _object_arguments(item: JsonObject) -> JsonObject:
    if "arguments" not in item:
        return item
    try:
        arguments = cast("JsonValue", json.loads(str(item["arguments"])))
    except ValueError:
        arguments = {}
    return {**item, "arguments": arguments}


def _moved(event: JsonObject) -> JsonObject:
    index = event.get("output_index")
    return {**event, "output_index": index + 7} if isinstance(index, int) else event


def _cited(part: JsonObject) -> JsonObject:
    return {**part, "annotations": [_CITATION]} if "annotations" in part else part


def _audio(item: JsonObject) -> JsonObject:
    return {**item, "audio": None} if item.get("type") == "message" else item


def _in_event(response: JsonObject) -> JsonValue:
    return {"type": f"response.{response.get('status')}", "response": response, "sequence_number": 0}


def _whole_in_stream(events: Iterable[JsonObject]) -> Iterator[JsonObject]:
    last: JsonValue = None
    for event in events:
        last = event.get("response", last)
    if isinstance(last, dict):
        yield last


def _wrong_types(response: JsonObject) -> JsonObject:
    usage = response.get("usage")
    if isinstance(usage, dict):
        usage = {name: str(count) if isinstance(count, int) else count for name, count in usage.items()}
    return {**response, "created_at": str(response.get("created_at")), "usage": usage}


def _text_index(event: JsonObject) -> JsonObject:
    index = event.get("output_index")
    return {**event, "output_index": str(index)} if isinstance(index, int) else event


def _extra(value: JsonObject) -> JsonObject:
    return {**value, "x_fake": {"nested": [1, {"deep": True}]}}


def _thinking(completion: Completion) -> Completion:
    return replace(completion, thought=Thought(summary=_THOUGHT))


def _thinking_aloud(completion: Completion) -> Completion:
    return replace(completion, thought=Thought(text=_THOUGHT))


def _failed(completion: Completion) -> Completion:
    return replace(
        completion, replies=(), error={"code": "server_error", "message": "The model is overloaded."}
    )


RESHAPES: Mapping[str, ResponseReshape] = MappingProxyType(
    {
        "null-content": on_finished_items("a message whose `content` is null", _null_content),
        "missing-content": on_finished_items("a message without `content`", _missing_content),
        "parts-content": on_finished_items(
            "a message whose `content` is a text in place of a list of parts", _text_content
        ),
        "tool-call-missing-id": ResponseReshape(
            "a function call without `call_id`", items=on_items(_no_call_id)
        ),
        "tool-call-object-arguments": ResponseReshape(
            "the same; the stream has no pieces of it", items=on_items(_object_arguments)
        ),
        "legacy-function-call": ResponseReshape("a function call: there is no older form of one"),
        "empty-choices": ResponseReshape("an empty `output`"),
        "null-choices": ResponseReshape(
            "null in place of the `output`",
            items=_no_items,
            response=lambda response: {**response, "output": None},
        ),
        "missing-choices": ResponseReshape(
            "no member `output` at all",
            items=_no_items,
            response=lambda response: _without(response, "output"),
        ),
        "two-choices": ResponseReshape("two messages in one `output`"),
        "wrong-index": ResponseReshape(
            "a stream whose items are numbered from 7; JSON has no such numbers", events=in_events(_moved)
        ),
        "reasoning": ResponseReshape(
            "a reasoning item with a summary before the message", completion=_thinking
        ),
        "reasoning-member": ResponseReshape(
            "a reasoning item with its own words in `content`, as open models have it",
            completion=_thinking_aloud,
        ),
        "annotations": ResponseReshape("a text with a citation", items=on_parts(_cited)),
        "audio-null": ResponseReshape(
            "a message with a member `audio`, which is null", items=on_items(_audio)
        ),
        "delta-in-json": ResponseReshape("the last event of a stream as the JSON answer", whole=_in_event),
        "message-in-stream": ResponseReshape(
            "the JSON answer as the one event of a stream", events=_whole_in_stream
        ),
        "wrong-object": ResponseReshape(
            "another word in the member `object`",
            response=lambda response: {**response, "object": "chat.response"},
        ),
        "wrong-types": ResponseReshape(
            "`created_at`, the counts and the indexes as text",
            response=_wrong_types,
            events=in_events(_text_index),
        ),
        "missing-usage": ResponseReshape("no `usage`", response=lambda response: _without(response, "usage")),
        "null-usage": ResponseReshape(
            "null in place of the `usage`", response=lambda response: {**response, "usage": None}
        ),
        "extra-members": ResponseReshape(
            "members that the contract does not know, in the response, its items, parts and events",
            items=lambda items: on_parts(_extra)(on_items(_extra)(items)),
            response=_extra,
            events=in_events(_extra),
        ),
        "error-object-200": ResponseReshape(
            "a response that failed, under status 200; a stream ends with `error` and `response.failed`",
            completion=_failed,
        ),
        "null-error-member": ResponseReshape("the same: a response always has its `error`, which is null"),
    }
)
