"""What of an answer's text is in the bytes that were sent."""

import json
from collections.abc import Iterator
from typing import Any

from chatschema import SseDecoder, SseLimitError

__all__ = ["text_in"]


def text_in(data: bytes, route: str, content_type: str) -> str:
    """The text of the first choice in the bytes of an answer, a refusal too; of a stream up to what is no JSON.

    A JSON body that is cut has none.
    """
    read = {"chat": _chat, "completions": _completion, "responses": _response}[route]
    if not content_type.startswith("text/event-stream"):
        return read(_json(data), "message")
    return "".join(read(value, "delta") for value in _events(data))


def _events(data: bytes) -> Iterator[Any]:
    decoder = SseDecoder()
    try:
        events = decoder.feed(data)
    except SseLimitError:
        return
    for event in events:
        value = _json(event.data)
        if value is None and event.data != "[DONE]":
            return
        yield value


def _json(data: bytes | str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _first(value: Any) -> dict[str, Any]:
    choices = value.get("choices") if isinstance(value, dict) else None
    found = (one for one in choices or () if isinstance(one, dict) and one.get("index") == 0)
    return next(found, {})


def _chat(value: Any, member: str) -> str:
    part = _first(value).get(member)
    if not isinstance(part, dict):
        return ""
    content, refusal = part.get("content"), part.get("refusal")
    if isinstance(content, list):
        content = "".join(str(one.get("text", "")) for one in content if isinstance(one, dict))
    return f"{content or ''}{refusal or ''}"


def _completion(value: Any, _: str) -> str:
    return str(_first(value).get("text") or "")


def _response(value: Any, member: str) -> str:
    if not isinstance(value, dict):
        return ""
    if member == "delta":
        told = value.get("type") in ("response.output_text.delta", "response.refusal.delta")
        return str(value.get("delta") or "") if told else ""
    items = value.get("output")
    parts = [
        part
        for item in items or ()
        if isinstance(item, dict) and item.get("type") == "message"
        for part in item.get("content") or ()
    ]
    return "".join(str(part.get("text") or part.get("refusal") or "") for part in parts)
