"""What of an answer's text is in the bytes that were sent."""

import json
from collections.abc import Iterator

from chatschema import JsonObject, JsonValue, SseDecoder, SseLimitError

__all__ = ["first_choice", "json_of", "objects_in", "text_in"]


def text_in(data: bytes, route: str, content_type: str) -> str:
    """The text of the first choice in the bytes of an answer, a refusal too; of a stream up to what is no JSON.

    A JSON body that is cut has none.
    """
    read = {"chat": _chat, "completions": _completion, "responses": _response}[route]
    if not content_type.startswith("text/event-stream"):
        return read(json_of(data), "message")
    return "".join(read(value, "delta") for value in _events(data))


def _events(data: bytes) -> Iterator[JsonValue]:
    decoder = SseDecoder()
    try:
        events = decoder.feed(data)
    except SseLimitError:
        return
    for event in events:
        value = json_of(event.data)
        if value is None and event.data != "[DONE]":
            return
        yield value


def json_of(data: bytes | str) -> JsonValue:
    """None for what is no JSON."""
    try:
        value: JsonValue = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return value


def objects_in(value: JsonValue, member: str) -> list[JsonObject]:
    """The objects in a list that is a member."""
    found = value.get(member) if isinstance(value, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def first_choice(value: JsonValue) -> JsonObject:
    """The choice with the index 0; empty where there is none."""
    none: JsonObject = {}
    return next((one for one in objects_in(value, "choices") if one.get("index") == 0), none)


def _chat(value: JsonValue, member: str) -> str:
    part = first_choice(value).get(member)
    if not isinstance(part, dict):
        return ""
    content = part.get("content")
    if isinstance(content, list):
        content = "".join(str(one.get("text", "")) for one in objects_in(part, "content"))
    return f"{content or ''}{part.get('refusal') or ''}"


def _completion(value: JsonValue, _: str) -> str:
    return str(first_choice(value).get("text") or "")


def _response(value: JsonValue, member: str) -> str:
    if member == "delta":
        told = isinstance(value, dict) and value.get("type") in _TEXT_EVENTS
        return str(value.get("delta") or "") if told and isinstance(value, dict) else ""
    messages = [item for item in objects_in(value, "output") if item.get("type") == "message"]
    parts = [part for item in messages for part in objects_in(item, "content")]
    return "".join(str(part.get("text") or part.get("refusal") or "") for part in parts)


_TEXT_EVENTS = ("response.output_text.delta", "response.refusal.delta")
