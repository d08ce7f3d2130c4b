"""The items of a request as the messages of a chat, so that whatever is asked of a chat can be asked of them.

Rule 1: a conversation is the same messages in both protocols. A text and the calls after it are one message.
Rule 2: `instructions` are the system's message before all others.
Rule 3: a thought is no message; it goes with what the assistant says next. Calls of tools that a server runs itself
        are no messages either; their results, where a client sends them, are a tool's.
"""

from collections.abc import Iterator, Mapping

from chatfake.core.json_text import JsonObject, JsonValue, dump

#: The type of a call -> the member that has what the model wrote.
_CALLS = {"function_call": "arguments", "custom_tool_call": "input"}
_TEXTS = ("input_text", "output_text", "text", "summary_text")
#: The type of a part -> its type in a chat, and the names that its members have there.
_MEDIA: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "input_image": ("image_url", {"image_url": "url", "file_id": "file_id", "detail": "detail"}),
    "input_file": ("file", {name: name for name in ("file_id", "file_url", "file_data", "filename")}),
}


def items_of(body: JsonObject) -> list[JsonValue]:
    """The items of the input; a text is one message of the user."""
    given = body.get("input")
    if isinstance(given, str):
        return [{"role": "user", "content": given}]
    return given if isinstance(given, list) else []


def messages_of(body: JsonObject) -> tuple[JsonObject, ...]:
    """The messages of a chat that says the same; what is no item is passed over."""
    return tuple(_messages(body))


def _messages(body: JsonObject) -> Iterator[JsonObject]:
    instructions = body.get("instructions")
    if isinstance(instructions, str) and instructions:
        yield {"role": "system", "content": instructions}
    held: JsonObject = {}  # what the assistant says, until somebody else speaks
    for item in items_of(body):
        if not isinstance(item, dict):
            continue
        kind = _kind(item)
        if kind in _CALLS:
            held = _calling(held, item, kind)
            continue
        if kind == "reasoning":
            if "role" in held:
                yield held
            held = {"reasoning": _thought(item)}
            continue
        message = _message(item, kind)
        if message is None:
            continue
        if "role" in held:
            yield held
            held = {}
        if message.get("role") == "assistant":
            held = {**message, **held}
        else:
            yield message
            held = {}
    if "role" in held:
        yield held


def _kind(item: JsonObject) -> str:
    kind = item.get("type", "message" if "role" in item else "item_reference")
    return kind if isinstance(kind, str) else ""  # a lenient fake reads anything


def _calling(held: JsonObject, item: JsonObject, kind: str) -> JsonObject:
    """What is held and the call, which is put into its list: there may be many."""
    function: JsonObject = {"name": _text(item.get("name")), "arguments": _text(item.get(_CALLS[kind]))}
    call: JsonObject = {"id": _text(item.get("call_id")), "type": "function", "function": function}
    calls = held.get("tool_calls")
    if isinstance(calls, list):
        calls.append(call)
        return held
    return {"role": "assistant", "content": None, **held, "tool_calls": [call]}


def _message(item: JsonObject, kind: JsonValue) -> JsonObject | None:
    if kind == "message":
        return {"role": str(item.get("role", "user")), "content": _content(item.get("content"))}
    if isinstance(kind, str) and kind.endswith("_output") and "output" in item:
        return {"role": "tool", "tool_call_id": _text(item.get("call_id")), "content": _result(item)}
    return None


def _result(item: JsonObject) -> JsonValue:
    output = item["output"]
    if isinstance(output, list) and all(isinstance(part, dict) and "type" in part for part in output):
        return _content(output)
    return output if isinstance(output, str) else dump(output)


def _content(content: JsonValue) -> JsonValue:
    return [_part(part) for part in content] if isinstance(content, list) else content


def _part(part: JsonValue) -> JsonValue:
    kind = part.get("type") if isinstance(part, dict) else None
    if not isinstance(part, dict) or not isinstance(kind, str):
        return part
    if kind in _TEXTS:
        return {"type": "text", "text": _text(part.get("text"))}
    if kind in _MEDIA:
        named, members = _MEDIA[kind]
        kept: JsonObject = {
            there: part[name] for name, there in members.items() if part.get(name) is not None
        }
        return {"type": named, named: kept}
    return part


def _thought(item: JsonObject) -> JsonValue:
    return {name: item[name] for name in ("summary", "content", "encrypted_content") if item.get(name)}


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""
