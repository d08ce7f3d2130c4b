"""Rules for the items of a request for a response: each one's shape, then how they belong together."""

from collections.abc import Iterator

from chatfake.jsontext import JsonObject, JsonValue
from chatfake.refusal import Refusal, missing, unsupported, wrong_type
from chatfake.validation.response_errors import (
    MUST_ASK,
    duplicate,
    no_call,
    no_follower,
    no_item,
    no_output,
)

__all__ = ["belonging", "kept", "shape", "thoughts"]

ROLES = ("assistant", "system", "developer", "user")
#: Parts that only the assistant says, and those that it is told.
SAID = ("output_text", "refusal")
TOLD = ("input_text", "input_image", "input_audio", "input_file")
PARTS = (
    "input_text", "input_image", "input_audio", "output_text", "refusal", "input_file", "computer_screenshot",
    "summary_text", "encrypted_content",
)  # fmt: skip
#: The type of an item -> the members that it must have, and what they are.
ITEMS: dict[str, dict[str, tuple[type | tuple[type, ...], str]]] = {
    "message": {"role": (str, "a string"), "content": ((str, list), "one of a string or array of objects")},
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
    "apply_patch_call", "apply_patch_call_output", "code_interpreter_call", "compaction",
    "compaction_trigger", "computer_call", "computer_call_output", "file_search_call",
    "image_generation_call", "local_shell_call", "local_shell_call_output", "mcp_approval_request",
    "mcp_approval_response", "mcp_call", "mcp_list_tools", "program", "program_output", "shell_call",
    "shell_call_output", "tool_search_call", "tool_search_output", "web_search_call", "additional_tools",
)  # fmt: skip
#: How the id of an item begins. OpenAI holds clients to it, since many send a call's id for an item's.
PREFIXES = {"message": "msg", "function_call": "fc", "custom_tool_call": "ctc", "reasoning": "rs"}
#: The type of a result -> the types of its calls, and what both are called. OpenAI takes a function's result for a
#: search too.
RESULTS = {
    "function_call_output": (("function_call", "tool_search_call"), "function call"),
    "custom_tool_call_output": (("custom_tool_call",), "custom tool call"),
}
CALLS = {"function_call": "function call", "custom_tool_call": "custom tool call"}


def _items(body: JsonObject) -> Iterator[tuple[int, JsonObject, str]]:
    given = body.get("input")
    for index, item in enumerate(given if isinstance(given, list) else []):
        if isinstance(item, dict):
            yield index, item, _kind(item)


def _kind(item: JsonObject) -> str:
    """What leaves its type out is a message where somebody says it, else a reference."""
    return str(item.get("type", "message" if "role" in item else "item_reference"))


def shape(body: JsonObject) -> Iterator[Refusal]:
    """A text, or a list of items of known types."""
    given = body.get("input")
    kept_ones = ("previous_response_id", "prompt", "conversation")
    if given in (None, []) and not any(name in body for name in kept_ones):
        yield MUST_ASK
    if given is None or isinstance(given, str):
        return
    if not isinstance(given, list):
        yield wrong_type("input", "one of a string or array of objects", given)
        return
    for index, item in enumerate(given):
        path = f"input[{index}]"
        if isinstance(item, dict):
            yield from _item(item, path)
        else:
            yield wrong_type(path, "an object", item)


def _item(item: JsonObject, path: str) -> Iterator[Refusal]:
    kind = item.get("type", "message" if "role" in item else "item_reference")
    if not isinstance(kind, str):
        yield wrong_type(f"{path}.type", "a string", kind)
        return
    if kind not in ITEMS and kind not in OTHERS:
        yield unsupported(f"{path}.type", kind, tuple(sorted((*ITEMS, *OTHERS))))
        return
    for name, (wanted, expected) in ITEMS.get(kind, {}).items():
        value = item.get(name)
        if value is None:
            yield missing(f"{path}.{name}")
        elif not isinstance(value, wanted):
            yield wrong_type(f"{path}.{name}", expected, value)
    yield from _id(item, kind, path)
    if kind == "message":
        yield from _message(item, path)
    elif isinstance(output := item.get("output"), list) and kind in RESULTS:
        yield from _parts(output, f"{path}.output", PARTS)


def _id(item: JsonObject, kind: str, path: str) -> Iterator[Refusal]:
    name, prefix = item.get("id"), PREFIXES.get(kind, "")
    if name is None:
        return
    if not isinstance(name, str):
        yield wrong_type(f"{path}.id", "a string", name)
    elif not name.startswith(prefix):
        yield Refusal(
            message=f"Invalid '{path}.id': '{name[:64]}'. Expected an ID that begins with '{prefix}'.",
            param=f"{path}.id",
            code="invalid_value",
        )


def _message(item: JsonObject, path: str) -> Iterator[Refusal]:
    role, content = item.get("role"), item.get("content")
    if isinstance(role, str) and role not in ROLES:
        yield unsupported(f"{path}.role", role, ROLES)
    if isinstance(content, list):
        yield from _parts(content, f"{path}.content", SAID if role == "assistant" else TOLD)


def _parts(parts: list[JsonValue], path: str, fitting: tuple[str, ...]) -> Iterator[Refusal]:
    for number, part in enumerate(parts):
        here = f"{path}[{number}]"
        if not isinstance(part, dict):
            yield wrong_type(here, "an object", part)
            continue
        kind = part.get("type")
        if kind is None:
            yield missing(f"{here}.type")
        elif not isinstance(kind, str):
            yield wrong_type(f"{here}.type", "a string", kind)
        elif kind not in PARTS:
            yield unsupported(f"{here}.type", kind, PARTS)
        elif kind not in fitting:
            # of a part that is no part of this role the server names the part, not its type
            yield unsupported(here, kind, fitting)
        else:
            yield from _text(part, kind, here)


def _text(part: JsonObject, kind: str, path: str) -> Iterator[Refusal]:
    name = "refusal" if kind == "refusal" else "text"
    if kind not in ("input_text", "output_text", "refusal", "summary_text"):
        return
    text = part.get(name)
    if text is None:
        yield missing(f"{path}.{name}")
    elif not isinstance(text, str):
        yield wrong_type(f"{path}.{name}", "a string", text)


def kept(body: JsonObject) -> Iterator[Refusal]:
    """References to items: none is kept."""
    for _, item, kind in _items(body):
        if kind == "item_reference":
            yield no_item(str(item.get("id")))


def thoughts(body: JsonObject) -> Iterator[Refusal]:
    """A thought that the server would have to remember comes with what the model said or did next.

    Recorded: refused before a message without its id, answered before 4 of 4 items with one; encrypted thoughts
    were answered before either.
    """
    found = [*_items(body)]
    for place, (_, item, kind) in enumerate(found):
        if kind == "reasoning" and item.get("id") and not item.get("encrypted_content"):
            after = found[place + 1 : place + 2]
            if not any(_is_said(follower, what) for _, follower, what in after):
                yield no_follower(str(item["id"]))


def _is_said(item: JsonObject, kind: str) -> bool:
    said = item.get("role") == "assistant" if kind == "message" else not kind.endswith("_output")
    return said and item.get("id") is not None


def belonging(body: JsonObject) -> Iterator[Refusal]:
    """Every result has its call before it, every call its result, and no item is there twice."""
    calls: set[tuple[str, str]] = set()
    met: set[str] = set()
    for _, item, kind in _items(body):
        name, call = item.get("id"), str(item.get("call_id"))
        if isinstance(name, str):
            if name in met:
                yield duplicate(name)
            met.add(name)
        if kind in RESULTS:
            kinds, noun = RESULTS[kind]
            if not any((one, call) in calls for one in kinds):
                yield no_call(noun, call)
        calls.add((kind, call))
    for _, item, kind in _items(body):
        if kind in CALLS and (f"{kind}_output", str(item.get("call_id"))) not in calls:
            yield no_output(CALLS[kind], str(item.get("call_id")))
