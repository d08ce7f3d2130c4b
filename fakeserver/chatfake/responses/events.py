"""A response as the events of a stream. They are numbered last, so that whoever changes them need not count.

Each item is opened, grows in pieces of one token and is closed; between the items nothing is said.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

from chatfake.core.json_text import JsonObject, JsonValue, digest
from chatfake.core.tokens import split

Events: TypeAlias = Iterator[JsonObject]
#: Where an event belongs: the index and the id of its item, and the index of its part.
Place: TypeAlias = JsonObject

#: Lengths of delta and padding together are a multiple of it.
_PADDED_TO = 16
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def events_of(started: JsonObject, items: Iterable[JsonObject], finished: JsonObject) -> Events:
    """All events of a response, from its first state to its last. An error is told before the end."""
    yield {"type": "response.created", "response": started}
    yield {"type": "response.in_progress", "response": started}
    for index, item in enumerate(items):
        yield from _item(index, item)
    if isinstance(error := finished.get("error"), dict):
        yield {"type": "error", "code": error.get("code"), "message": error.get("message"), "param": None}
    yield {"type": f"response.{finished.get('status')}", "response": finished}


def numbered(events: Iterable[JsonObject], padding: str) -> Events:
    """With sequence numbers, and padded, unless `padding` is empty; it is what the padding is derived from.

    What has no type is no event, and is left as it is.
    """
    for number, event in enumerate(events):
        if "type" not in event:
            yield event
            continue
        told: JsonObject = {**event, "sequence_number": number}
        if padding and isinstance(delta := event.get("delta"), str):
            told["obfuscation"] = _noise(-len(delta) % _PADDED_TO, padding, number)
        yield {"type": told["type"], **{name: told[name] for name in sorted(told) if name != "type"}}


def _noise(length: int, seed: str, number: int) -> str:
    mark = bytes.fromhex(digest(seed, str(number)))
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in mark[:length])


def _item(index: int, item: JsonObject) -> Events:
    place: Place = {"output_index": index, "item_id": item.get("id")}
    yield {"type": "response.output_item.added", "output_index": index, "item": _opened_item(item)}
    yield from _BODIES.get(str(item.get("type")), _nothing)(place, item)
    yield {"type": "response.output_item.done", "output_index": index, "item": item}


def _opened_item(item: JsonObject) -> JsonObject:
    empty: JsonObject = {"content": [], "summary": [], "arguments": "", "input": ""}
    status: JsonObject = {"status": "in_progress"}
    return {name: {**empty, **status}.get(name, value) for name, value in item.items()}


def _nothing(_: Place, __: JsonObject) -> Events:
    yield from ()


def _message(place: Place, item: JsonObject) -> Events:
    for number, part in _parts(item, "content"):
        here: Place = {**place, "content_index": number}
        yield {"type": "response.content_part.added", **here, "part": _opened_part(part)}
        yield from _part_events(here, part)
        yield {"type": "response.content_part.done", **here, "part": part}


def _parts(item: JsonObject, shelf: str) -> Iterator[tuple[int, JsonObject]]:
    parts = item.get(shelf)
    for number, part in enumerate(parts if isinstance(parts, list) else []):
        if isinstance(part, dict):
            yield number, part


def _opened_part(part: JsonObject) -> JsonObject:
    empty: JsonObject = {"annotations": [], "logprobs": [], "text": "", "refusal": ""}
    return {name: empty.get(name, value) for name, value in part.items()}


def _part_events(place: Place, part: JsonObject) -> Events:
    match part.get("type"):
        case "output_text":
            yield from _text(place, part)
        case "refusal":
            yield from _pieces("refusal", place, "refusal", part.get("refusal"))
        case "reasoning_text":
            yield from _pieces("reasoning_text", place, "text", part.get("text"))
        case _:
            pass


def _text(place: Place, part: JsonObject) -> Events:
    text, scores = str(part.get("text", "")), part.get("logprobs")
    entries: list[JsonValue] = scores if isinstance(scores, list) else []
    for number, token in enumerate(split(text)):
        yield {
            "type": "response.output_text.delta",
            **place,
            "delta": token,
            "logprobs": entries[number : number + 1],
        }
    annotations = part.get("annotations")
    for number, annotation in enumerate(annotations if isinstance(annotations, list) else []):
        yield {
            "type": "response.output_text.annotation.added",
            **place,
            "annotation": annotation,
            "annotation_index": number,
        }
    yield {"type": "response.output_text.done", **place, "text": text, "logprobs": entries}


def _pieces(name: str, place: Place, whole: str, text: JsonValue) -> Events:
    """A text a token at a time, then all of it."""
    for token in split(text) if isinstance(text, str) else ():
        yield {"type": f"response.{name}.delta", **place, "delta": token}
    yield {"type": f"response.{name}.done", **place, whole: text}


def _reasoning(place: Place, item: JsonObject) -> Events:
    for number, part in _parts(item, "summary"):
        here: Place = {**place, "summary_index": number}
        yield {"type": "response.reasoning_summary_part.added", **here, "part": _opened_part(part)}
        yield from _pieces("reasoning_summary_text", here, "text", part.get("text"))
        yield {"type": "response.reasoning_summary_part.done", **here, "part": part}
    yield from _message(place, item)


def _function_call(place: Place, item: JsonObject) -> Events:
    yield from _pieces("function_call_arguments", place, "arguments", item.get("arguments"))


def _custom_call(place: Place, item: JsonObject) -> Events:
    yield from _pieces("custom_tool_call_input", place, "input", item.get("input"))


#: The type of an item -> what comes between its beginning and its end.
_BODIES: Mapping[str, Callable[[Place, JsonObject], Events]] = MappingProxyType(
    {
        "message": _message,
        "reasoning": _reasoning,
        "function_call": _function_call,
        "custom_tool_call": _custom_call,
    }
)
