"""What OpenRouter takes that OpenAI does not, and its errors: a message, the status as a number, and who asked."""

from chatfake.core.api_error import (
    ApiError,
    ContextExceededError,
    NoModelError,
    UnknownModelError,
    UnknownUrlError,
)
from chatfake.core.json_text import JsonObject, JsonValue, digest
from chatfake.dialects.format.id_alphabets import MIXED, letters
from chatfake.dialects.format.rendered_error import RenderedError
from chatfake.dialects.format.request_rules import Requests, changed
from chatfake.request.validation.rules import refusal_of

_RULES = changed({"unknown-members": None})


def _known_to_openai(body: JsonObject) -> JsonObject:
    """Without the tools and the parts of messages that OpenRouter has for itself."""
    found = dict(body)
    if isinstance(tools := found.get("tools"), list):
        found["tools"] = [tool for tool in tools if not _is_own(tool)]
        if not found["tools"]:
            found.pop("tools")
    if isinstance(messages := found.get("messages"), list):
        found["messages"] = [_without_video(message) for message in messages]
    return found


def _is_own(tool: JsonValue) -> bool:
    return isinstance(tool, dict) and str(tool.get("type")).startswith("openrouter:")


def _without_video(message: JsonValue) -> JsonValue:
    content = message.get("content") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(content, list):
        return message
    kept = [part for part in content if not (isinstance(part, dict) and part.get("type") == "video_url")]
    return {**message, "content": kept or ""}


def _chat_refusal(body: JsonValue, context_length: int) -> ApiError | None:
    return refusal_of(_known_to_openai(body) if isinstance(body, dict) else body, context_length, _RULES)


OPENROUTER_REQUESTS = Requests(chat=_chat_refusal, normalize=_known_to_openai)


def _words(error: ApiError) -> str:
    match error:
        case UnknownUrlError():
            return "Not Found"
        case UnknownModelError(model=model):
            return f"{model} is not a valid model ID"
        case NoModelError():
            return "No models provided"
        case ApiError(code="missing_required_parameter", param="messages"):
            return 'Input required: specify "prompt" or "messages"'
        case ContextExceededError(limit=limit, prompt=prompt, output=output):
            words = f"This endpoint's maximum context length is {limit} tokens. However, you requested about"
            return f"{words} {prompt + output} tokens."
        case _:
            return error.message


def openrouter_error(error: ApiError) -> RenderedError:
    """A message, the status as a number, and who asked."""
    status = 400 if isinstance(error, UnknownModelError) else error.status
    told: JsonObject = {"error": {"message": _words(error), "code": status}}
    user: JsonObject = {"user_id": "user_" + letters(digest("chatfake"), MIXED, 27)}
    return RenderedError(
        status=status, payload=told if isinstance(error, UnknownUrlError) else {**told, **user}
    )
