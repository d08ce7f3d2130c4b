"""Rules for the tools of a request for a response, for the choice among them, and for the format of its text."""

from collections.abc import Iterator

from chatfake.core.api_error import ApiError, array_too_long, not_given, unsupported, wrong_type
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.core.tokens import text_of
from chatfake.request.validation.formats import named_schema
from chatfake.request.validation.members import kind_refusal
from chatfake.request.validation.tools import CHOICES, MAX_TOOLS, allowed_tools, parameters, tool_name
from chatfake.responses.messages import messages_of
from chatfake.responses.validation.errors import unknown

#: Tools that a server runs itself: they are taken, and nothing more is asked of them.
HOSTED = (
    "apply_patch", "code_interpreter", "computer", "computer_use", "computer_use_preview", "file_search",
    "image_generation", "local_shell", "mcp", "namespace", "programmatic_tool_calling", "shell", "tool_search",
    "web_search", "web_search_2025_08_26", "web_search_preview", "web_search_preview_2025_03_11",
)  # fmt: skip
KINDS = ("function", "custom", *HOSTED)
CHOICE_KINDS = ("allowed_tools", *KINDS)
FORMATS = ("json_object", "text", "json_schema")
VERBOSITIES = ("low", "medium", "high")


def tools(body: JsonObject) -> Iterator[ApiError]:
    """Up to 128 tools of known types; functions and custom tools with their names beside the type."""
    given = body.get("tools", [])
    if not isinstance(given, list):
        yield wrong_type("tools", "an array of tools", given)
        return
    if len(given) > MAX_TOOLS:
        yield array_too_long("tools", MAX_TOOLS, len(given))
    for index, tool in enumerate(given):
        path = f"tools[{index}]"
        if not isinstance(tool, dict):
            yield wrong_type(path, "an object", tool)
            continue
        if refusal := kind_refusal(tool, path, KINDS):
            yield refusal
        elif tool["type"] in ("function", "custom"):
            yield from tool_name(tool, path)
            yield from _members(tool, path)


def _members(tool: JsonObject, path: str) -> Iterator[ApiError]:
    for name, kind, expected in (
        ("description", str, "a string"),
        ("strict", bool, "a boolean"),
        ("parameters", dict, "an object"),
        ("format", dict, "an object"),
    ):
        value = tool.get(name)
        if value is not None and not isinstance(value, kind):
            yield wrong_type(f"{path}.{name}", expected, value)
    yield from parameters(tool, path)


def choice(body: JsonObject) -> Iterator[ApiError]:
    """A mode, a tool that is there, or some of those that are."""
    chosen = body.get("tool_choice", "auto")
    if isinstance(chosen, str):
        if chosen not in CHOICES:
            yield unsupported("tool_choice", chosen, CHOICES)
        elif chosen == "required" and not body.get("tools"):
            yield _only_with_tools()
        return
    if not isinstance(chosen, dict):
        yield wrong_type("tool_choice", "one of a string or object", chosen)
        return
    if refusal := kind_refusal(chosen, "tool_choice", CHOICE_KINDS):
        yield refusal
    elif chosen["type"] == "allowed_tools":
        yield from _allowed(chosen, body)
    else:
        yield from _offered(chosen, body, "tool_choice")


def _only_with_tools() -> ApiError:
    return ApiError(
        message="Tool choice 'required' must be specified with 'tools' parameter.", param="tool_choice"
    )


def _allowed(chosen: JsonObject, body: JsonObject) -> Iterator[ApiError]:
    for path, one in allowed_tools(chosen, "tool_choice"):
        if isinstance(one, dict):
            yield from _offered(one, body, path)
        else:
            yield one


def _offered(chosen: JsonObject, body: JsonObject, path: str) -> Iterator[ApiError]:
    """A tool among those that are there: by name where its type has names, else by type."""
    given = body.get("tools")
    offered = [tool for tool in (given if isinstance(given, list) else []) if isinstance(tool, dict)]
    kind, name = chosen.get("type"), chosen.get("name")
    if kind in ("function", "custom"):
        if not isinstance(name, str):
            yield not_given(f"{path}.name", "a string", name)
            return
        if any(tool.get("type") == kind and tool.get("name") == name for tool in offered):
            return
    elif any(tool.get("type") == kind for tool in offered):
        return
    named = name if isinstance(name, str) else kind
    yield ApiError(
        message=f"Tool choice '{str(named)[:64]}' not found in 'tools' parameter.", param="tool_choice"
    )


def text(body: JsonObject) -> Iterator[ApiError]:
    """The format of the text, and how much of it there is."""
    told = body.get("text", {})
    if not isinstance(told, dict):
        yield wrong_type("text", "an object", told)
        return
    for name in told:
        if name not in ("format", "verbosity"):
            yield unknown(f"text.{name}")
    verbosity = told.get("verbosity")
    if verbosity is not None and verbosity not in VERBOSITIES:
        yield unsupported("text.verbosity", verbosity if isinstance(verbosity, str) else "", VERBOSITIES)
    form = told.get("format")
    if form is not None:
        yield from _format(form)


def _format(form: JsonValue) -> Iterator[ApiError]:
    path = "text.format"
    if not isinstance(form, dict):
        yield wrong_type(path, "an object", form)
        return
    kind = form.get("type")
    if not isinstance(kind, str) or kind not in FORMATS:
        yield unsupported(f"{path}.type", kind if isinstance(kind, str) else "", FORMATS)
    elif kind == "json_schema":
        yield from named_schema(form, path, f"{path}.schema", "invalid_json_schema")


def json_word(body: JsonObject) -> Iterator[ApiError]:
    """JSON mode wants the word in a message, or a model would write white space for ever."""
    told = body.get("text")
    form = told.get("format") if isinstance(told, dict) else None
    if not isinstance(form, dict) or form.get("type") != "json_object":
        return
    if not any("json" in text_of(message.get("content")).lower() for message in messages_of(body)):
        yield ApiError(
            message="Response input messages must contain the word 'json' in some form to use 'text.format' of "
            "type 'json_object'.",
            param="input",
        )
