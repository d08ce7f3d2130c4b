"""The JSON body of a request for a chat completion."""

from chatschema.core.kind import Kind
from chatschema.core.violation import JsonValue
from chatschema.judging.contract import Contract

from .request import ChatRequest
from .rules import REQUEST_RULES

__all__ = ["CHAT_REQUEST"]

_CALL: JsonValue = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "weather", "arguments": '{"city": "Oslo"}'},
}
_WEATHER: JsonValue = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather in a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}

CHAT_REQUEST = Contract(
    kind=Kind.CHAT_REQUEST,
    form=ChatRequest,
    rules=REQUEST_RULES,
    summary="The body of `POST /v1/chat/completions`.",
    reference="CreateChatCompletionRequest",
    examples=(
        {
            "model": "gpt-4o-mini",
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "What is the weather in Oslo?"},
                {"role": "assistant", "content": None, "tool_calls": [_CALL]},
                {"role": "tool", "tool_call_id": "call_1", "content": "Rain, 7 degrees."},
            ],
            "tools": [_WEATHER],
            "temperature": 0,
        },
    ),
)
