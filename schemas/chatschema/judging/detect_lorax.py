"""What a body is that only LoRAX sends or takes.

Nothing that OpenAI sends is one of LoRAX's; TGI, which LoRAX came from, shares the native ones, and they are judged as
LoRAX's. In the OpenAI forms only LoRAX says the text "null" for id, and but for whole chats for model.
"""

from collections.abc import Sequence

from chatschema.core.kind import Kind
from chatschema.core.violation import JsonObject, JsonValue

__all__ = ["lorax_kind_of"]

_ADAPTERS = frozenset({"adapter_id", "adapter_source", "merged_adapters", "api_token"})


def lorax_kind_of(value: JsonValue) -> Kind | None:
    """The kind of a body that only LoRAX sends or takes; None where it is another's, or several of its could be."""
    if isinstance(value, list):
        return _list_kind(value)
    if not isinstance(value, dict):
        return None
    return _native_kind(value) or _openai_kind(value) or _request_kind(value)


def _native_kind(value: JsonObject) -> Kind | None:
    match value:
        case {"error": str(), "error_type": str(), **rest} if "choices" not in rest:
            return Kind.LORAX_ERROR
        case {"token": {"id": int(), "text": str()}} | {"token": dict(), "generated_text": _, "details": _}:
            return Kind.LORAX_EVENT
        case {"generated_text": str(), **rest} if not rest.keys() - {"details"} or isinstance(
            rest.get("details"), dict
        ):
            return Kind.LORAX_GENERATE
        case {"model_id": str(), "max_concurrent_requests": int()}:
            return Kind.LORAX_INFO
        case {"embeddings": [int() | float(), *_], **rest} if not rest:
            return Kind.LORAX_EMBED
        case {"embeddings": [{"embedding": list()}, *_]}:
            return Kind.LORAX_EMBEDDINGS
        case _:
            return None


def _openai_kind(value: JsonObject) -> Kind | None:
    match value:
        case {"object": "text_completion", "id": "null", "choices": [{"message": _}, *_]}:
            return Kind.LORAX_CHAT  # which says the model that was asked for
        case {"object": "chat.completion.chunk", "id": "null", "model": "null"}:
            return Kind.LORAX_CHAT_CHUNK
        case {
            "object": "text_completion",
            "id": "null",
            "model": "null",
            "choices": [{"finish_reason": None}, *_],
        }:
            return Kind.LORAX_TEXT_CHUNK
        case {"object": "text_completion", "id": "null", "model": "null"}:
            return Kind.LORAX_TEXT
        case _:
            return None


def _request_kind(value: JsonObject) -> Kind | None:
    match value:
        case {"inputs": str(), "add_special_tokens": bool()}:
            return Kind.LORAX_TOKENIZE_REQUEST
        case {"inputs": str(), "parameters": dict(parameters)} if parameters.keys() - _ADAPTERS:
            return Kind.LORAX_GENERATE_REQUEST
        # lorax-client says `stream` to every route, and `"parameters": null` where there are none
        case {"inputs": str(), "stream": bool()} if value.get("parameters", {}) is not None:
            return Kind.LORAX_GENERATE_REQUEST
        case {"messages": list(), "adapter_source": str()}:
            return Kind.LORAX_CHAT_REQUEST
        case {"prompt": str(), "adapter_source": str()}:
            return Kind.LORAX_TEXT_REQUEST
        case {"input": _, "parameters": dict(parameters)} if parameters.keys() & _ADAPTERS:
            return Kind.LORAX_EMBEDDINGS_REQUEST
        case _:
            return None


def _list_kind(value: Sequence[JsonValue]) -> Kind | None:
    match value:
        case [{"generated_text": str()}, *_]:
            return Kind.LORAX_ROOT
        case [{"id": int(), "text": str(), "start": int(), "stop": int()}, *_]:
            return Kind.LORAX_TOKENIZE
        case [{"entity_group": str(), "score": int() | float()}, *_]:
            return Kind.LORAX_CLASSIFY
        case [list(), *_] if any(
            _list_kind(one) is Kind.LORAX_CLASSIFY for one in value if isinstance(one, list)
        ):
            return Kind.LORAX_CLASSIFY_BATCH
        case _:
            return None
