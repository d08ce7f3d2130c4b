"""Near misses of streams of responses whose events contradict each other: texts, ids, and the end."""

from collections.abc import Callable
from functools import partial

from chatproof.strategies.near.near_miss import catalogue, defect
from chatproof.strategies.near.responses.broken import (
    CALLING,
    PLAIN,
    Broken,
    Events,
    broken,
    changed,
    inserted,
    less,
    place_of,
    stripped,
)
from chatschema import JsonObject, Kind, Level

__all__ = ["NEAR_RESPONSE_TEXTS"]

_EVENTS, _SHAPE = "responses.sse.events", "responses.sse.shape"
_OUTPUT = ("response", "output")
_TEXT = ("content", 0, "text")
_DELTA = 4  # of a plain stream: the first piece of its text

_miss = partial(defect, Kind.RESPONSE_STREAM)


def _lost_piece(stream: Events) -> Broken:
    return less(stream, _DELTA), (place_of(stream, "output_text.done") - 1, "text")


def _no_pieces(stream: Events) -> Broken:
    kept = [event for event in stream if event["type"] != "response.output_text.delta"]
    return kept, (_DELTA, "text")


def _late_piece(stream: Events) -> Broken:
    place = place_of(stream, "output_text.done") + 1
    return inserted(stream, place, stream[_DELTA]), (place, "delta")


def _whole_twice(stream: Events) -> Broken:
    place = place_of(stream, "output_text.done")
    return inserted(stream, place, stream[place]), (place + 1, "text")


def _other(kind: str, *steps: str | int) -> Callable[[Events], Broken]:
    """Another text at a place of the event of one type."""

    def change(stream: Events) -> Broken:
        place = place_of(stream, kind)
        return changed(stream, place, *steps, by="something else altogether"), (place, *steps)

    return change


def _lost_item(stream: Events) -> Broken:
    return changed(stream, len(stream) - 1, *_OUTPUT, by=[]), (len(stream) - 1, *_OUTPUT)


def _other_item(stream: Events) -> Broken:
    """OpenRouter; in a message the id is all that differs."""
    last = len(stream) - 1
    return changed(stream, last, *_OUTPUT, 0, "id", by="msg_x"), (last, *_OUTPUT, 0)


def _object_delta(stream: Events) -> Broken:
    added: JsonObject = {**stream[_DELTA], "delta": {"content": "Hi"}}
    return inserted(stream, _DELTA, added), (_DELTA, "delta")


NEAR_RESPONSE_TEXTS = catalogue(
    _miss("piece-lost", _EVENTS, "A piece of a text is lost.", broken(PLAIN, _lost_piece)),
    _miss("no-pieces", _EVENTS, "A text comes as a whole only.", broken(PLAIN, _no_pieces)),
    _miss("late-piece", _EVENTS, "A piece comes after the whole.", broken(PLAIN, _late_piece)),
    _miss("whole-twice", _EVENTS, "The whole text comes twice.", broken(PLAIN, _whole_twice)),
    _miss(
        "other-part",
        _EVENTS,
        "The part says another text.",
        broken(PLAIN, _other("content_part.done", "part", "text")),
    ),
    _miss(
        "other-item",
        _EVENTS,
        "The item says another text.",
        broken(PLAIN, _other("output_item.done", "item", *_TEXT)),
    ),
    _miss(
        "other-end",
        _EVENTS,
        "The response says another text at its end.",
        broken(PLAIN, _other("completed", *_OUTPUT, 0, *_TEXT)),
    ),
    _miss(
        "other-arguments",
        _EVENTS,
        "The whole arguments are not the pieces.",
        broken(CALLING, _other("function_call_arguments.done", "arguments")),
    ),
    _miss(
        "other-input",
        _EVENTS,
        "The custom call's input is another at the end.",
        broken(CALLING, _other("completed", *_OUTPUT, 2, "input")),
    ),
    _miss(
        "other-name",
        _EVENTS,
        "The call names another function at the end.",
        broken(CALLING, _other("completed", *_OUTPUT, 1, "name")),
    ),
    _miss("item-lost", _EVENTS, "The end has no item.", broken(PLAIN, _lost_item)),
    _miss(
        "item-renamed",
        _EVENTS,
        "An item has another id at the end (OpenRouter).",
        broken(PLAIN, _other_item),
        Level.SHOULD,
    ),
    _miss(
        "item-id-changes",
        _EVENTS,
        "A piece has another item's id (transformers).",
        broken(PLAIN, lambda stream: (changed(stream, _DELTA, "item_id", by="msg_x"), (_DELTA, "item_id"))),
    ),
    _miss(
        "closed-as-other",
        _EVENTS,
        "An item is closed under another id.",
        broken(PLAIN, _other("output_item.done", "item", "id")),
    ),
    _miss(
        "response-changes",
        _EVENTS,
        "Another response ends.",
        broken(PLAIN, _other("completed", "response", "id")),
    ),
    _miss("delta-as-object", _SHAPE, "A delta is an object.", broken(PLAIN, _object_delta)),
    _miss(
        "no-index",
        _SHAPE,
        "A piece does not say whose it is (llama.cpp).",
        broken(PLAIN, lambda stream: (stripped(stream, _DELTA, "output_index"), (_DELTA, "output_index"))),
    ),
)
