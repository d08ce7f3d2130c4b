"""The JSON body that answers a chat request."""

from chatschema.core.kind import Kind
from chatschema.judging.contract import Contract

from .completion import ChatCompletion
from .completion_rules import COMPLETION_RULES

__all__ = ["COMPLETION"]

COMPLETION = Contract(
    kind=Kind.COMPLETION,
    noun="chat completion",
    core="choices",
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
