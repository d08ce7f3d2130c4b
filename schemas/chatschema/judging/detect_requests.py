"""What a body is that a client sends, where no address says it.

`messages` alone is OpenAI's own format to train with, an export of a chat, a report of ESLint's; `input` alone is
everyone's. So a request has to say its model too, and has none of the members that stand in data sets and exports.
"""

from chatschema.core.kind import Kind
from chatschema.core.violation import JsonObject

__all__ = ["is_responses_request", "request_kind_of"]

#: Members that no request has, and what is made of requests does.
_KEPT = frozenset(
    [
        "answer",
        "chosen",
        "choices",
        "completion",
        "create_time",
        "created",
        "created_at",
        "expected",
        "id",
        "label",
        "object",
        "output",
        "rejected",
        "response",
        "responses",
        "score",
        "timestamp",
        "title",
        "updated_at",
        "usage",
    ]
)
#: Members that no other request with an `input` has: not one for embeddings, moderation or speech.
_RESPONSES_ONLY = frozenset(
    [
        "background",
        "conversation",
        "include",
        "max_output_tokens",
        "max_tool_calls",
        "parallel_tool_calls",
        "previous_response_id",
        "reasoning",
        "store",
        "stream",
        "text",
        "tool_choice",
        "tools",
    ]
)


def request_kind_of(value: JsonObject) -> Kind | None:
    """The kind of a request to one of OpenAI's routes but for `/responses`."""
    if not isinstance(value.get("model"), str) or value.keys() & _KEPT:
        return None
    match value:
        case {"messages": [] | [{"role": str()}, *_]}:
            return Kind.CHAT_REQUEST
        case {"prompt": str() | list()}:
            return Kind.TEXT_REQUEST
        case {"input": str() | list(), "encoding_format": str()} | {
            "input": str() | list(),
            "dimensions": int(),
        }:
            return Kind.EMBEDDINGS_REQUEST
        case _:
            return None


def is_responses_request(value: JsonObject) -> bool:
    """Whether it can only be a request to `/responses`."""
    if not isinstance(value.get("model"), str) or value.keys() & (_KEPT | {"messages", "voice"}):
        return False
    match value:
        case {"input": [{"role": str()} | {"type": str()}, *_]}:
            return True
        case {"input": list() | str()}:
            return bool(value.keys() & _RESPONSES_ONLY)
        case _:
            return False
