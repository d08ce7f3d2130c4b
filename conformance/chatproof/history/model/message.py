"""Messages as they are compared: what a request carries, in one form for all routes and ways of writing it.

Nothing here raises: what is odd is kept as odd.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from chatschema import JsonObject, JsonValue

__all__ = ["Message", "SentCall", "sent_messages"]

_SHOWN = 200
"""Characters of what cannot be read that are worth a look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentCall:
    """A call of a tool in a message of the assistant. `arguments` is text, or None where it was none."""

    id: str
    name: str
    arguments: str | None

    @property
    def is_sound(self) -> bool:
        """Whether its arguments are a JSON object, as they have to be."""
        try:
            return isinstance(json.loads(self.arguments or ""), dict)
        except (ValueError, RecursionError):
            return False

    def may_be(self, sent: "SentCall") -> bool:
        """Whether a call is this one: with the same arguments, or where those were no arguments, with repaired ones."""
        same = (self.id, self.name) == (sent.id, sent.name)
        return same and (self.arguments == sent.arguments or (not self.is_sound and sent.is_sound))


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message. `developer` counts as `system`, and text parts as the text that they make up.

    `result_of` is the id of the call that a tool's result answers. `odd` is the JSON of what fits in no other member.
    """

    role: str
    text: str = ""
    calls: tuple[SentCall, ...] = ()
    result_of: str = ""
    odd: str = ""

    def may_be(self, sent: "Message") -> bool:
        """Whether a message with calls is this one, with arguments repaired that were none."""
        pairs = zip_longest(self.calls, sent.calls)
        same = (self.role, self.text) == (sent.role, sent.text) and not sent.odd
        return same and all(one and other and one.may_be(other) for one, other in pairs)

    def __str__(self) -> str:
        calls = "".join(f" {{{call.name} {call.arguments}}}" for call in self.calls)
        of = f" of {self.result_of}" if self.result_of else ""
        return f"{self.role}{of}: {self.odd or self.text}{calls}"


def sent_messages(body: bytes, route: str = "chat") -> tuple[Message, ...]:
    """The messages in the body of a request to `chat`, `responses` or `completions`."""
    try:
        value: JsonValue = json.loads(body)
    except (ValueError, RecursionError):
        return (_unreadable(body[:_SHOWN].decode("utf-8", "replace")),)
    if not isinstance(value, dict):
        return (_unreadable(_json(value)),)
    if route == "responses":
        return tuple(_of_response(value))
    if route == "completions":
        prompt = value.get("prompt")
        return (Message(role="prompt", text=prompt if isinstance(prompt, str) else _json(prompt)),)
    messages = value.get("messages")
    return tuple(map(_message, messages)) if isinstance(messages, list) else (_unreadable(_json(value)),)


def _message(value: JsonValue) -> Message:
    if not isinstance(value, dict) or not isinstance(value.get("role"), str):
        return _unreadable(_json(value))
    role, content = str(value["role"]), value.get("content")
    text = _text(content)
    calls, result_of = value.get("tool_calls"), value.get("tool_call_id")
    message = Message(
        role="system" if role == "developer" else role,
        text=text or "",
        calls=tuple(map(_call, calls)) if isinstance(calls, list) else (),
        result_of=result_of if isinstance(result_of, str) else "",
    )
    is_odd = text is None and not (message.calls and content in (None, []))
    return replace(message, odd=_json(value)) if is_odd else message


def _call(value: JsonValue) -> SentCall:
    function = value.get("function") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(function, dict):
        return SentCall(id="", name=_json(value), arguments=None)
    arguments = function.get("arguments")
    return SentCall(
        id=str(value.get("id")),
        name=str(function.get("name")),
        arguments=arguments if isinstance(arguments, str) else None,
    )


def _of_response(body: JsonObject) -> Iterator[Message]:
    """Of the Responses API: instructions, then items; calls that stand side by side are of one message."""
    if isinstance(instructions := body.get("instructions"), str) and instructions:
        yield Message(role="system", text=instructions)
    items = body.get("input")
    if isinstance(items, str):
        yield Message(role="user", text=items)
        return
    pending: Message | None = None
    for item in items if isinstance(items, list) else ():
        kind = item.get("type", "message") if isinstance(item, dict) else ""
        if isinstance(item, dict) and kind == "function_call":
            arguments = item.get("arguments")
            call = SentCall(
                id=str(item.get("call_id")),
                name=str(item.get("name")),
                arguments=arguments if isinstance(arguments, str) else None,
            )
            held = pending or Message(role="assistant")
            pending = replace(held, calls=(*held.calls, call))
            continue
        if isinstance(item, dict) and kind == "message" and item.get("role") == "assistant":
            if pending is not None:
                yield pending
            pending = _message(item)
            continue
        if pending is not None:
            yield pending
            pending = None
        if isinstance(item, dict) and kind == "function_call_output":
            output = item.get("output")
            text = _text(output)
            yield Message(role="tool", text=text or "", result_of=str(item.get("call_id")))
        elif kind == "message":
            yield _message(item)
        elif kind != "reasoning":
            yield _unreadable(_json(item))
    if pending is not None:
        yield pending


def _unreadable(shown: str) -> Message:
    return Message(role="unreadable", odd=shown or "nothing")


def _text(content: JsonValue) -> str | None:
    if isinstance(content, str):
        return content
    if not isinstance(content, list) or not content:
        return None
    parts = [_part(item) for item in content]
    return None if None in parts else "".join(part for part in parts if part is not None)


def _part(value: JsonValue) -> str | None:
    if not isinstance(value, dict) or value.get("type") not in ("text", "input_text", "output_text"):
        return None
    text = value.get("text")
    return text if isinstance(text, str) else None


def _json(value: JsonValue) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)[:_SHOWN]
    except RecursionError:
        return "JSON that is nested too deep"
