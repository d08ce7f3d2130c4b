"""Rules for the items of a request for a response: each one's shape, then how they belong together."""

from collections.abc import Iterator

from chatfake.core.api_error import ApiError, not_given, unsupported, wrong_type
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.responses.validation.errors import null, unknown

ROLES = ("assistant", "system", "developer", "user")
#: Parts that only the assistant says, and those that it is told.
SAID = ("output_text", "refusal")
TOLD = ("input_text", "input_image", "input_file", "scoped_content", "input_audio")
PARTS = (
    "input_text", "input_image", "input_audio", "output_text", "refusal", "input_file", "computer_screenshot",
    "summary_text", "encrypted_content",
)  # fmt: skip
#: Members of a message; the assistant's has one more.
MEMBERS = ("type", "role", "content", "status", "id")
ASSISTANT_MEMBERS = (*MEMBERS, "phase")
#: The type of an item -> the members that it must have, and what they are.
ITEMS: dict[str, dict[str, tuple[type | tuple[type, ...], str]]] = {
    "message": {"content": ((str, list), "one of a string or array of objects")},
    "function_call": {
        "call_id": (str, "a string"),
        "name": (str, "a string"),
        "arguments": (str, "a string"),
    },
    "function_call_output": {
        "call_id": (str, "a string"),
        "output": ((str, list), "one of a string or array of objects"),
    },
    "custom_tool_call": {"call_id": (str, "a string"), "name": (str, "a string"), "input": (str, "a string")},
    "custom_tool_call_output": {
        "call_id": (str, "a string"),
        "output": ((str, list), "one of a string or array of objects"),
    },
    "reasoning": {"summary": (list, "an array of objects")},
    "item_reference": {"id": (str, "a string")},
}
#: Items of which no member is asked for: what a server did itself, and machines.
OTHERS = (
    "additional_tools", "agent_message", "apply_patch_call", "apply_patch_call_output", "code_interpreter_call",
    "compaction", "compaction_trigger", "computer_call", "computer_call_output", "file_search_call",
    "image_generation_call", "local_shell_call", "local_shell_call_output", "mcp_approval_request",
    "mcp_approval_response", "mcp_call", "mcp_list_tools", "multi_agent_call", "multi_agent_call_output", "program",
    "program_output", "shell_call", "shell_call_output", "tool_search_call", "tool_search_output", "web_search_call",
)  # fmt: skip
#: How the id of an item begins. OpenAI holds clients to it, since many send a call's id for an item's.
PREFIXES = {"message": "msg", "function_call": "fc", "custom_tool_call": "ctc", "reasoning": "rs"}


def kind_of(item: JsonObject) -> JsonValue:
    """What leaves its type out is a message, unless it is nothing but an id."""
    return item.get("type", "item_reference" if {*item} == {"id"} else "message")


def shape(body: JsonObject) -> Iterator[ApiError]:
    """A text, or a list of items of known types."""
    given = body.get("input", "")
    if isinstance(given, str):
        return
    if given is None:
        yield null("input")
    elif not isinstance(given, list):
        yield wrong_type("input", "one of a string or array of input items", given)
    for index, item in enumerate(given if isinstance(given, list) else []):
        path = f"input[{index}]"
        if isinstance(item, dict):
            yield from _item(item, path)
        else:
            yield wrong_type(path, "an input item", item)


def _item(item: JsonObject, path: str) -> Iterator[ApiError]:
    kind = kind_of(item)
    if not isinstance(kind, str) or (kind not in ITEMS and kind not in OTHERS):
        yield unsupported(path, kind if isinstance(kind, str) else "", tuple(sorted((*ITEMS, *OTHERS))))
        return
    if kind == "message" and item.get("role") not in ROLES:
        role = item.get("role")
        yield unsupported(path, role if isinstance(role, str) else "", ROLES)
    for name, (wanted, expected) in ITEMS.get(kind, {}).items():
        value = item.get(name)
        if not isinstance(value, wanted):
            yield not_given(f"{path}.{name}", expected, value)
    yield from _id(item, kind, path)
    if kind == "message":
        yield from _message(item, path)
    elif isinstance(output := item.get("output"), list) and kind in ITEMS:
        yield from _parts(output, f"{path}.output", PARTS)


def _id(item: JsonObject, kind: str, path: str) -> Iterator[ApiError]:
    name, prefix = item.get("id"), PREFIXES.get(kind, "")
    if name is None:
        return
    if not isinstance(name, str):
        yield wrong_type(f"{path}.id", "a string", name)
    elif not name.startswith(prefix):
        yield ApiError(
            message=f"Invalid '{path}.id': '{name[:64]}'. Expected an ID that begins with '{prefix}'.",
            param=f"{path}.id",
            code="invalid_value",
        )


def _message(item: JsonObject, path: str) -> Iterator[ApiError]:
    told = item.get("role") != "assistant"
    for name in item:
        if name not in (MEMBERS if told else ASSISTANT_MEMBERS):
            yield unknown(f"{path}.{name}")
    content = item.get("content")
    if isinstance(content, list):
        yield from _parts(content, f"{path}.content", TOLD if told else SAID)


def _parts(parts: list[JsonValue], path: str, fitting: tuple[str, ...]) -> Iterator[ApiError]:
    for number, part in enumerate(parts):
        here = f"{path}[{number}]"
        if not isinstance(part, dict):
            yield wrong_type(here, "a content block", part)
            continue
        kind = part.get("type")
        if not isinstance(kind, str) or kind not in (*PARTS, *fitting):
            yield unsupported(f"{here}.type", kind if isinstance(kind, str) else "", PARTS)
        elif kind not in fitting:
            # of a part that is no part of this role the server names the part, not its type
            yield unsupported(here, kind, fitting)
        else:
            yield from _text(part, kind, here)


def _text(part: JsonObject, kind: str, path: str) -> Iterator[ApiError]:
    name = "refusal" if kind == "refusal" else "text"
    if kind not in ("input_text", "output_text", "refusal", "summary_text"):
        return
    text = part.get(name)
    if not isinstance(text, str):
        yield not_given(f"{path}.{name}", "a string", text)
