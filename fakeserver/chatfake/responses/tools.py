"""The tools of a request: as those of a chat, and as the answer gives them back.

Functions and custom tools can be called. Tools that a server runs itself are taken and never called.
"""

import json
from dataclasses import replace

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.generation.reply import Reply, ToolCall

#: What a call of a custom tool is made of, before its text is taken out.
_INPUT = "input"


def _dicts(value: JsonValue) -> list[JsonObject]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def chat_tools(body: JsonObject) -> list[JsonValue]:
    """The tools that can be called, as functions of a chat; the others as they came, for what they cost."""
    return [_chat_tool(tool) for tool in _dicts(body.get("tools"))]


def _chat_tool(tool: JsonObject) -> JsonValue:
    if tool.get("type") not in ("function", "custom"):
        return tool
    kept: JsonObject = {
        name: tool[name] for name in ("name", "description", "parameters") if tool.get(name) is not None
    }
    if tool["type"] == "custom":
        kept["parameters"] = _free_form(tool)
    return {"type": "function", "function": kept}


def _free_form(tool: JsonObject) -> JsonObject:
    """A text; one that fits the pattern where the tool has a grammar that is a regular expression."""
    text: JsonObject = {"type": "string"}
    form = tool.get("format")
    if isinstance(form, dict) and form.get("syntax") == "regex" and isinstance(form.get("definition"), str):
        text["pattern"] = form["definition"]
    return {"type": "object", "properties": {_INPUT: text}, "required": [_INPUT]}


def chat_choice(choice: JsonValue) -> JsonValue:
    """The choice among tools as a chat puts it. A tool that is never called is no choice."""
    if not isinstance(choice, dict):
        return choice
    kind = choice.get("type")
    if kind in ("function", "custom"):
        return {"type": "function", "function": {"name": choice.get("name", "")}}
    if kind == "allowed_tools":
        named: list[JsonValue] = [
            {"type": "function", "function": {"name": one.get("name")}} for one in _dicts(choice.get("tools"))
        ]
        allowed: JsonObject = {"mode": choice.get("mode", "auto"), "tools": named}
        return {"type": "allowed_tools", "allowed_tools": allowed}
    return "auto"


def custom_names(body: JsonObject) -> frozenset[str]:
    """The names of the custom tools."""
    return frozenset(
        str(tool.get("name")) for tool in _dicts(body.get("tools")) if tool.get("type") == "custom"
    )


def with_free_form_input(reply: Reply, customs: frozenset[str]) -> Reply:
    """The reply with the text that each custom tool is called with in place of its arguments."""
    calls = tuple(_free(call) if call.name in customs else call for call in reply.tool_calls)
    return replace(reply, tool_calls=calls)


def _free(call: ToolCall) -> ToolCall:
    """The call with its member `input` for arguments, or with all that the model wrote."""
    try:
        value: JsonValue = json.loads(call.arguments)
    except (ValueError, RecursionError):
        return call
    text = value.get(_INPUT) if isinstance(value, dict) else value
    return replace(call, arguments=text) if isinstance(text, str) else call


def echoed_tools(body: JsonObject) -> list[JsonValue]:
    """The tools in the answer: members in OpenAI's order, with what it fills in."""
    return [_echoed_tool(tool) for tool in _dicts(body.get("tools"))]


def _echoed_tool(tool: JsonObject) -> JsonValue:
    kind = tool.get("type")
    if kind == "function":
        # without `strict` OpenAI makes the schema a strict one (42 of 42 recorded functions)
        strict = tool.get("strict")
        parameters = tool.get("parameters")
        filled: JsonObject = {
            "description": tool.get("description"),
            "name": tool.get("name"),
            "output_schema": tool.get("output_schema"),
            "parameters": strict_schema(parameters) if strict is None else parameters,
            "strict": True if strict is None else strict,
        }
    elif kind == "custom":
        filled = {
            "description": tool.get("description"),
            "format": tool.get("format", {"type": "text"}),
            "name": tool.get("name"),
        }
    else:
        filled = {name: tool[name] for name in sorted(tool)}
    return {"type": kind, **filled, **{name: tool[name] for name in tool if name not in filled}}


def strict_schema(schema: JsonValue) -> JsonValue:
    """The schema with every member of every object required and no other allowed."""
    if isinstance(schema, list):
        return [strict_schema(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made: JsonObject = {
        name: value if name in ("const", "enum", "default", "examples") else strict_schema(value)
        for name, value in schema.items()
    }
    properties = made.get("properties")
    if schema.get("type") == "object" and isinstance(properties, dict):
        made = {**made, "required": [*properties]}
        made.setdefault("additionalProperties", False)
    return made
