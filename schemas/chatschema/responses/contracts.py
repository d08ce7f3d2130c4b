"""The JSON bodies of Open Responses."""

from chatschema.core.kind import Kind
from chatschema.judging.contract import Contract
from chatschema.responses.events.event import ResponseEvent
from chatschema.responses.events.rules import EVENT_RULES
from chatschema.responses.request.request import ResponseRequest
from chatschema.responses.request.rules import REQUEST_RULES
from chatschema.responses.response.response import Response
from chatschema.responses.response.rules import RESPONSE_RULES

__all__ = ["EVENT", "REQUEST", "RESPONSE", "RESPONSE_CONTRACTS"]

RESPONSE = Contract(
    kind=Kind.RESPONSE,
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
EVENT = Contract(
    kind=Kind.RESPONSE_EVENT,
    form=ResponseEvent,
    rules=EVENT_RULES,
    summary="The data of one event of a streamed response.",
    reference="ResponseStreamEvent",
    examples=(
        {
            "type": "response.output_text.delta",
            "sequence_number": 4,
            "output_index": 0,
            "item_id": "msg_1",
            "content_index": 0,
            "delta": "Hello",
            "logprobs": [],
        },
    ),
)
REQUEST = Contract(
    kind=Kind.RESPONSE_REQUEST,
    form=ResponseRequest,
    rules=REQUEST_RULES,
    summary="The body of `POST /v1/responses`.",
    reference="CreateResponse",
    examples=(
        {
            "model": "gpt-5.1",
            "instructions": "Answer in one word.",
            "input": [{"role": "user", "content": [{"type": "input_text", "text": "How are you?"}]}],
            "store": False,
            "stream": True,
        },
    ),
)

RESPONSE_CONTRACTS = (RESPONSE, EVENT, REQUEST)
