"""Items of tools that a server runs, results, and what else an output can hold."""

import json

from chatproof.strategies.valid.responses.items import Make, bare, call, item
from chatschema import JsonObject

__all__ = ["TOOL_ITEMS"]

_URL = "https://example.org/"
_EXIT: JsonObject = {"type": "exit", "exit_code": 0}


def _web_search(text: str, beside: str, number: int) -> JsonObject:
    actions: tuple[JsonObject, ...] = (
        {"type": "search", "query": text, "queries": [text], "sources": [{"type": "url", "url": beside}]},
        {"type": "open_page", "url": _URL},
        {"type": "find_in_page", "url": _URL, "pattern": text},
        {"type": "acme:scroll"},
    )
    return {"action": actions[number % 4]}


def _code(text: str, beside: str, number: int) -> JsonObject:
    outputs: JsonObject = {"outputs": [{"type": "logs", "logs": beside}, {"type": "image", "url": _URL}]}
    return {"container_id": "cntr_1", "code": text, **(outputs if number % 2 else {"outputs": None})}


def _mcp_call(text: str, beside: str, number: int) -> JsonObject:
    head: JsonObject = {"server_label": "wiki", "name": "ask", "arguments": json.dumps({"q": text})}
    if number % 2:
        error: JsonObject = {"type": "http_error", "code": 502, "message": beside}
        return {**head, "output": None, "error": error, "status": "failed"}
    return {**head, "output": beside, "error": None, "approval_request_id": None}


def _mcp_tools(text: str, beside: str, number: int) -> JsonObject:
    schema: JsonObject = {"type": "object"}
    tool: JsonObject = {"name": "ask", "description": text, "input_schema": schema, "annotations": None}
    return {"server_label": "wiki", "tools": [tool], "error": beside if number % 2 else None}


def _found_tools(text: str, _beside: str, _number: int) -> JsonObject:
    tool: JsonObject = {
        "type": "function",
        "name": "f",
        "description": text,
        "parameters": {},
        "strict": True,
    }
    return {"tools": [tool], "execution": "server", "call_id": None}


def _screen(_text: str, _beside: str, number: int) -> JsonObject:
    click: JsonObject = {"type": "click", "button": "left", "x": number, "y": 0}
    return {"actions": [click], "pending_safety_checks": [{"id": "sc_1", "code": None, "message": None}]}


def _shell(text: str, beside: str, number: int) -> JsonObject:
    commands: JsonObject = {"commands": [text, beside] if number % 2 else [text]}
    return {"action": {**commands, "timeout_ms": None, "max_output_length": None}, "environment": None}


def _patch(text: str, _beside: str, number: int) -> JsonObject:
    kind = ("create_file", "update_file", "delete_file")[number % 3]
    diff: JsonObject = {} if kind == "delete_file" else {"diff": text}
    return {"operation": {"type": kind, "path": "a.py", **diff}}


def _results(text: str, beside: str, number: int) -> JsonObject:
    found: JsonObject = {"file_id": "f", "filename": beside, "text": text, "score": 0.5, "attributes": {}}
    return {"queries": [text], "results": [found] if number % 2 else None}


TOOL_ITEMS: tuple[Make, ...] = (
    item("file_search_call", "fs", _results),
    item("web_search_call", "ws", _web_search),
    item("code_interpreter_call", "ci", _code),
    item(
        "image_generation_call",
        "ig",
        lambda text, _b, _n: {"result": "UklGRg==", "revised_prompt": text, "size": "1024x1024"},
    ),
    item("mcp_call", "mcp", _mcp_call),
    bare(item("mcp_list_tools", "mcpl", _mcp_tools)),
    bare(
        item(
            "mcp_approval_request",
            "mcpr",
            lambda text, _b, _n: {"server_label": "wiki", "name": "ask", "arguments": text},
        )
    ),
    bare(
        item(
            "mcp_approval_response",
            "mcpa",
            lambda _t, beside, n: {"approval_request_id": f"mcpr_{n}", "approve": True, "reason": beside},
        )
    ),
    item(
        "tool_search_call",
        "ts",
        lambda text, _b, _n: {"arguments": {"queries": [text]}, "execution": "server", "call_id": None},
    ),
    item("tool_search_output", "tso", _found_tools),
    bare(
        item(
            "additional_tools",
            "at",
            lambda _t, _b, _n: {"role": "developer", "tools": [{"type": "web_search"}]},
        )
    ),
    call("function_call_output", "fco", lambda text, _b, _n: {"output": text}),
    call(
        "custom_tool_call_output",
        "ctco",
        lambda text, _b, _n: {"output": [{"type": "input_text", "text": text}]},
    ),
    bare(call("program", "prog", lambda text, _b, _n: {"code": text, "fingerprint": "gAAAA"})),
    call("program_output", "progo", lambda text, _b, _n: {"result": text}),
    call("computer_call", "cu", _screen),
    call(
        "computer_call_output",
        "cuo",
        lambda _t, _b, _n: {
            "output": {"type": "computer_screenshot", "image_url": "data:image/png;base64,UklGRg=="}
        },
    ),
    call(
        "local_shell_call",
        "ls",
        lambda text, _b, _n: {
            "action": {"type": "exec", "command": ["echo", text], "env": {}, "timeout_ms": None}
        },
    ),
    item("local_shell_call_output", "lso", lambda text, _b, _n: {"output": text}),
    call("shell_call", "sh", _shell),
    call(
        "shell_call_output",
        "sho",
        lambda text, _b, _n: {
            "output": [{"stdout": text, "stderr": "", "outcome": _EXIT}],
            "max_output_length": None,
        },
    ),
    call("apply_patch_call", "apc", _patch),
    call("apply_patch_call_output", "apco", lambda text, _b, _n: {"output": text}),
    bare(item("compaction", "cmp", lambda text, _b, _n: {"encrypted_content": f"gAAAA{text}"})),
    item("acme:lookup", "acme", lambda text, _b, _n: {"found": {"": [text]}}),
)
