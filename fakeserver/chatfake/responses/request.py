"""A request for a response, read as the chat that it is."""

from collections.abc import Callable
from dataclasses import replace

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.request.chat_request import Chat, read_chat
from chatfake.responses.messages import messages_of
from chatfake.responses.tools import chat_choice, chat_tools

LOGPROBS = "message.output_text.logprobs"


def object_in(body: JsonObject, name: str) -> JsonObject:
    """A member that is an object; an empty one where it is not."""
    value = body.get(name)
    return value if isinstance(value, dict) else {}


def read_response_request(body: JsonObject, context_length: int) -> Chat:
    """The chat, of which `body` is the request as it came, without top-level nulls."""
    return replace(read_chat(to_chat_body(body), context_length), body=body)


def to_chat_body(body: JsonObject) -> JsonObject:
    """The body of a chat request that asks the same."""
    chat: JsonObject = {"model": body.get("model", ""), "messages": [*messages_of(body)]}
    for name, (renamed, read) in _MEMBERS.items():
        if name in body:
            chat[renamed] = read(body[name])
    tools = chat_tools(body)
    if tools:
        chat["tools"] = tools
    form = _format(object_in(body, "text").get("format"))
    if form is not None:
        chat["response_format"] = form
    include = body.get("include")
    if isinstance(include, list) and LOGPROBS in include:
        chat["logprobs"] = True
    return chat


def _same(value: JsonValue) -> JsonValue:
    return value


#: Name here -> name in a chat, and how its value is read.
_MEMBERS: dict[str, tuple[str, Callable[[JsonValue], JsonValue]]] = {
    "max_output_tokens": ("max_completion_tokens", _same),
    "tool_choice": ("tool_choice", chat_choice),
    "parallel_tool_calls": ("parallel_tool_calls", _same),
    "top_logprobs": ("top_logprobs", _same),
    "stream": ("stream", _same),
}


def _format(form: JsonValue) -> JsonValue:
    if not isinstance(form, dict) or form.get("type") not in ("json_object", "json_schema"):
        return None
    if form["type"] == "json_object":
        return {"type": "json_object"}
    kept: JsonObject = {name: form[name] for name in ("name", "description", "schema") if name in form}
    return {"type": "json_schema", "json_schema": kept}
