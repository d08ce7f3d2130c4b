"""What Ollama refuses: what Go can't put into its structs, and little else (openai/openai.go, middleware/openai.go)."""

from collections.abc import Iterator, Mapping

from chatfake.core.api_error import (
    NO_MODEL,
    ApiError,
    MalformedJsonError,
    NoModelError,
    UnknownModelError,
    UnknownUrlError,
    WrongMethodError,
)
from chatfake.core.json_text import JsonError, JsonObject, JsonValue, parse
from chatfake.core.tokens import prompt_tokens
from chatfake.dialects.format.rendered_error import RenderedError
from chatfake.dialects.format.request_rules import Requests
from chatfake.request.validation.rules import first_refusal

#: The members of the structs, with their Go types. Members that are not here are ignored.
_CHAT: Mapping[str, str] = {
    "model": "string", "messages": "[]openai.Message", "stream": "bool", "stream_options": "openai.StreamOptions",
    "max_tokens": "int", "seed": "int", "temperature": "float64", "frequency_penalty": "float64",
    "presence_penalty": "float64", "top_p": "float64", "response_format": "openai.ResponseFormat",
    "tools": "[]api.Tool", "reasoning_effort": "string", "logprobs": "bool", "top_logprobs": "int",
}  # fmt: skip
_MESSAGE: Mapping[str, str] = {
    "role": "string", "reasoning": "string", "tool_calls": "[]openai.ToolCall", "name": "string",
    "tool_call_id": "string",
}  # fmt: skip
_COMPLETION: Mapping[str, str] = {
    "model": "string", "prompt": "string", "frequency_penalty": "float32", "max_tokens": "int",
    "presence_penalty": "float32", "seed": "int", "stream": "bool", "stream_options": "openai.StreamOptions",
    "temperature": "float32", "top_p": "float32", "suffix": "string", "logprobs": "int",
}  # fmt: skip
_EMBEDDING: Mapping[str, str] = {"model": "string", "dimensions": "int", "encoding_format": "string"}
_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "ultra", "max")


# -- Go's reading of JSON -----------------------------------------------------------------------------------

_FITTING: Mapping[str, type | tuple[type, ...]] = {
    "string": str, "int": int, "float32": (int, float), "float64": (int, float), "bool": bool
}  # fmt: skip


def _fits(value: JsonValue, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "bool"
    return value is None or isinstance(value, list if kind.startswith("[]") else _FITTING.get(kind, dict))


def _read(found: JsonObject, struct: Mapping[str, str], path: str) -> Iterator[ApiError]:
    for name, value in found.items():
        kind = struct.get(name)
        if kind is not None and not _fits(value, kind):
            yield _unlike(f"struct field {path}.{name} of type {kind}")


def _unlike(kind: str) -> ApiError:
    return ApiError(message=f"json: cannot unmarshal into Go {kind}")


# -- rules --------------------------------------------------------------------------------------------------


def _chat_members(body: JsonObject) -> Iterator[ApiError]:
    yield from _read(body, _CHAT, "ChatCompletionRequest")
    for message in _messages(body):
        yield from _read(message, _MESSAGE, "ChatCompletionRequest.messages")


def _some_messages(body: JsonObject) -> Iterator[ApiError]:
    if not body.get("messages"):
        yield ApiError(message="[] is too short - 'messages'")


def _contents(body: JsonObject) -> Iterator[ApiError]:
    """A text, a list of parts that it knows, or calls."""
    for message in _messages(body):
        content = message.get("content")
        if isinstance(content, list):
            yield from (problem for part in content for problem in _part(part))
        elif not isinstance(content, str) and message.get("tool_calls") is None:
            yield ApiError(message="invalid message content type")
        calls = message.get("tool_calls")
        for call in calls if isinstance(calls, list) else ():
            yield from _arguments(call)


def _part(part: JsonValue) -> Iterator[ApiError]:
    kind = part.get("type") if isinstance(part, dict) else None
    if isinstance(part, dict) and kind == "text" and isinstance(part.get("text"), str):
        return
    if isinstance(part, dict) and kind == "image_url":
        image = part.get("image_url")
        url = image.get("url") if isinstance(image, dict) else image
        if isinstance(url, str) and url.startswith("data:"):
            return
        if isinstance(url, str) and url.startswith(("http://", "https://")):
            yield ApiError(message="image URLs are not currently supported")
    if kind != "input_audio":
        yield ApiError(message="invalid message format")


def _arguments(call: JsonValue) -> Iterator[ApiError]:
    function = call.get("function") if isinstance(call, dict) else None
    text = function.get("arguments") if isinstance(function, dict) else None
    try:
        known = isinstance(text, str) and isinstance(parse(text.encode()), dict)
    except JsonError:
        known = False
    if not known:
        yield ApiError(message="invalid tool call arguments")


def _effort(body: JsonObject) -> Iterator[ApiError]:
    effort = body.get("reasoning_effort")
    if isinstance(effort, str) and effort and effort not in _EFFORTS:
        yield ApiError(message=f'invalid reasoning value: "{effort}"')


def _some_model(body: JsonObject) -> Iterator[ApiError]:
    if not body.get("model"):
        yield NO_MODEL


def _top_logprobs(body: JsonObject) -> Iterator[ApiError]:
    most = body.get("top_logprobs", 0)
    if isinstance(most, int) and not 0 <= most <= 20:
        yield ApiError(message="top_logprobs must be between 0 and 20")


def _messages(body: JsonObject) -> list[JsonObject]:
    messages = body.get("messages")
    return (
        [message for message in messages if isinstance(message, dict)] if isinstance(messages, list) else []
    )


def _chat(body: JsonValue, context_length: int) -> ApiError | None:
    if not isinstance(body, dict):
        return _unlike("value of type openai.ChatCompletionRequest")
    found = first_refusal(
        body, (_chat_members, _some_messages, _contents, _effort, _top_logprobs, _some_model)
    )
    if found is not None:
        return found
    over = prompt_tokens(body) - context_length
    words = f"prompt too long; exceeded max context length by {over} tokens"
    return ApiError(message=words) if over > 0 else None


def _completion(body: JsonValue, _: int) -> ApiError | None:
    if not isinstance(body, dict):
        return _unlike("value of type openai.CompletionRequest")
    return first_refusal(body, (lambda found: _read(found, _COMPLETION, "CompletionRequest"), _some_model))


def _embedding(body: JsonValue, _: int) -> ApiError | None:
    if not isinstance(body, dict):
        return _unlike("value of type openai.EmbedRequest")
    return first_refusal(body, (_embedded, _some_model))


def _embedded(body: JsonObject) -> Iterator[ApiError]:
    yield from _read(body, _EMBEDDING, "EmbedRequest")
    encoding = str(body.get("encoding_format", "float"))
    if encoding.lower() not in ("float", "base64"):
        yield ApiError(message=f"Invalid value for 'encoding_format' = {encoding}.")
    if body.get("input") in (None, []):
        yield ApiError(message="invalid input")


OLLAMA_REQUESTS = Requests(chat=_chat, completions=_completion, embeddings=_embedding)


def ollama_error(error: ApiError) -> RenderedError:
    """OpenAI's object, its type made of the status; what has no route is the web framework's text."""
    match error:
        case WrongMethodError():
            return RenderedError(status=405, payload="405 method not allowed", text_type="text/plain")
        case UnknownUrlError():
            return RenderedError(status=404, payload="404 page not found", text_type="text/plain")
        case UnknownModelError(model=model):
            words = f"model '{model}' not found"
        case NoModelError():
            words = "model is required"
        case MalformedJsonError():
            words = "unexpected EOF"
        case _:
            words = error.message
    kind = {400: "invalid_request_error", 404: "not_found_error"}.get(error.status, "api_error")
    told: JsonObject = {"message": words, "type": kind, "param": None, "code": None}
    return RenderedError(status=error.status, payload={"error": told})
