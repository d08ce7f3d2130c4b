"""Responses and streams to break: each function gives a fresh value that is right."""

import json
from collections.abc import Iterable

from chatschema import JsonObject, JsonValue, ResponseStream, SseDecoder, Violation


def message(text: str = "Hello!") -> JsonObject:
    part: JsonObject = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
    return {"id": "msg_1", "type": "message", "status": "completed", "role": "assistant", "content": [part]}


def call(number: int = 1) -> JsonObject:
    return {
        "id": f"fc_{number}",
        "type": "function_call",
        "status": "completed",
        "call_id": f"call_{number}",
        "name": "weather",
        "arguments": '{"city": "Oslo"}',
    }


def response(*items: JsonObject, status: str = "completed") -> JsonObject:
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1764000000,
        "status": status,
        "model": "gpt-5.1",
        "output": [*(items or (message(),))],
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "parallel_tool_calls": True,
        "temperature": 1.0,
        "top_p": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "usage": {
            "input_tokens": 9,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": 3,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 12,
        },
    }


def begun() -> JsonObject:
    return {**response(), "status": "in_progress", "output": [], "usage": None}


def opening() -> list[JsonObject]:
    """The response, that it runs, and a message."""
    item: JsonObject = {**message(), "status": "in_progress", "content": []}
    return [
        {"type": "response.created", "response": begun()},
        {"type": "response.in_progress", "response": begun()},
        {"type": "response.output_item.added", "output_index": 0, "item": item},
    ]


def piece(text: str) -> JsonObject:
    place: JsonObject = {"output_index": 0, "item_id": "msg_1", "content_index": 0}
    return {"type": "response.output_text.delta", **place, "delta": text, "logprobs": []}


def stream() -> list[JsonObject]:
    """A message of two pieces."""
    place: JsonObject = {"output_index": 0, "item_id": "msg_1", "content_index": 0}
    empty: JsonObject = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
    return [
        *opening(),
        {"type": "response.content_part.added", **place, "part": empty},
        piece("Hel"),
        piece("lo!"),
        {"type": "response.output_text.done", **place, "text": "Hello!", "logprobs": []},
        {"type": "response.content_part.done", **place, "part": {**empty, "text": "Hello!"}},
        {"type": "response.output_item.done", "output_index": 0, "item": message()},
        {"type": "response.completed", "response": response()},
    ]


def numbered(events: Iterable[JsonObject]) -> list[JsonObject]:
    """Counted from 0."""
    return [{**event, "sequence_number": number} for number, event in enumerate(events)]


def dump(events: Iterable[JsonValue]) -> str:
    """Events as a stream, each under its name; a text is sent as it is."""
    return "".join(_text(event) for event in events)


def _text(event: JsonValue) -> str:
    if isinstance(event, str):
        return f"data: {event}\n\n"
    name = f"event: {event['type']}\n" if isinstance(event, dict) and "type" in event else ""
    return f"{name}data: {json.dumps(event)}\n\n"


def judged(events: Iterable[JsonValue]) -> ResponseStream:
    """A judge that has seen all of it."""
    decoder, judge = SseDecoder(), ResponseStream()
    for event in [*decoder.feed(dump(events).encode()), *decoder.close()]:
        judge.feed(event)
    judge.close()
    return judge


def broken(events: Iterable[JsonValue]) -> list[tuple[str, str, str]]:
    """What a stream breaks: level, path, message."""
    return [said(violation) for violation in judged(events).violations]


def said(violation: Violation) -> tuple[str, str, str]:
    """A violation in short."""
    return violation.level.value, violation.path, violation.message
