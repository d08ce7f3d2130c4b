"""What Mistral refuses, and its three forms of errors: its own object, pydantic's list in it, its gateway's message."""

import re
from collections.abc import Iterator

from chatfake.core.api_error import (
    INVALID_REQUEST,
    ApiError,
    ContextExceededError,
    MalformedJsonError,
    NoModelError,
    UnknownModelError,
    UnknownUrlError,
    shown,
)
from chatfake.core.json_text import JsonObject, JsonValue, digest
from chatfake.dialects.format.rendered_error import RenderedError
from chatfake.dialects.format.request_rules import Requests, changed, not_served
from chatfake.request.validation.rules import refusal_of

#: The members of the API reference; another is refused (Gitlawb/openclaude#739).
_KNOWN = (
    "model", "messages", "temperature", "top_p", "max_tokens", "stream", "stream_options", "stop", "random_seed",
    "metadata", "response_format", "tools", "tool_choice", "presence_penalty", "frequency_penalty", "n",
    "prediction", "parallel_tool_calls", "prompt_mode", "reasoning_effort", "guardrails", "safe_prompt",
    "prompt_cache_key",
)  # fmt: skip
_CALL_ID = re.compile("[a-zA-Z0-9]{9}")


def _members(body: JsonObject) -> Iterator[ApiError]:
    for name in body:
        if name not in _KNOWN:
            yield ApiError(
                message="Extra inputs are not permitted",
                param=shown(name),
                code="extra_forbidden",
                status=422,
            )


def _call_ids(body: JsonObject) -> Iterator[ApiError]:
    """Ids of calls that other servers made are refused."""
    messages = body.get("messages")
    for message in messages if isinstance(messages, list) else ():
        for name in _ids_in(message):
            if not _CALL_ID.fullmatch(name):
                yield ApiError(
                    message=f"Tool call id was {shown(name)} but must be a-z, A-Z, 0-9, with a length of 9.",
                    type="invalid_function_call",
                    code="3280",
                )


def _ids_in(message: JsonValue) -> Iterator[str]:
    if not isinstance(message, dict):
        return
    calls = message.get("tool_calls")
    for call in calls if isinstance(calls, list) else ():
        if isinstance(call, dict) and isinstance(call.get("id"), str):
            yield str(call["id"])
    if isinstance(message.get("tool_call_id"), str):
        yield str(message["tool_call_id"])


def _order(body: JsonObject) -> Iterator[ApiError]:
    """Results follow their calls, as many as there were; who speaks last is not the assistant."""
    messages = body.get("messages")
    found = (
        [message for message in messages if isinstance(message, dict)] if isinstance(messages, list) else []
    )
    before, open_calls = "", 0
    for message in found:
        role = str(message.get("role"))
        if role == "tool" and before != "tool" and not open_calls:
            yield _disorder(f"Unexpected role 'tool' after role '{before}'")
        open_calls = open_calls - 1 if role == "tool" else open_calls
        if open_calls < 0 or (role != "tool" and open_calls > 0):
            yield _disorder("Not the same number of function calls and responses")
        calls = message.get("tool_calls")
        open_calls = len(calls) if role == "assistant" and isinstance(calls, list) else open_calls
        before = role
    if found and before == "assistant" and found[-1].get("prefix") is not True:
        words = (
            "Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant"
        )
        yield _disorder(words)


def _disorder(message: str) -> ApiError:
    return ApiError(message=message, type="invalid_request_message_order", code="3230")


_RULES = changed({"unknown-members": _members, "call-ids": _call_ids, "messages.conversation": _order})


# -- what it takes in other forms than OpenAI -------------------------------------------------------------


def _as_openai(body: JsonObject) -> JsonObject:
    """The same in OpenAI's form: `any` is `required`, a tool is a function, a part may be what OpenAI does not have."""
    found = dict(body)
    if isinstance(messages := found.get("messages"), list):
        found["messages"] = [_message(message) for message in messages]
    if isinstance(tools := found.get("tools"), list):
        found["tools"] = [{"type": "function", **tool} if isinstance(tool, dict) else tool for tool in tools]
    if found.get("tool_choice") == "any":
        found["tool_choice"] = "required"
    if not found.get("tools"):
        found = {name: value for name, value in found.items() if name not in ("tools", "tool_choice")}
    return found


def _message(message: JsonValue) -> JsonValue:
    if not isinstance(message, dict):
        return message
    content = message.get("content")
    if isinstance(content, list):
        message = {**message, "content": [_part(part) for part in content] or ""}
    return {name: value for name, value in message.items() if name != "tool_calls" or value != []}


def _part(part: JsonValue) -> JsonValue:
    kind = part.get("type") if isinstance(part, dict) else None
    if not isinstance(part, dict) or kind not in _PARTS:
        return part
    return (
        {"type": "file", "file": {}} if kind != "image_url" else {**part, "image_url": _image(part.get(kind))}
    )


def _image(image: JsonValue) -> JsonValue:
    return {"url": image} if isinstance(image, str) else image


#: Parts that OpenAI does not have, or has in another form.
_PARTS = ("image_url", "document_url", "thinking", "reference", "input_audio")


def _chat(body: JsonValue, context_length: int) -> ApiError | None:
    return refusal_of(_as_openai(body) if isinstance(body, dict) else body, context_length, _RULES)


MISTRAL_REQUESTS = Requests(
    chat=_chat, completions=not_served("POST", "/v1/completions"), normalize=_as_openai
)


# -- errors -----------------------------------------------------------------------------------------------

#: What pydantic calls what is wrong, and what it says of it.
_PROBLEMS = {
    "missing_required_parameter": ("missing", "Field required"),
    "empty_array": ("too_short", "List should have at least 1 item after validation, not 0"),
}


def mistral_error(error: ApiError) -> RenderedError:
    """One of the three forms."""
    match error:
        case UnknownUrlError():
            told: JsonObject = {
                "message": "no Route matched with those values",
                "request_id": digest(error.message)[:32],
            }
            return RenderedError(status=404, payload=told)
        case UnknownModelError(model=model):
            return _error(400, f"Invalid model: {model}", "invalid_model", "1500")
        case ContextExceededError(limit=limit, prompt=prompt):
            words = f"Prompt contains {prompt} tokens and 0 draft tokens, too large for model with {limit} maximum "
            return _error(400, f"{words}context length", "invalid_request_invalid_args", "3051")
        case MalformedJsonError():
            return _invalid("json_invalid", 0, words="JSON decode error")
        case NoModelError():
            return _invalid("missing", "model", words="Field required")
        case ApiError(code="extra_forbidden", param=str(name)):
            return _invalid("extra_forbidden", name, words=error.message)
        case ApiError(param=param) if error.code in _PROBLEMS or (error.status == 400 and param):
            kind, words = _PROBLEMS.get(error.code or "", ("value_error", error.message))
            return _invalid(kind, *_path(param or ""), words=words)
        case _:
            return _error(error.status, error.message, error.type, error.code)


def _invalid(kind: str, *path: str | int, words: str) -> RenderedError:
    """Pydantic's list of one."""
    detail: list[JsonValue] = [{"type": kind, "loc": ["body", *path], "msg": words}]
    return _error(422, {"detail": detail}, INVALID_REQUEST, None)


def _error(status: int, message: JsonValue, kind: str, code: str | None) -> RenderedError:
    return RenderedError(
        status=status,
        payload={
            "object": "error",
            "message": message,
            "type": kind,
            "param": None,
            "code": code,
            "raw_status_code": status,
        },
    )


def _path(param: str) -> list[str | int]:
    """`messages[0].role` as pydantic has it: a list of names and numbers."""
    return [int(step) if step.isdecimal() else step for step in re.findall(r"[^.\[\]]+", param)]
