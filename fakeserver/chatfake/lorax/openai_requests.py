"""Requests of LoRAX's OpenAI routes as the native requests that the router makes of them (router/src/lib.rs)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from chatfake.core.api_error import ApiError
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.core.tokens import split
from chatfake.dialects.requests.lorax_errors import tool_failure
from chatfake.handling.settings import Settings
from chatfake.lorax.generate_request import GenerateRequest, base_model, prompt_pieces, to_generate_request
from chatfake.lorax.generation import NO_TOOL
from chatfake.request.chat_request import Chat, read_chat

_SHARED = (
    "adapter_source", "repetition_penalty", "frequency_penalty", "presence_penalty", "top_k", "top_p", "seed",
    "api_token",
)  # fmt: skip


def chat_request(body: JsonObject, settings: Settings) -> GenerateRequest | ApiError:
    """The conversation through the chat template, which here is one of the fake's own; no mark is put before it."""
    form, found = _format(body), body.get("tools")
    if form is not None and isinstance(found, list):
        return tool_failure("Response format and tools are mutually exclusive")
    named, tools = _named_tool(body), found if isinstance(found, list) else []
    if tools and named and named not in (NO_TOOL, *_tool_names(tools)):
        return tool_failure(f"Tool with name {named} not found")
    prompt = template(body.get("messages"))
    temperature = body.get("temperature")
    parameters: JsonObject = {
        **_parameters(body, settings),
        "best_of": _unsigned(body.get("n"), 64),
        "temperature": temperature or None,
        "do_sample": temperature != 0,
        "response_format": form,
    }
    request = to_generate_request(body, prompt, parameters, split(prompt), stream=body.get("stream") is True)
    bound = bool(tools) and body.get("tool_choice") != "none"
    return replace(request, conversation=_conversation(request, body, named, settings), tools=bound)


def completion_request(body: JsonObject, settings: Settings) -> GenerateRequest:
    """The prompt as it is. `n` is no count; whatever it is, it has the model sample."""
    prompt, pieces = str(body["prompt"]), prompt_pieces(str(body["prompt"]))
    parameters: JsonObject = {
        **_parameters(body, settings),
        "best_of": _unsigned(body.get("best_of"), 64),
        "temperature": body.get("temperature"),
        "do_sample": body.get("n") is not None,
        "return_full_text": body.get("echo"),
        "decoder_input_details": body.get("logprobs") is not None,
    }
    return to_generate_request(body, prompt, parameters, pieces, stream=body.get("stream") is True)


def _parameters(body: JsonObject, settings: Settings) -> JsonObject:
    """The base model's own name is no adapter's."""
    model = body.get("model")
    return {
        **{name: body.get(name) for name in _SHARED},
        "adapter_id": None if model == base_model(settings) else model,
        "max_new_tokens": _unsigned(body.get("max_tokens"), 32),
        "stop": body.get("stop", []),
        "ignore_eos_token": body.get("ignore_eos_token") is True,
        "details": True,
    }


def _unsigned(value: JsonValue, bits: int) -> JsonValue:
    """The router casts, so that what is below zero is very much."""
    return value % 2**bits if isinstance(value, int) and not isinstance(value, bool) else None


def template(messages: JsonValue) -> str:
    """Roles and texts alone: calls of tools, their ids and names are dropped before any template sees them."""
    given = messages if isinstance(messages, list) else []
    turns = (
        f"<|{one.get('role')}|>\n{''.join(_texts(one.get('content')))}</s>\n"
        for one in given
        if isinstance(one, dict)
    )
    return f"{''.join(turns)}<|assistant|>\n"


def _texts(content: JsonValue) -> Iterator[str]:
    """Parts are joined with nothing between them; an image is Markdown."""
    if isinstance(content, str):
        yield content
    for part in content if isinstance(content, list) else []:
        if isinstance(part, dict):
            image = part.get("image_url")
            url = image.get("url") if isinstance(image, dict) else ""
            yield str(part["text"]) if part.get("type") == "text" else f"![]({url})"


def _conversation(request: GenerateRequest, body: JsonObject, named: str, settings: Settings) -> Chat:
    """The conversation as the rest of the fake reads it."""
    choice: JsonValue = body.get("tool_choice")
    if named and named != NO_TOOL:
        choice = {"type": "function", "function": {"name": named}}
    rewritten: JsonObject = {**body, "tool_choice": choice, "response_format": None}
    present: JsonObject = {
        name: value for name, value in rewritten.items() if value is not None and name != "stream"
    }
    alone = replace(request, conversation=None).chat(settings)
    return replace(
        read_chat(present, settings.context_length),
        body={name: value for name, value in body.items() if value is not None and name != "stream"},
        model=alone.model,
        prompt_tokens=alone.prompt_tokens,
        room=alone.room,
        n=alone.n,
        stop=(),
        top_logprobs=None,
        format=alone.format,
        schema=alone.schema,
    )


def _format(body: JsonObject) -> JsonObject | None:
    """The native member that a `response_format` comes to: text is none, and no schema is any object."""
    form = body.get("response_format")
    if not isinstance(form, dict) or form.get("type") in ("text", "Text"):
        return None
    wrapped = form.get("json_schema")
    inner = wrapped.get("schema") if isinstance(wrapped, dict) else None
    schema = form.get("schema") if form.get("type") in ("json_object", "JsonObject") else inner
    return {"type": "json_object"} if schema is None else {"type": "json_schema", "schema": schema}


def _named_tool(body: JsonObject) -> str:
    """Any text but two is a function's name, "required" too."""
    choice = body.get("tool_choice")
    function = choice.get("Function") if isinstance(choice, dict) else None
    if isinstance(function, dict):
        return str(function.get("name"))
    return choice if isinstance(choice, str) and choice not in ("auto", "none") else ""


def _tool_names(tools: Sequence[JsonValue]) -> Iterator[str]:
    for tool in tools:
        function = tool.get("function") if isinstance(tool, dict) else None
        if isinstance(function, dict):
            yield str(function.get("name"))
