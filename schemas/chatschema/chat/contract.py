"""The JSON bodies of chat completions that an endpoint sends."""

from chatschema.chat.stream.chunk import AnyChunk
from chatschema.chat.stream.chunk_rules import CHUNK_RULES
from chatschema.core.kind import Kind
from chatschema.core.violation import JsonValue
from chatschema.judging.contract import Contract

from .completion import ChatCompletion
from .completion_rules import COMPLETION_RULES

__all__ = ["CHUNK", "COMPLETION"]

_CALL: JsonValue = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "weather", "arguments": '{"city": "Oslo"}'},
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
