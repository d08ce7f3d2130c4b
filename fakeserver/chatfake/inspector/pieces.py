"""What a JSON body or one chunk of a stream says, whichever API it belongs to, in small pieces.

Read as a tolerant client would: what is missing or has the wrong type says nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chatfake.core.json_text import JsonObject, JsonValue, dump
from chatfake.core.tokens import text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """`kind` is a member of the answer: text, reasoning, refusal, call, id, arguments, role, finish, usage, …"""

    kind: str
    text: str
    choice: int = 0
    call: int = 0  #: which of the calls, for call, id and arguments


def pieces_of(value: JsonValue) -> Iterator[Piece]:
    """All pieces, in the order in which they are to be read."""
    if isinstance(value, dict):
        for read in _READERS:
            yield from read(value)


def _error(value: JsonObject) -> Iterator[Piece]:
    error = value.get("error")
    if isinstance(error, str):
        yield Piece(kind="error", text=error)
    elif isinstance(error, dict):
        message = error.get("message")
        yield Piece(kind="error", text=message if isinstance(message, str) else dump(error))


def _choices(value: JsonObject) -> Iterator[Piece]:
    for place, choice in enumerate(_list(value.get("choices"))):
        if not isinstance(choice, dict):
            continue
        written = choice.get("index")
        index = written if isinstance(written, int) and not isinstance(written, bool) else place
        for member in ("message", "delta"):
            yield from _message(_object(choice.get(member)), index)
        if not ("message" in choice or "delta" in choice):  # Together says its deltas here once more
            yield from _text("text", choice.get("text"), index)
        yield from _text("finish", choice.get("finish_reason"), index)


def _message(message: JsonObject, index: int) -> Iterator[Piece]:
    yield from _text("role", message.get("role"), index)
    for member in ("reasoning_content", "reasoning"):
        yield from _text("reasoning", message.get(member), index)
    yield from _text("text", text_of(message.get("content")) or None, index)
    yield from _text("refusal", message.get("refusal"), index)
    for place, call in enumerate(_list(message.get("tool_calls"))):
        if isinstance(call, dict):
            number = call.get("index")
            yield from _call(
                call, _object(call.get("function")), index, number if isinstance(number, int) else place
            )
    if isinstance(old := message.get("function_call"), dict):
        yield from _call({}, old, index, 0)


def _call(call: JsonObject, function: JsonObject, choice: int, number: int) -> Iterator[Piece]:
    arguments = function.get("arguments")
    written = arguments if isinstance(arguments, str) or arguments is None else dump(arguments)
    for kind, text in (("id", call.get("id")), ("call", function.get("name")), ("arguments", written)):
        if isinstance(text, str) and text:
            yield Piece(kind=kind, text=text, choice=choice, call=number)


def _generated(value: JsonObject) -> Iterator[Piece]:
    """LoRAX and TGI: the last event of a stream repeats as a whole what its tokens said."""
    token = value.get("token")
    if isinstance(token, dict):
        if token.get("special") is not True:
            yield from _text("text", token.get("text"), 0)
    else:
        yield from _text("text", value.get("generated_text"), 0)
    yield from _text("finish", _object(value.get("details")).get("finish_reason"), 0)


def _response(value: JsonObject) -> Iterator[Piece]:
    """The Responses API, a body or an event. The events that repeat the whole say only how it ended."""
    kind, delta = value.get("type"), value.get("delta")
    if kind in _DELTAS:
        yield from _text(_DELTAS[str(kind)], delta, 0, _int(value.get("output_index")))
    elif kind == "response.output_item.added":
        begun = {**_object(value.get("item")), "arguments": None, "input": None}
        yield from _item(begun, _int(value.get("output_index")))
    for place, item in enumerate(_list(value.get("output"))):
        yield from _item(_object(item), place)
    if isinstance(value.get("output"), list):
        yield from _text("finish", value.get("status"), 0)
    elif isinstance(kind, str) and kind.startswith("response."):
        response = _object(value.get("response"))
        if response.get("status") != "in_progress":
            yield from _text("finish", response.get("status"), 0)
        yield from _error(response)
        yield from _usage(response)


_DELTAS = {
    "response.output_text.delta": "text",
    "response.refusal.delta": "refusal",
    "response.reasoning_text.delta": "reasoning",
    "response.reasoning_summary_text.delta": "reasoning",
    "response.function_call_arguments.delta": "arguments",
    "response.custom_tool_call_input.delta": "arguments",
}


def _item(item: JsonObject, number: int) -> Iterator[Piece]:
    sort = item.get("type")
    if sort in ("function_call", "custom_tool_call"):
        written = "input" if sort == "custom_tool_call" else "arguments"
        for kind, member in (("id", "call_id"), ("call", "name"), ("arguments", written)):
            yield from _text(kind, item.get(member), 0, number)
    for part in (*_list(item.get("summary")), *_list(item.get("content"))):
        yield from _text("reasoning" if sort == "reasoning" else "text", _object(part).get("text"), 0)
        yield from _text("refusal", _object(part).get("refusal"), 0)


def _listed(value: JsonObject) -> Iterator[Piece]:
    """A note that says how many embeddings or models there are."""
    data = [one for one in _list(value.get("data")) if isinstance(one, dict)]
    vectors = [one["embedding"] for one in data if "embedding" in one]
    if vectors:
        first = vectors[0]
        size = f" of {len(first)} numbers" if isinstance(first, list) else ""
        count = f"{len(vectors)} embedding{'s' * (len(vectors) > 1)}"
        yield Piece(kind="note", text=f"{count}{size}")
    elif data:
        yield Piece(kind="note", text=f"{len(data)} listed")


def _usage(value: JsonObject) -> Iterator[Piece]:
    usage = _object(value.get("usage"))
    for sent, received in (("prompt_tokens", "completion_tokens"), ("input_tokens", "output_tokens")):
        if sent in usage:
            yield Piece(kind="usage", text=f"{usage[sent]} + {usage.get(received, 0)} tokens")


_READERS: tuple[Callable[[JsonObject], Iterator[Piece]], ...] = (
    _error,
    _choices,
    _generated,
    _response,
    _listed,
    _usage,
)


def _text(kind: str, value: JsonValue, choice: int, call: int = 0) -> Iterator[Piece]:
    if isinstance(value, str) and value:
        yield Piece(kind=kind, text=value, choice=choice, call=call)


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _int(value: JsonValue) -> int:
    return value if isinstance(value, int) else 0
