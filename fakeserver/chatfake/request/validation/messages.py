"""Rules for the messages: each one's shape, then how they follow on one another."""

import re
from collections.abc import Iterator

from chatfake.core.api_error import (
    ApiError,
    empty_array,
    missing,
    not_given,
    pattern_mismatch,
    unsupported,
    wrong_type,
)
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.request.validation.members import kind_refusal, word_refusal

ROLES = ("system", "assistant", "user", "function", "tool", "developer")
PARTS = ("text", "image_url", "input_audio", "refusal", "audio", "file")
NAME_PATTERN = r"^[^\s<|\\/>]+$"


def shape(body: JsonObject) -> Iterator[ApiError]:
    """A non-empty array of messages, each with a role and content that this role may have."""
    if "messages" not in body:
        yield missing("messages")
        return
    messages = body["messages"]
    if not isinstance(messages, list):
        yield wrong_type("messages", "an array of objects", messages)
    elif not messages:
        yield empty_array("messages")
    else:
        for index, message in enumerate(messages):
            path = f"messages[{index}]"
            if isinstance(message, dict):
                yield from _message(message, path, index)
            else:
                yield wrong_type(path, "an object", message)


def _message(message: JsonObject, path: str, index: int) -> Iterator[ApiError]:
    role = message.get("role")
    if refusal := word_refusal(role, f"{path}.role", ROLES):
        yield refusal
    yield from _content(message, path, index)
    name = message.get("name")
    if name is not None and not isinstance(name, str):
        yield wrong_type(f"{path}.name", "a string", name)
    elif name is not None and not re.match(NAME_PATTERN, name):
        yield pattern_mismatch(f"{path}.name", NAME_PATTERN)
    if role == "assistant" and message.get("tool_calls") is not None:
        yield from _calls(message["tool_calls"], f"{path}.tool_calls")
    if role == "tool":
        yield from _tool_message(message, path, index)


def _content(message: JsonObject, path: str, index: int) -> Iterator[ApiError]:
    content = message.get("content")
    if content is None:
        if _speaks_without_content(message):
            return
        if "content" not in message:
            yield missing(f"{path}.content")
        yield ApiError(
            message="Invalid value for 'content': expected a string, got null.",
            param=f"messages.[{index}].content",
        )
    elif isinstance(content, list):
        if not content:
            yield empty_array(f"{path}.content")
        for number, part in enumerate(content):
            yield from _part(part, f"{path}.content[{number}]")
    elif not isinstance(content, str):
        yield wrong_type(f"{path}.content", "one of a string or array of objects", content)


def _speaks_without_content(message: JsonObject) -> bool:
    others = ("tool_calls", "function_call", "refusal", "audio")
    return message.get("role") == "function" or (
        message.get("role") == "assistant" and any(message.get(name) is not None for name in others)
    )


def _part(part: JsonValue, path: str) -> Iterator[ApiError]:
    if not isinstance(part, dict):
        yield wrong_type(path, "an object", part)
        return
    if refusal := kind_refusal(part, path, PARTS):
        yield refusal
        return
    kind = str(part["type"])
    if part.get(kind) is None:
        yield missing(f"{path}.{kind}")
    elif kind in ("text", "refusal") and not isinstance(part[kind], str):
        yield wrong_type(f"{path}.{kind}", "a string", part[kind])
    elif kind == "image_url":
        yield from _image(part[kind], f"{path}.image_url")


def _image(image: JsonValue, path: str) -> Iterator[ApiError]:
    if not isinstance(image, dict):
        yield wrong_type(path, "an object", image)
    elif not isinstance(image.get("url"), str):
        yield not_given(f"{path}.url", "a string", image.get("url"))


def _calls(calls: JsonValue, path: str) -> Iterator[ApiError]:
    if not isinstance(calls, list):
        yield wrong_type(path, "an array of objects", calls)
        return
    if not calls:
        yield empty_array(path)
    for index, call in enumerate(calls):
        here = f"{path}[{index}]"
        if not isinstance(call, dict):
            yield wrong_type(here, "an object", call)
            continue
        yield from _string(call, "id", here)
        yield from _string(call, "type", here)
        kind = str(call.get("type"))
        if kind not in ("function", "custom"):
            yield unsupported(f"{here}.type", kind, ("function", "custom"))
        body = call.get(kind)
        if not isinstance(body, dict):
            yield not_given(f"{here}.{kind}", "an object", body)
            continue
        yield from _string(body, "name", f"{here}.{kind}")
        yield from _string(body, "arguments" if kind == "function" else "input", f"{here}.{kind}")


def _string(value: JsonObject, member: str, path: str) -> Iterator[ApiError]:
    text = value.get(member)
    if not isinstance(text, str):
        yield not_given(f"{path}.{member}", "a string", text)


def _tool_message(message: JsonObject, path: str, index: int) -> Iterator[ApiError]:
    call = message.get("tool_call_id")
    if call is None:
        yield ApiError(
            message="Missing parameter 'tool_call_id': messages with role 'tool' must have a 'tool_call_id'.",
            param=f"messages.[{index}].tool_call_id",
        )
    elif not isinstance(call, str):
        yield wrong_type(f"{path}.tool_call_id", "a string", call)


def conversation(body: JsonObject) -> Iterator[ApiError]:
    """Every tool message answers a call of the assistant message before it, and every call is answered."""
    messages = body["messages"]
    calls: dict[str, bool] | None = None  # which calls are answered; None where no tool message may come
    index = 0
    for index, message in enumerate(messages if isinstance(messages, list) else []):
        if not isinstance(message, dict):
            continue
        if message.get("role") == "tool":
            call = str(message.get("tool_call_id"))
            if calls is None:
                yield _orphan(index)
            elif call not in calls:
                yield _stranger(call, index)
            else:
                calls[call] = True
            continue
        yield from _unanswered(calls, index)
        calls = _open_calls(message)
    yield from _unanswered(calls, index)


def _open_calls(message: JsonObject) -> dict[str, bool] | None:
    calls = message.get("tool_calls") if message.get("role") == "assistant" else None
    return (
        {str(call.get("id")): False for call in calls if isinstance(call, dict)}
        if isinstance(calls, list)
        else None
    )


def _orphan(index: int) -> ApiError:
    # the misspelling is the server's
    return ApiError(
        message="Invalid parameter: messages with role 'tool' must be a response to a preceeding message "
        "with 'tool_calls'.",
        param=f"messages.[{index}].role",
    )


def _stranger(call: str, index: int) -> ApiError:
    return ApiError(
        message=f"Invalid parameter: 'tool_call_id' of '{call[:64]}' not found in 'tool_calls' of previous message.",
        param=f"messages.[{index}].tool_call_id",
    )


def _unanswered(calls: dict[str, bool] | None, index: int) -> Iterator[ApiError]:
    open_calls = [call[:64] for call, answered in (calls or {}).items() if not answered]
    if open_calls:
        yield ApiError(
            message="An assistant message with 'tool_calls' must be followed by tool messages responding to each "
            "'tool_call_id'. The following tool_call_ids did not have response messages: "
            + ", ".join(open_calls[:16]),
            param=f"messages.[{index}].role",
        )
