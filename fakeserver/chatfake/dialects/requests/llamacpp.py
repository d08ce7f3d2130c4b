"""What llama.cpp's server refuses and what it lets pass, with its words (b11434, recorded).

It takes numbers for what they are and asks few questions: ranges, roles, orders of messages are the template's
business. What the template then trips over is an error of the server (500).
"""

import json
from collections.abc import Iterator, Mapping

from chatfake.core.api_error import ApiError, ContextExceededError, shown
from chatfake.core.json_text import JsonError, JsonObject, JsonValue, dump, parse
from chatfake.core.tokens import count, prompt_tokens
from chatfake.dialects.format.request_rules import Requests, the_served
from chatfake.request.validation.schema import unknown_type

#: `n` is bounded by the slots that the server was started with.
SLOTS = 4
_PARTS = ("text", "image_url", "input_audio", "refusal")
_NUMBERS = (
    "temperature", "top_p", "presence_penalty", "frequency_penalty", "n", "max_tokens", "max_completion_tokens",
    "seed", "top_logprobs",
)  # fmt: skip
_NAMES: Mapping[type, str] = {str: "string", list: "array", dict: "object", bool: "boolean"}


def _bad(message: str) -> ApiError:
    return ApiError(message=message)


def _crash(message: str) -> ApiError:
    return ApiError(message=message, type="server_error", status=500)


def _messages(body: JsonObject) -> Iterator[ApiError]:
    if "messages" not in body:
        yield _bad("'messages' is required")
    messages = body.get("messages")
    if not isinstance(messages, list):
        yield _bad("Expected 'messages' to be an array")
        return
    for message in messages:
        yield from _message(message)
    for message in messages:
        if not isinstance(message, dict) or "role" not in message:
            yield _crash(f"Failed to parse messages: Missing 'role' in message: {shown(dump(message))}")
            return
        yield from _arguments(message)


def _message(message: JsonValue) -> Iterator[ApiError]:
    if not isinstance(message, dict):
        return
    content = message.get("content")
    if message.get("role") != "assistant" and "content" not in message:
        yield _bad("All non-assistant messages must contain 'content'")
    if isinstance(content, list):
        kinds = [part.get("type") if isinstance(part, dict) else None for part in content]
        if any(kind not in _PARTS for kind in kinds):
            yield _bad("unsupported content[].type")
    elif content is not None and not isinstance(content, str):
        yield _bad("Expected 'content' to be a string or an array")


def _arguments(message: JsonObject) -> Iterator[ApiError]:
    """The arguments of former calls are put into the template as JSON."""
    for call in _each(message.get("tool_calls")):
        function = call.get("function")
        arguments = function.get("arguments") if isinstance(function, dict) else None
        if isinstance(arguments, str) and arguments and not _is_json(arguments):
            yield _crash(
                "Failed to parse tool call arguments as JSON: [json.exception.parse_error.101] parse error at line 1, "
                f"column 1: syntax error while parsing value - invalid literal; last read: '{arguments[:1]}'"
            )


def _is_json(text: str) -> bool:
    try:
        parse(text.encode("utf-8", "replace"))
    except JsonError:
        return False
    return True


def _types(body: JsonObject) -> Iterator[ApiError]:
    for name, wanted in (*((name, "number") for name in _NUMBERS), ("stream", "boolean")):
        value = body.get(name)
        if value is not None and _name(value) != wanted:
            yield _bad(
                f"Field '{name}': [json.exception.type_error.302] type must be {wanted}, but is {_name(value)}"
            )
    n = body.get("n")
    if isinstance(n, int | float) and not 1 <= n <= SLOTS:
        yield _bad(f"Field 'n': Value must be between 1 <= value <= {SLOTS}, but got {int(n)}")


def _name(value: JsonValue) -> str:
    return _NAMES.get(type(value), "number")


def _choices(body: JsonObject) -> Iterator[ApiError]:
    choice, form = body.get("tool_choice"), body.get("response_format")
    if isinstance(choice, str) and choice not in ("auto", "none", "required"):
        yield _bad(f"Invalid tool_choice: {shown(choice)}")
    kind = form.get("type") if isinstance(form, dict) else "text"
    if kind not in ("text", "json_object", "json_schema", "", None):
        words = f'response_format type must be one of "text" or "json_object", but got: {shown(str(kind))}'
        yield _bad(words)
    schema = form.get("json_schema") if isinstance(form, dict) and kind == "json_schema" else None
    if isinstance(schema, dict) and (unknown := unknown_type(schema.get("schema"))):
        yield _bad(_UNREADABLE + unknown)
    if not isinstance(body.get("tools", []), list):
        yield _crash(
            f"Failed to parse tools: Expected 'tools' to be an array, got {shown(dump(body['tools']))}"
        )
    for tool in _each(body.get("tools")):
        if "function" not in tool:
            listed = json.dumps(body["tools"], indent=2, ensure_ascii=False)[:2000]
            yield _crash(
                f"Failed to parse tools: Missing tool function: {shown(dump(tool))}; tools = {listed}"
            )
    if choice != "none":
        yield from _schemas(body)
    if body.get("top_logprobs") and body.get("logprobs") is not True:
        yield _bad("top_logprobs requires logprobs to be set to true")


_UNREADABLE = (
    "Unable to generate parser for this template. Automatic parser generation failed: JSON schema error at #: "
    "unrecognized type "
)


def _schemas(body: JsonObject) -> Iterator[ApiError]:
    """A grammar is made of each tool's parameters."""
    for tool in _each(body.get("tools")):
        function = tool.get("function")
        parameters = function.get("parameters") if isinstance(function, dict) else None
        if kind := unknown_type(parameters):
            yield _bad(_UNREADABLE + shown(kind))


def _too_long(cost: int, room: int) -> ApiError | None:
    if cost < room:
        return None
    return ContextExceededError(
        message=f"request ({cost} tokens) exceeds the available context size ({room} tokens), try increasing it",
        type="exceed_context_size_error",
        code="context_length_exceeded",
        limit=room,
        prompt=cost,
    )


def _chat(body: JsonValue, context_length: int) -> ApiError | None:
    if not isinstance(body, dict):
        return _bad("'messages' is required")
    rules = (*_messages(body), *_choices(body), *_types(body))
    return rules[0] if rules else _too_long(prompt_tokens(body), context_length)


def _completions(body: JsonValue, context_length: int) -> ApiError | None:
    if not isinstance(body, dict) or "prompt" not in body:
        return _bad("[json.exception.out_of_range.403] key 'prompt' not found")
    prompt = body["prompt"]
    found = next(_types(body), None)
    return found or _too_long(count(prompt) if isinstance(prompt, str) else 1, context_length)


def _embeddings(body: JsonValue, _: int) -> ApiError | None:
    given = body.get("input") if isinstance(body, dict) else None
    if given is None:
        return _bad('"input" or "content" must be provided')
    if given == []:
        return _bad('"input" must not be empty')
    if given == "":
        return _bad("Input content cannot be empty")
    form = body.get("encoding_format", "float") if isinstance(body, dict) else "float"
    if form not in ("float", "base64"):
        return _bad("The format to return the embeddings in. Can be either float or base64")
    return None


def _taken(body: JsonObject) -> JsonObject:
    """A limit of zero is one token and a negative one is none; what is not known here is passed over."""
    taken = {name: value for name, value in body.items() if name not in ("echo", "dimensions")}
    for name in ("max_tokens", "max_completion_tokens"):
        limit = taken.get(name)
        if isinstance(limit, int | float):
            taken[name] = max(int(limit), 1)
            if limit < 0:
                del taken[name]
    if "messages" in body and not body.get("top_logprobs"):
        taken.pop("logprobs", None)
    return taken


def _each(value: JsonValue) -> list[JsonObject]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


LLAMACPP_REQUESTS = Requests(
    chat=_chat,
    completions=_completions,
    embeddings=_embeddings,
    normalize=_taken,
    default_model=the_served,
    unknown_model=lambda _, served: served,
)
