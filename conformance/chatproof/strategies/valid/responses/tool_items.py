"""Items of tools that a server runs, results, and what else an output can hold."""

import json

from chatproof.strategies.valid.responses.items import Make, call_of_kind, item_of, without_status
from chatschema import JsonObject, JsonValue

__all__ = ["TOOL_ITEMS"]


def _file_search(text: str, beside: str, number: int) -> JsonObject:
    found: JsonObject = {"file_id": "f", "filename": beside, "text": text, "score": 0.5, "attributes": {}}
    return item_of("file_search_call", "fs", number, queries=[text], results=[found] if number % 2 else None)


def _web_search(text: str, beside: str, number: int) -> JsonObject:
    actions: tuple[JsonObject, ...] = (
        {"type": "search", "query": text, "queries": [text], "sources": [{"type": "url", "url": beside}]},
        {"type": "open_page", "url": "https://example.org/"},
        {"type": "find_in_page", "url": "https://example.org/", "pattern": text},
        {"type": "acme:scroll"},
    )
    return item_of("web_search_call", "ws", number, action=actions[number % 4])


def _code(text: str, beside: str, number: int) -> JsonObject:
    outputs: list[JsonValue] = [
        {"type": "logs", "logs": beside},
        {"type": "image", "url": "https://example.org/"},
    ]
    kept = outputs if number % 2 else None
    return item_of("code_interpreter_call", "ci", number, container_id="cntr_1", code=text, outputs=kept)


def _image(text: str, _beside: str, number: int) -> JsonObject:
    return item_of(
        "image_generation_call", "ig", number, result="UklGRg==", revised_prompt=text, size="1024x1024"
    )


def _mcp_call(text: str, beside: str, number: int) -> JsonObject:
    head: JsonObject = {"server_label": "wiki", "name": "ask", "arguments": json.dumps({"q": text})}
    if number % 2:
        error: JsonObject = {"type": "http_error", "code": 502, "message": beside}
        return {**item_of("mcp_call", "mcp", number, **head, output=None, error=error), "status": "failed"}
    return item_of("mcp_call", "mcp", number, **head, output=beside, error=None, approval_request_id=None)


def _mcp_tools(text: str, beside: str, number: int) -> JsonObject:
    tool: JsonObject = {
        "name": "ask",
        "description": text,
        "input_schema": {"type": "object"},
        "annotations": None,
    }
    error = beside if number % 2 else None
    return without_status(
        item_of("mcp_list_tools", "mcpl", number, server_label="wiki", tools=[tool], error=error)
    )


def _mcp_request(text: str, _beside: str, number: int) -> JsonObject:
    return without_status(
        item_of("mcp_approval_request", "mcpr", number, server_label="wiki", name="ask", arguments=text)
    )


def _mcp_response(_text: str, beside: str, number: int) -> JsonObject:
    asked = f"mcpr_{number}"
    return without_status(
        item_of(
            "mcp_approval_response", "mcpa", number, approval_request_id=asked, approve=True, reason=beside
        )
    )


def _tool_search(text: str, _beside: str, number: int) -> JsonObject:
    searched: JsonObject = {"queries": [text]}
    item = item_of("tool_search_call", "ts", number, arguments=searched, execution="server")
    return {**item, "call_id": None}


def _found_tools(text: str, _beside: str, number: int) -> JsonObject:
    tool: JsonObject = {
        "type": "function",
        "name": "f",
        "description": text,
        "parameters": {},
        "strict": True,
    }
    item = item_of("tool_search_output", "tso", number, tools=[tool], execution="server")
    return {**item, "call_id": None}


def _more_tools(_text: str, _beside: str, number: int) -> JsonObject:
    tools: list[JsonValue] = [{"type": "web_search"}]
    return without_status(item_of("additional_tools", "at", number, role="developer", tools=tools))


def _function_result(text: str, _beside: str, number: int) -> JsonObject:
    return call_of_kind("function_call_output", "fco", number, output=text)


def _custom_result(text: str, _beside: str, number: int) -> JsonObject:
    parts: list[JsonValue] = [{"type": "input_text", "text": text}]
    return call_of_kind("custom_tool_call_output", "ctco", number, output=parts)


def _program(text: str, _beside: str, number: int) -> JsonObject:
    return without_status(call_of_kind("program", "prog", number, code=text, fingerprint="gAAAA"))


def _program_result(text: str, _beside: str, number: int) -> JsonObject:
    return call_of_kind("program_output", "progo", number, result=text)


def _screen(_text: str, _beside: str, number: int) -> JsonObject:
    click: JsonObject = {"type": "click", "button": "left", "x": number, "y": 0}
    check: JsonObject = {"id": "sc_1", "code": None, "message": None}
    return call_of_kind("computer_call", "cu", number, actions=[click], pending_safety_checks=[check])


def _screenshot(_text: str, _beside: str, number: int) -> JsonObject:
    output: JsonObject = {"type": "computer_screenshot", "image_url": "data:image/png;base64,UklGRg=="}
    return call_of_kind("computer_call_output", "cuo", number, output=output)


def _local_shell(text: str, _beside: str, number: int) -> JsonObject:
    action: JsonObject = {"type": "exec", "command": ["echo", text], "env": {}, "timeout_ms": None}
    return call_of_kind("local_shell_call", "ls", number, action=action)


def _local_shell_result(text: str, _beside: str, number: int) -> JsonObject:
    return item_of("local_shell_call_output", "lso", number, output=text)


def _shell(text: str, beside: str, number: int) -> JsonObject:
    commands: list[JsonValue] = [text, beside]
    action: JsonObject = {
        "commands": commands[: 1 + number % 2],
        "timeout_ms": None,
        "max_output_length": None,
    }
    return call_of_kind("shell_call", "sh", number, action=action, environment=None)


def _shell_result(text: str, _beside: str, number: int) -> JsonObject:
    exited: JsonObject = {"type": "exit", "exit_code": 0}
    output: JsonObject = {"stdout": text, "stderr": "", "outcome": exited}
    return call_of_kind("shell_call_output", "sho", number, output=[output], max_output_length=None)


def _patch(text: str, _beside: str, number: int) -> JsonObject:
    operations: tuple[JsonObject, ...] = (
        {"type": "create_file", "path": "a.py", "diff": text},
        {"type": "update_file", "path": "a.py", "diff": text},
        {"type": "delete_file", "path": "a.py"},
    )
    return call_of_kind("apply_patch_call", "apc", number, operation=operations[number % 3])


def _patch_result(text: str, _beside: str, number: int) -> JsonObject:
    return call_of_kind("apply_patch_call_output", "apco", number, output=text)


def _compaction(text: str, _beside: str, number: int) -> JsonObject:
    return without_status(item_of("compaction", "cmp", number, encrypted_content=f"gAAAA{text}"))


def _vendor_item(text: str, _beside: str, number: int) -> JsonObject:
    return item_of("acme:lookup", "acme", number, found={"": [text]})


TOOL_ITEMS: tuple[Make, ...] = (
    _file_search,
    _web_search,
    _code,
    _image,
    _mcp_call,
    _mcp_tools,
    _mcp_request,
    _mcp_response,
    _tool_search,
    _found_tools,
    _more_tools,
    _function_result,
    _custom_result,
    _program,
    _program_result,
    _screen,
    _screenshot,
    _local_shell,
    _local_shell_result,
    _shell,
    _shell_result,
    _patch,
    _patch_result,
    _compaction,
    _vendor_item,
)
