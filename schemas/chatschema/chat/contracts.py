"""The JSON bodies of chat completions."""

from chatschema.contract import Contract
from chatschema.kind import Kind
from chatschema.violation import JsonValue

from .chunk import AnyChunk
from .chunk_rules import CHUNK_RULES
from .completion import ChatCompletion
from .completion_rules import COMPLETION_RULES
from .request import ChatRequest
from .request_rules import REQUEST_RULES

__all__ = ["CHAT_REQUEST", "CHUNK", "COMPLETION"]

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

COMPLETION = Contract(
    kind=Kind.COMPLETION,
    form=ChatCompletion,
    rules=COMPLETION_RULES,
    summary="The answer to `POST /v1/chat/completions`.",
    reference="CreateChatCompletionResponse",
    examples=(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1764000000,
            "model": "gpt-4o-mini-2024-07-18",
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": "Hello!", "refusal": None},
                    "logprobs": None,
                    "finish_reason": "stop",
                }
            ],
            "usage": {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12},
        },
    ),
)
CHUNK = Contract(
    kind=Kind.CHUNK,
    form=AnyChunk,
    rules=CHUNK_RULES,
    summary="The data of one event of a streamed chat completion.",
    reference="CreateChatCompletionStreamResponse",
    examples=(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1764000000,
            "model": "gpt-4o-mini-2024-07-18",
            "choices": [{"index": 0, "delta": {"content": "Hel"}, "logprobs": None, "finish_reason": None}],
        },
    ),
)
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
