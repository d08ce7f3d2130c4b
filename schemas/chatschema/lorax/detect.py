"""Which of LoRAX's bodies a value is. Nothing that OpenAI sends is one of them.

TGI, which LoRAX came from, shares the native ones, and they are judged as LoRAX's.
"""

from collections.abc import Mapping, Sequence

from chatschema.core.kind import Kind
from chatschema.core.violation import JsonObject, JsonValue

__all__ = ["LORAX_STREAM_OF", "lorax_kind_of"]

#: The kind of one event -> the kind of the stream. An error by itself is an event of all three, the same in each.
LORAX_STREAM_OF: Mapping[Kind, Kind] = {
    Kind.LORAX_EVENT: Kind.LORAX_STREAM,
    Kind.LORAX_CHAT_CHUNK: Kind.LORAX_CHAT_STREAM,
    Kind.LORAX_TEXT: Kind.LORAX_TEXT_STREAM,  # the last chunk looks like a whole answer
    Kind.LORAX_TEXT_CHUNK: Kind.LORAX_TEXT_STREAM,
}

_ADAPTER = frozenset({"adapter_id", "adapter_source", "merged_adapters", "api_token"})


def lorax_kind_of(value: JsonValue) -> Kind | None:
    """The kind of a body that only LoRAX sends or takes; None where it is another's, or several of its could be."""
    if isinstance(value, list):
        return _list_kind(value)
    return (
        (_native_kind(value) or _openai_kind(value) or _request_kind(value))
        if isinstance(value, dict)
        else None
    )


def _native_kind(value: JsonObject) -> Kind | None:
    match value:
        case {"error": str(), "error_type": _, **rest} if "choices" not in rest:
            return Kind.LORAX_ERROR
        case {"token": dict()}:
            return Kind.LORAX_EVENT
        case {"generated_text": _}:
            return Kind.LORAX_GENERATE
        case {"model_id": _, "max_concurrent_requests": _}:
            return Kind.LORAX_INFO
        case {"embeddings": [int() | float(), *_]}:
            return Kind.LORAX_EMBED
        case {"embeddings": [{"embedding": _}, *_]}:
            return Kind.LORAX_EMBEDDINGS
        case _:
            return None


def _openai_kind(value: JsonObject) -> Kind | None:
    match value:
        case {"object": "text_completion", "choices": [{"message": _}, *_]}:
            return Kind.LORAX_CHAT
        case {"object": "chat.completion.chunk", "id": "null", "model": "null"}:
            return Kind.LORAX_CHAT_CHUNK
        case {"object": "text_completion", "id": "null", "choices": [{"finish_reason": None}, *_]}:
            return Kind.LORAX_TEXT_CHUNK
        case {"object": "text_completion", "id": "null"}:
            return Kind.LORAX_TEXT
        case _:
            return None


def _request_kind(value: JsonObject) -> Kind | None:
    match value:
        case {"inputs": list()}:
            return Kind.LORAX_CLASSIFY_BATCH_REQUEST
        case {"inputs": _, "add_special_tokens": _}:
            return Kind.LORAX_TOKENIZE_REQUEST
        case {"inputs": _, "parameters": dict(parameters)} if parameters.keys() - _ADAPTER:
            return Kind.LORAX_GENERATE_REQUEST
        # lorax-client says `stream` to every route, and `"parameters": null` where there are none
        case {"inputs": _, "stream": _} if value.get("parameters", {}) is not None:
            return Kind.LORAX_GENERATE_REQUEST
        case {"messages": _, "adapter_source": _}:
            return Kind.LORAX_CHAT_REQUEST
        case {"prompt": _, "adapter_source": _}:
            return Kind.LORAX_TEXT_REQUEST
        case {"input": _, "parameters": dict(parameters)} if parameters.keys() & _ADAPTER:
            return Kind.LORAX_EMBEDDINGS_REQUEST
        case _:
            return None


def _list_kind(value: Sequence[JsonValue]) -> Kind | None:
    match value:
        case [{"generated_text": _}, *_]:
            return Kind.LORAX_ROOT
        case [{"start": _, "stop": _}, *_]:
            return Kind.LORAX_TOKENIZE
        case [{"entity_group": _}, *_]:
            return Kind.LORAX_CLASSIFY
        case [list(), *_] if any(
            _list_kind(one) is Kind.LORAX_CLASSIFY for one in value if isinstance(one, list)
        ):
            return Kind.LORAX_CLASSIFY_BATCH
        case _:
            return None
