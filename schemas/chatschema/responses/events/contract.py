"""The data of one event of a stream."""

from chatschema.core.kind import Kind
from chatschema.judging.contract import Contract

from .event import ResponseEvent
from .rules import EVENT_RULES

__all__ = ["EVENT"]

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
