"""What a body is, as far as that can be told from its content.

`object` decides, or whatever member a protocol has for that; where it is missing or wrong, the member that only
this kind has.
"""

import re
from collections.abc import Iterable
from itertools import islice

from chatschema.core.json_text import NotJsonError, load
from chatschema.core.json_walk import objects
from chatschema.core.kind import Kind
from chatschema.core.sse import SseEvent
from chatschema.core.violation import JsonValue
from chatschema.lorax.detect import LORAX_STREAM_OF, lorax_kind_of
from chatschema.responses.detect import RESPONSE_STREAM_OF, response_kind_of

__all__ = ["is_stream", "kind_of", "stream_kind_of"]

#: A line of an event stream comes first, whatever follows.
_STREAM = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]*(?::|(?:data|event|id|retry)[:\r\n])")

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


#: The kind of one event -> the kind of the stream that it belongs to.
_STREAM_OF = {
    Kind.CHUNK: Kind.STREAM,
    Kind.TEXT: Kind.TEXT_STREAM,  # the last chunk looks like a whole answer
    Kind.TEXT_CHUNK: Kind.TEXT_STREAM,
    **LORAX_STREAM_OF,
    **RESPONSE_STREAM_OF,
}
