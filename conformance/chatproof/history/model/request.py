"""Reading the messages of a request that a client sent. Nothing here raises: what is odd is shown as odd."""

import json

from chatproof.history.model.log import Message
from chatschema import JsonValue

__all__ = ["sent_messages"]

_SHOWN = 200
"""Characters of an unreadable body that are worth a look."""


def sent_messages(body: bytes) -> tuple[Message, ...]:
    """The messages in the body of a chat request."""
    try:
        value: JsonValue = json.loads(body)
    except (ValueError, RecursionError):
        return (_unreadable(body[:_SHOWN].decode("utf-8", "replace")),)
    messages = value.get("messages") if isinstance(value, dict) else None
    if not isinstance(messages, list):
        return (_unreadable(_json(value)),)
    return tuple(_message(item) for item in messages)


def _message(value: JsonValue) -> Message:
    if not isinstance(value, dict):
        return _unreadable(_json(value))
    role = str(value.get("role"))
    role = "system" if role == "developer" else role
    text = _text(value.get("content"))
    if text is None or value.get("tool_calls"):
        return Message(role=role, text=text or "", odd=_json(value))
    return Message(role=role, text=text)


def _unreadable(shown: str) -> Message:
    return Message(role="unreadable", text="", odd=shown or "nothing")


def _text(content: JsonValue) -> str | None:
    if isinstance(content, str):
        return content
    if not isinstance(content, list) or not content:
        return None
    parts = [_part(item) for item in content]
    return None if None in parts else "".join(part for part in parts if part is not None)


def _part(value: JsonValue) -> str | None:
    text = value.get("text") if isinstance(value, dict) and value.get("type") == "text" else None
    return text if isinstance(text, str) else None


def _json(value: JsonValue) -> str:
    try:
        return json.dumps(value)[:_SHOWN]
    except RecursionError:
        return "JSON that is nested too deep"
