"""What a body is, as far as that can be told from its content.

`object` decides, or whatever member a protocol has for that; where it is missing or wrong, two members that only this
kind has, of the right types. One is not enough: `data`, `messages`, `choices`, `error` are everyone's words.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from chatschema.core.json_text import NotJsonError, load, objects, whole
from chatschema.core.kind import Kind
from chatschema.core.sse import SseEvent
from chatschema.core.violation import JsonObject, JsonValue

from .detect_lorax import lorax_kind_of
from .detect_requests import is_responses_request, request_kind_of
from .framing import first_text

__all__ = [
    "FIRST",
    "begins_as_stream",
    "is_error_by_address",
    "is_flat_error",
    "is_stream",
    "kind_of",
    "list_of",
    "lorax_kind_of",
    "named_kind_of",
    "response_kind_of",
    "stream_kind_of",
]

#: A line of an event stream comes first, whatever follows.
_STREAM = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]*(?::|(?:data|event|id|retry)[:\r\n]|error: ?\{)")
#: What a line brings that only event streams have; the field's name may stand twice.
_PAYLOAD = re.compile(rb"^(?:\xef\xbb\xbf)?(?:(?:data: ?)+|error: ?)(\{|\[)(.*)$", re.MULTILINE)
#: The lines after it that are data of the same event: a JSON text may go over several.
_MORE = re.compile(rb"(?:\ndata:[^\n]*)*")
#: Bytes in which the first such line has to come, and lines that are tried.
_SEARCHED = 256 * 1024
_TRIED = 32

#: `object` -> the kind that it names.
_NAMED: Mapping[JsonValue, Kind] = {
    "chat.completion": Kind.COMPLETION,
    "chat.completion.chunk": Kind.CHUNK,
    "text_completion": Kind.TEXT,
    "model": Kind.MODEL,
    "error": Kind.ERROR,
    "response": Kind.RESPONSE,
}
_PLAIN: Sequence[JsonValue] = ("chat.completion", "chat.completion.chunk")
#: The kind of one event -> the kind of the stream that it belongs to. An error of LoRAX's by itself is an event of all
#: three of its streams, the same in each; and the last chunk of a text looks like a whole answer.
_STREAM_OF: Mapping[Kind, Kind] = {
    Kind.COMPLETION: Kind.STREAM,
    Kind.CHUNK: Kind.STREAM,
    Kind.TEXT: Kind.TEXT_STREAM,
    Kind.TEXT_CHUNK: Kind.TEXT_STREAM,
    Kind.RESPONSE_EVENT: Kind.RESPONSE_STREAM,
    Kind.LORAX_EVENT: Kind.LORAX_STREAM,
    Kind.LORAX_CHAT_CHUNK: Kind.LORAX_CHAT_STREAM,
    Kind.LORAX_TEXT: Kind.LORAX_TEXT_STREAM,
    Kind.LORAX_TEXT_CHUNK: Kind.LORAX_TEXT_STREAM,
}

#: Events that are looked at: an error or a keep-alive may come before the first that tells.
FIRST = 8
#: Members that an event of ours has at least one of: what has none of them is another protocol's.
_OUR_EVENTS = frozenset(
    [
        "choices",
        "created",
        "delta",
        "detail",
        "error",
        "error_type",
        "finish_reason",
        "generated_text",
        "id",
        "message",
        "model",
        "object",
        "sequence_number",
        "token",
        "usage",
    ]
)
#: Members of an error that stands at the top of its body.
_FLAT = frozenset({"code", "message", "object", "param", "request_id", "status", "type"})

#: Items of a list that are looked at, and words for what is in it.
_LOOKED_AT = 100
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{0,39}")
_TYPES: Mapping[type, str] = {
    str: "texts", int: "numbers", float: "numbers", bool: "booleans", list: "lists", type(None): "nulls",
}  # fmt: skip


def begins_as_stream(data: bytes) -> bool:
    """Whether bytes begin as an event stream does; so do some texts and YAML."""
    return bool(_STREAM.match(data[:4096]))


def is_stream(data: bytes) -> bool:
    """Whether bytes are the dump of an event stream: a line of theirs brings JSON, or `[DONE]`."""
    if not begins_as_stream(data):
        return False
    head = data[:_SEARCHED]
    if b"\r" in head:  # alone, it ends a line as well
        head = head.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    is_cut = len(data) > _SEARCHED
    return any(_is_payload(line, head, is_cut=is_cut) for line in islice(_PAYLOAD.finditer(head), _TRIED))


def _is_payload(line: re.Match[bytes], head: bytes, *, is_cut: bool) -> bool:
    text = line.group(1) + line.group(2)
    if text.startswith(b"[DONE]"):
        return True
    if text.startswith(b"{") and is_cut and line.end() == len(head):
        return True  # it goes on behind what is looked at
    more = _MORE.match(head, line.end())
    return _begins_as_json(text) or (
        more is not None
        and bool(more.group())
        and _begins_as_json(text + more.group().replace(b"\ndata:", b"\n"))
    )


def _begins_as_json(text: bytes) -> bool:
    try:
        json.JSONDecoder().raw_decode(text.decode(errors="replace"))
    except RecursionError:
        return True
    except ValueError:
        return False
    return True


def kind_of(value: JsonValue) -> Kind | None:
    """The kind of a JSON body; None where it is none that is known."""
    if not isinstance(value, dict):
        return lorax_kind_of(value)
    if value.get("id") != "null" and (kind := _plain_kind(value)) is not None:
        return kind
    return (
        lorax_kind_of(value)
        or response_kind_of(value)
        or named_kind_of(value)
        or _choices_kind(value)
        or _list_kind(value)
        or _error_kind(value)
        or request_kind_of(value)
    )


def _plain_kind(value: JsonObject) -> Kind | None:
    """The kind of nearly every body, which says it: nothing else is looked at."""
    return named_kind_of(value) if value.get("object") in _PLAIN else None


def named_kind_of(value: JsonValue) -> Kind | None:
    """The kind that a body's own `object` names."""
    if not isinstance(value, dict) or not isinstance(name := value.get("object"), str):
        return None
    kind = _NAMED.get(name)
    if kind is not Kind.TEXT:
        return kind
    match value.get("choices"):
        case [{"message": _}, *_]:  # TGI's, until 2024
            return Kind.COMPLETION
        case [{"delta": _}, *_]:
            return Kind.CHUNK
        case choices:
            return _text_kind(choices)


def _text_kind(choices: JsonValue) -> Kind:
    """A chunk and a whole answer say the same `object`; one of them has ended."""
    found = objects({"choices": choices}, "choices")
    ended = all(choice.get("finish_reason") is not None for _, choice in found)
    return Kind.TEXT if ended else Kind.TEXT_CHUNK


def _choices_kind(value: JsonObject) -> Kind | None:
    """An answer whose `object` is missing or wrong, by its choices and what it has beside them."""
    choices = value.get("choices")
    if not isinstance(choices, list) or value.get("object") == "edit":  # another answer, with texts
        return None
    beside = (
        whole(value.get("created"))
        + isinstance(value.get("model"), str)
        + isinstance(value.get("usage"), dict)
    )
    match choices:
        case [{"delta": dict()}, *_]:
            return Kind.CHUNK
        case [{"message": {"role": _} | {"content": _} | {"tool_calls": _}}, *_]:
            return Kind.COMPLETION
        case [dict() as first, *_] if beside + _told(first) > 1:
            return _text_kind(choices) if isinstance(first.get("text"), str) else Kind.COMPLETION
        case [] if beside > 1:
            return Kind.CHUNK if value.get("id") == "" else Kind.COMPLETION  # Azure's first chunk
        case _:
            return None


def _told(choice: JsonObject) -> int:
    """How many members a choice has that only choices have."""
    reason, scores = choice.get("finish_reason", 0), choice.get("logprobs", 0)
    return isinstance(reason, str | None) + isinstance(scores, dict | None)


def _list_kind(value: JsonObject) -> Kind | None:
    match value.get("data"):
        case [{"object": "embedding"}, *_] | [{"embedding": str() | [int() | float(), *_]}, *_]:
            return Kind.EMBEDDINGS
        case [] if isinstance(value.get("usage"), dict):
            return Kind.EMBEDDINGS
        case list() as items if any(_is_model(item) for item in items[:_LOOKED_AT]):
            return Kind.MODELS
        case _:
            return None


def _is_model(item: JsonValue) -> bool:
    match item:
        case {"object": "model"} | {"id": str(), "owned_by": str()}:
            return True
        case _:
            return False


def _error_kind(value: JsonObject) -> Kind | None:
    if value.keys() & {"choices", "jsonrpc"}:
        return None
    match value.get("error"):
        case {"message": str(), **rest} if len(value) == 1 or rest.keys() & {"type", "param", "code"}:
            return Kind.ERROR
        case {"type": str(), "code": _}:
            return Kind.ERROR
        case _:
            return Kind.ERROR if is_flat_error(value) else None


def is_error_by_address(value: JsonValue) -> bool:
    """Whether a body is an error if it came from an address of ours: by itself, one text is everyone's."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    match value:
        case {"detail": str() | [{"msg": str()}, *_]} | {"error": str()}:
            return True
        case _:
            return False


def is_flat_error(value: JsonObject) -> bool:
    """Whether a body is an error object itself, which should stand under `error`."""
    match value:
        case {"object": "error"}:
            return True
        case {"message": str(), "type": str(kind), "code": _}:
            return not value.keys() - _FLAT and "error" in kind.lower() and kind.lower() != "error"
        case _:
            return False


def response_kind_of(value: JsonValue) -> Kind | None:
    """The kind of a body where it can only be one of these; None otherwise."""
    if not isinstance(value, dict):
        return None
    match value:
        case {"object": "response"}:
            return Kind.RESPONSE
        case {"type": str(), "sequence_number": int()}:
            return Kind.RESPONSE_EVENT
        case {"type": str(name), **rest} if (
            name.startswith("response.") and "event_id" not in rest
        ):  # Realtime has it
            return Kind.RESPONSE_EVENT if rest else None
        case _:
            return Kind.RESPONSE_REQUEST if is_responses_request(value) else None


def stream_kind_of(events: Iterable[SseEvent]) -> Kind | None:
    """The kind of a stream by its first events; a chat completion's where they do not tell.

    None where they are another protocol's: JSON objects that have no member of ours.
    """
    fallback: Kind | None = None
    other = False
    for event in islice(events, FIRST):
        try:
            value = _value_of(event.data)
        except NotJsonError:
            value = None
        kind = _event_kind(value)
        if kind is not None and kind in _STREAM_OF:
            return _STREAM_OF[kind]
        if kind is Kind.LORAX_ERROR:
            fallback = Kind.LORAX_STREAM
        elif kind is not None or event.field == "error" or event.data.startswith("[DONE]"):
            fallback = fallback or Kind.STREAM
        else:
            other = other or (isinstance(value, dict) and bool(value) and not value.keys() & _OUR_EVENTS)
    return fallback or (None if other else Kind.STREAM)


def _value_of(data: str) -> JsonValue:
    """An event's data; where it is no JSON text, the first that is in it."""
    try:
        return load(data).value
    except NotJsonError:
        return load(first_text(data)).value


def _event_kind(value: JsonValue) -> Kind | None:
    """The kind of an event. In a stream, weaker signs do: the stream is one already."""
    kind = kind_of(value)
    if kind is not None:
        return kind
    match value:
        case {"token": dict()}:
            return Kind.LORAX_EVENT
        case {"choices": [{"text": _}, *_] as choices}:
            return _text_kind(choices)
        case {"choices": list()}:
            return Kind.CHUNK
        case {"error": _}:
            return Kind.ERROR
        case _:
            return Kind.ERROR if is_error_by_address(value) else None


def list_of(value: JsonValue) -> str:
    """`a list of file`, where a body is a list of something else than a kind holds; empty where it is no list."""
    items = value.get("data") if isinstance(value, dict) else value
    if not isinstance(items, list):
        return ""
    if not items:
        return "an empty list"
    match items[0]:
        case {"object": str(name)} | {"type": str(name)} if _NAME.fullmatch(name):
            return f"a list of {name}"
        case dict():
            return "a list of objects"
        case first:
            return f"a list of {_TYPES.get(type(first), 'values')}"
