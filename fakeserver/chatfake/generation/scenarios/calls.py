"""Calls of tools, right ones and broken ones. Each becomes a text once the tool's result has come: an agent's loop
must end.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import cast

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.generation.reply import Reply, ToolCall, called, report
from chatfake.generation.reshape import Reshape, choices_of, on_deltas, on_messages, on_parts
from chatfake.generation.scenarios.scenario import said
from chatfake.request.chat_request import Chat, Tool

_RESULTS = ("tool", "function")
_CALLED = "whose answer had a tool call and no text"


def _tool(chat: Chat, number: int = 0) -> ToolCall:
    """The tool that was named, else the n-th; one of our own where none is offered."""
    tools = chat.tools
    known: Tool | None = next((tool for tool in tools if tool.name == chat.named_tool), None)
    if known is None and tools:
        known = tools[number % len(tools)]
    return called(known) if known else ToolCall(name="get_weather", arguments='{"city":"Paris"}')


def _answered(chat: Chat) -> bool:
    return chat.last_role in _RESULTS


def _calling(chat: Chat, *calls: ToolCall, text: str | None = None) -> Reply:
    return Reply(text=report(chat)) if _answered(chat) else Reply(text=text, tool_calls=calls)


def _calls(part: JsonObject) -> Iterator[JsonObject]:
    calls = part.get("tool_calls")
    yield from (call for call in (calls if isinstance(calls, list) else []) if isinstance(call, dict))


def _no_ids(part: JsonObject) -> None:
    for call in _calls(part):
        call.pop("id", None)


def _as_object(arguments: JsonValue) -> JsonValue:
    try:
        return cast("JsonValue", json.loads(str(arguments)))
    except ValueError:
        return {}


def _objects(part: JsonObject) -> None:
    for call in _calls(part):
        function = call.get("function")
        if isinstance(function, dict) and "arguments" in function:
            function["arguments"] = _as_object(function["arguments"])


def _object_pieces(chunks: Iterable[JsonObject]) -> Iterator[JsonValue]:
    """The head of a call comes with all its arguments as an object; the pieces of text go."""
    kept = list(chunks)
    joined = _joined(kept)
    for chunk in kept:
        left: list[JsonValue] = []
        for place, choice in choices_of(chunk):
            delta = choice.get("delta")
            if not isinstance(delta, dict) or "tool_calls" not in delta:
                left.append(choice)
                continue
            heads = [call for call in _calls(delta) if "id" in call]
            for call in heads:
                function = call.get("function")
                if isinstance(function, dict):
                    function["arguments"] = _as_object(joined[place, call.get("index")])
            if heads:
                left.append(choice)
        if left or not chunk.get("choices"):
            yield {**chunk, "choices": left}


def _joined(chunks: list[JsonObject]) -> dict[tuple[JsonValue, JsonValue], str]:
    texts: dict[tuple[JsonValue, JsonValue], str] = {}
    for chunk in chunks:
        for place, choice in choices_of(chunk):
            delta = choice.get("delta")
            for call in _calls(delta) if isinstance(delta, dict) else ():
                function = call.get("function")
                said = function.get("arguments") if isinstance(function, dict) else ""
                key = (place, call.get("index"))
                texts[key] = texts.get(key, "") + str(said or "")
    return texts


def _legacy(part: JsonObject) -> None:
    for call in _calls(part):
        function = call.get("function")
        if isinstance(function, dict):
            part["function_call"] = function
    part.pop("tool_calls", None)


def _legacy_end(body: JsonObject) -> None:
    for _, choice in choices_of(body):
        if choice.get("finish_reason") == "tool_calls":
            choice["finish_reason"] = "function_call"


def _legacy_whole(body: JsonObject) -> JsonValue:
    _legacy_end(body)
    return on_messages(_legacy)(body)


def _legacy_pieces(chunks: Iterable[JsonObject]) -> Iterator[JsonValue]:
    for chunk in on_deltas(_legacy)(chunks):
        if isinstance(chunk, dict):
            _legacy_end(chunk)
        yield chunk


def _with_arguments(change: Callable[[str], str]) -> Callable[[Chat], Reply]:
    """The tool's call with other arguments."""
    return lambda chat: _calling(
        chat, ToolCall(name=(tool := _tool(chat)).name, arguments=change(tool.arguments))
    )


def _call(chat: Chat) -> Reply:
    return _calling(chat, _tool(chat))


said("tool-call-only", "a tool call and no text", _CALLED, _call)
said(
    "tool-call-with-text",
    "a text and a tool call",
    "whose answer had a text and a tool call",
    lambda chat: _calling(chat, _tool(chat), text="Let me look that up."),
)
said(
    "parallel-tool-calls",
    "two tool calls at once",
    "whose answer had two tool calls",
    lambda chat: _calling(chat, _tool(chat, 0), _tool(chat, 1)),
)
said(
    "tool-call-invalid-json",
    "a tool call whose arguments are cut short",
    "whose tool call was broken",
    _with_arguments(lambda text: text[: max(len(text) - 2, 1)]),
)
said(
    "tool-call-empty-arguments",
    "a tool call whose arguments are empty",
    "whose tool call was empty",
    _with_arguments(lambda _: ""),
)
said(
    "tool-call-missing-id", "a tool call without an id", "whose tool call had no id", _call, on_parts(_no_ids)
)
said(
    "tool-call-object-arguments",
    "a tool call whose arguments are an object in place of text",
    "whose tool call had an object for its arguments",
    _call,
    Reshape(whole=on_messages(_objects), pieces=_object_pieces),
)
said(
    "legacy-function-call",
    "a function_call, as before there were tools",
    "whose answer had a function call",
    _call,
    Reshape(whole=_legacy_whole, pieces=_legacy_pieces),
)
