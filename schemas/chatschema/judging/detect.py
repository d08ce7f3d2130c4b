"""What a body is, as far as that can be told from its content.

`object` decides, or whatever member a protocol has for that; where it is missing or wrong, the member that only
this kind has. Nothing that OpenAI sends is one of LoRAX's; TGI, which LoRAX came from, shares the native ones,
and they are judged as LoRAX's.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from chatschema.core.json_text import NotJsonError, load, objects
from chatschema.core.kind import Kind
from chatschema.core.sse import SseEvent
from chatschema.core.violation import JsonObject, JsonValue

__all__ = ["is_stream", "kind_of", "lorax_kind_of", "response_kind_of", "stream_kind_of"]

#: A line of an event stream comes first, whatever follows.
_STREAM = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]*(?::|(?:data|event|id|retry)[:\r\n])")

#: The kind of one event -> the kind of the stream that it belongs to. An error of LoRAX's by itself is an event of all
#: three of its streams, the same in each; and the last chunk of a text looks like a whole answer.
_STREAM_OF: Mapping[Kind, Kind] = {
    Kind.CHUNK: Kind.STREAM,
    Kind.TEXT: Kind.TEXT_STREAM,
    Kind.TEXT_CHUNK: Kind.TEXT_STREAM,
    Kind.RESPONSE_EVENT: Kind.RESPONSE_STREAM,
    Kind.LORAX_EVENT: Kind.LORAX_STREAM,
    Kind.LORAX_CHAT_CHUNK: Kind.LORAX_CHAT_STREAM,
    Kind.LORAX_TEXT: Kind.LORAX_TEXT_STREAM,
    Kind.LORAX_TEXT_CHUNK: Kind.LORAX_TEXT_STREAM,
}

_ADAPTERS = frozenset({"adapter_id", "adapter_source", "merged_adapters", "api_token"})
#: Members that no other request with an `input` has: not one for embeddings, moderation or speech.
_RESPONSES_ONLY = frozenset(
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

#: Events that are looked at: an error or a keep-alive may come before the first that tells.
_FIRST = 8


def is_stream(data: bytes) -> bool:
    """Whether bytes are the dump of an event stream."""
    return bool(_STREAM.match(data[:4096]))


def kind_of(value: JsonValue) -> Kind | None:
    """The kind of a JSON body; None where it is none that is known."""
    if (lorax := lorax_kind_of(value)) is not None:
        return lorax
    if (response := response_kind_of(value)) is not None:
        return response
    match value:
        case {"object": "chat.completion"}:
            return Kind.COMPLETION
        case {"object": "chat.completion.chunk"}:
            return Kind.CHUNK
        case {"object": "text_completion", "choices": choices} | {"choices": [{"text": _}, *_] as choices}:
            return _text_kind(choices)
        case {"object": "model"}:
            return Kind.MODEL
        case {"data": [{"object": "embedding"} | {"embedding": _}, *_]} | {"data": [], "usage": _}:
            return Kind.EMBEDDINGS
        case {"error": _, **rest} if "choices" not in rest:
            return Kind.ERROR
        case {"choices": [{"delta": _}, *_]} | {"choices": [], "id": ""}:
            return Kind.CHUNK
        case {"choices": _}:
            return Kind.COMPLETION
        case {"object": "list"} | {"data": list()}:
            return Kind.MODELS
        case {"messages": list()}:
            return Kind.CHAT_REQUEST
        case {"prompt": str() | list(), "model": _}:
            return Kind.TEXT_REQUEST
        case {"input": _, "encoding_format": _} | {"input": _, "dimensions": _}:
            return Kind.EMBEDDINGS_REQUEST
        case _:
            return None


def _text_kind(choices: JsonValue) -> Kind:
    """A chunk and a whole answer say the same `object`; one of them has ended."""
    found = objects({"choices": choices}, "choices")
    ended = all(choice.get("finish_reason") is not None for _, choice in found)
    return Kind.TEXT if ended else Kind.TEXT_CHUNK


def stream_kind_of(events: Iterable[SseEvent]) -> Kind:
    """The kind of a stream by its first events; a chat completion's where they do not tell."""
    fallback = Kind.STREAM
    for event in islice(events, _FIRST):
        try:
            value = load(event.data).value
        except NotJsonError:
            continue
        kind = kind_of(value) or Kind.ERROR
        found = _STREAM_OF.get(kind)
        if found is not None:
            return found
        if kind is Kind.LORAX_ERROR:
            fallback = Kind.LORAX_STREAM
    return fallback


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
        case {"inputs": _, "parameters": dict(parameters)} if parameters.keys() - _ADAPTERS:
            return Kind.LORAX_GENERATE_REQUEST
        # lorax-client says `stream` to every route, and `"parameters": null` where there are none
        case {"inputs": _, "stream": _} if value.get("parameters", {}) is not None:
            return Kind.LORAX_GENERATE_REQUEST
        case {"messages": _, "adapter_source": _}:
            return Kind.LORAX_CHAT_REQUEST
        case {"prompt": _, "adapter_source": _}:
            return Kind.LORAX_TEXT_REQUEST
        case {"input": _, "parameters": dict(parameters)} if parameters.keys() & _ADAPTERS:
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


def response_kind_of(value: JsonValue) -> Kind | None:
    """The kind of a body where it can only be one of these; None otherwise."""
    return _response_kind(value) if isinstance(value, dict) else None


def _response_kind(value: JsonObject) -> Kind | None:
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
            return bool(request.keys() & _RESPONSES_ONLY)
