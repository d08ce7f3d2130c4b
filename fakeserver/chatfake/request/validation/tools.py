"""Rules for the tools that are offered and for the choice among them."""

import re
from collections.abc import Iterator

from chatfake.core.api_error import (
    ApiError,
    array_too_long,
    empty_array,
    missing,
    not_given,
    pattern_mismatch,
    string_too_long,
    unsupported,
    wrong_type,
)
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.request.validation.members import word_refusal
from chatfake.request.validation.schema import schema_problem

NAME_PATTERN = "^[a-zA-Z0-9_-]+$"
MAX_NAME = 64
MAX_TOOLS = 128
KINDS = ("function", "custom")
CHOICES = ("none", "auto", "required")
ALLOWED_MODES = ("auto", "required")
OBJECT_CHOICES = ("allowed_tools", "function", "custom")


def shape(body: JsonObject) -> Iterator[ApiError]:
    """One to 128 tools, each a function with a name and parameters that are a JSON Schema of an object."""
    tools = body["tools"]
    if not isinstance(tools, list):
        yield wrong_type("tools", "an array of objects", tools)
        return
    if not tools:
        yield empty_array("tools")
    if len(tools) > MAX_TOOLS:
        yield array_too_long("tools", MAX_TOOLS, len(tools))
    for index, tool in enumerate(tools):
        yield from _tool(tool, f"tools[{index}]")


def _tool(tool: JsonValue, path: str) -> Iterator[ApiError]:
    if not isinstance(tool, dict):
        yield wrong_type(path, "an object", tool)
        return
    kind = tool.get("type")
    if kind is None:
        yield missing(f"{path}.type")
    elif not isinstance(kind, str) or kind not in KINDS:
        yield unsupported(f"{path}.type", str(kind), KINDS)
    elif tool.get(kind) is None:
        yield missing(f"{path}.{kind}")
    else:
        yield from _function(tool[kind], f"{path}.{kind}")


def _function(function: JsonValue, path: str) -> Iterator[ApiError]:
    if not isinstance(function, dict):
        yield wrong_type(path, "an object", function)
        return
    yield from tool_name(function, path)
    for member, kind, expected in (("description", str, "a string"), ("strict", bool, "a boolean")):
        value = function.get(member)
        if value is not None and not isinstance(value, kind):
            yield wrong_type(f"{path}.{member}", expected, value)
    yield from parameters(function, path)


def parameters(function: JsonObject, path: str) -> Iterator[ApiError]:
    """The parameters of a function: a JSON Schema of an object."""
    schema = function.get("parameters")
    if schema is None:
        return
    if not isinstance(schema, dict):
        yield wrong_type(f"{path}.parameters", "an object", schema)
        return
    problem = schema_problem(schema)
    kind = schema.get("type", "object")
    if problem is None and kind != "object":
        problem = f"""schema must be a JSON Schema of 'type: "object"', got 'type: "{kind}"'."""
    if problem is not None:
        yield ApiError(
            message=f"Invalid schema for function '{function.get('name')}': {problem}",
            param=f"{path}.parameters",
            code="invalid_function_parameters",
        )


def tool_name(value: JsonObject, path: str) -> Iterator[ApiError]:
    """The name of a function or of a response format."""
    name = value.get("name")
    if not isinstance(name, str):
        yield not_given(f"{path}.name", "a string", name)
    elif not name:
        yield ApiError(
            message=f"Invalid '{path}.name': empty string. "
            "Expected a string with minimum length 1, but got an empty string instead.",
            param=f"{path}.name",
            code="empty_string",
        )
    elif len(name) > MAX_NAME:
        yield string_too_long(f"{path}.name", MAX_NAME, len(name))
    elif not re.fullmatch(NAME_PATTERN[1:-1], name):
        yield pattern_mismatch(f"{path}.name", NAME_PATTERN)


def choice(body: JsonObject) -> Iterator[ApiError]:
    """A choice among tools that are there."""
    chosen = body["tool_choice"]
    if "tools" not in body:
        yield _only_with_tools("tool_choice")
    if isinstance(chosen, str):
        if chosen not in CHOICES:
            yield unsupported("tool_choice", chosen, CHOICES)
    elif isinstance(chosen, dict):
        yield from _named(chosen, body.get("tools"))
    else:
        yield wrong_type("tool_choice", "one of a string or object", chosen)


def _named(chosen: JsonObject, tools: JsonValue) -> Iterator[ApiError]:
    kind = chosen.get("type")
    if kind is None:
        yield missing("tool_choice.type")
        return
    if not isinstance(kind, str) or kind not in OBJECT_CHOICES:
        yield unsupported("tool_choice.type", str(kind), OBJECT_CHOICES)
        return
    named = chosen.get(kind)
    if kind == "allowed_tools" and isinstance(named, dict):
        yield from _allowed(named, tools)
        return
    yield from _offered(named, f"tool_choice.{kind}", _names(tools, kind))


def allowed_tools(allowed: JsonObject, path: str) -> Iterator[tuple[str, JsonObject | ApiError]]:
    """Each tool that is allowed, with its path; in its place what is wrong with it, with the mode or with the list."""
    mode, chosen = allowed.get("mode"), allowed.get("tools")
    if refusal := word_refusal(mode, f"{path}.mode", ALLOWED_MODES):
        yield path, refusal
    if not isinstance(chosen, list):
        yield path, not_given(f"{path}.tools", "an array of objects", chosen)
        return
    for index, one in enumerate(chosen):
        here = f"{path}.tools[{index}]"
        yield here, one if isinstance(one, dict) else wrong_type(here, "an object", one)


def _allowed(allowed: JsonObject, tools: JsonValue) -> Iterator[ApiError]:
    """A mode, and tools that are offered; both are required (openai/openai-openapi, ChatCompletionAllowedTools)."""
    for here, one in allowed_tools(allowed, "tool_choice.allowed_tools"):
        if not isinstance(one, dict):
            yield one
            continue
        kind = one.get("type")
        if not isinstance(kind, str) or kind not in KINDS:
            yield missing(f"{here}.type") if kind is None else unsupported(f"{here}.type", str(kind), KINDS)
            continue
        yield from _offered(one.get(kind), f"{here}.{kind}", _names(tools, kind))


def _offered(named: JsonValue, path: str, offered: list[JsonValue]) -> Iterator[ApiError]:
    if not isinstance(named, dict):
        yield not_given(path, "an object", named)
        return
    name = named.get("name")
    if not isinstance(name, str):
        yield not_given(f"{path}.name", "a string", name)
    elif name not in offered:
        yield ApiError(
            message=f"Tool choice '{name[:64]}' not found in 'tools' parameter.", param="tool_choice"
        )


def _names(tools: JsonValue, kind: str) -> list[JsonValue]:
    bodies = [tool.get(kind) for tool in (tools if isinstance(tools, list) else []) if isinstance(tool, dict)]
    return [body.get("name") for body in bodies if isinstance(body, dict)]


def parallel(body: JsonObject) -> Iterator[ApiError]:
    """`parallel_tool_calls` without tools."""
    if "tools" not in body:
        yield _only_with_tools("parallel_tool_calls")


def _only_with_tools(member: str) -> ApiError:
    return ApiError(
        message=f"Invalid value for '{member}': '{member}' is only allowed when 'tools' are specified.",
        param=member,
    )
