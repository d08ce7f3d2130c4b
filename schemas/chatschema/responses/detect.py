"""What a body of Open Responses looks like."""

from chatschema.core.kind import Kind
from chatschema.core.violation import JsonObject, JsonValue

__all__ = ["RESPONSE_STREAM_OF", "response_kind_of"]

#: The kind of one event -> the kind of the stream that it belongs to.
RESPONSE_STREAM_OF = {Kind.RESPONSE_EVENT: Kind.RESPONSE_STREAM}

#: Members that no other request with an `input` has: not one for embeddings, moderation or speech.
_OWN = frozenset(
    {
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
    }
)


def response_kind_of(value: JsonValue) -> Kind | None:
    """The kind of a body where it can only be one of these; None otherwise."""
    return _kind(value) if isinstance(value, dict) else None


def _kind(value: JsonObject) -> Kind | None:
    match value:
        case {"object": "response"}:
            return Kind.RESPONSE
        case {"type": str(kind)} if kind.startswith("response."):
            return Kind.RESPONSE_EVENT
        case {"type": str(), "sequence_number": int()}:
            return Kind.RESPONSE_EVENT
        case {"input": list() | str(), **rest} if not rest.keys() & {"object", "messages", "voice"}:
            return Kind.RESPONSE_REQUEST if _asks(value) else None
        case _:
            return None


def _asks(request: JsonObject) -> bool:
    match request:
        case {"input": [{"role": _} | {"type": _}, *_]}:
            return True
        case _:
            return bool(request.keys() & _OWN)
