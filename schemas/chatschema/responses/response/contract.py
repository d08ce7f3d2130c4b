"""The JSON body that answers a request."""

from chatschema.core.kind import Kind
from chatschema.judging.contract import Contract

from .response import Response
from .rules import RESPONSE_RULES

__all__ = ["RESPONSE"]

RESPONSE = Contract(
    kind=Kind.RESPONSE,
    noun="response",
    core="output",
    form=Response,
    rules=RESPONSE_RULES,
    summary="The answer to `POST /v1/responses`.",
    reference="Response",
    examples=(
        {
            "id": "resp_1",
            "object": "response",
            "created_at": 1764000000,
            "status": "completed",
            "completed_at": 1764000001,
            "model": "gpt-5.1",
            "output": [
                {
                    "id": "msg_1",
                    "type": "message",
                    "status": "completed",
                    "role": "assistant",
                    "content": [{"type": "output_text", "text": "Hello!", "annotations": [], "logprobs": []}],
                }
            ],
            "error": None,
            "incomplete_details": None,
            "instructions": None,
            "metadata": {},
            "parallel_tool_calls": True,
            "temperature": 1.0,
            "top_p": 1.0,
            "tool_choice": "auto",
            "tools": [],
            "usage": {
                "input_tokens": 9,
                "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
                "output_tokens": 3,
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": 12,
            },
        },
    ),
)
