"""Near misses of whole streams of responses: order, numbers, names, and what they open and close.

Where servers are named, they were recorded with the defect.
"""

from functools import partial

from chatproof.strategies.near.near_miss import catalogue, defect, dropped, events, put
from chatproof.strategies.near.responses.broken import (
    CALLING,
    PLAIN,
    Broken,
    Events,
    Steps,
    broken,
    changed,
    inserted,
    less,
    miscounted,
    place_of,
    stripped,
    written,
)
from chatproof.strategies.valid.responses.responses import streamed
from chatschema import JsonObject, Kind, Level

__all__ = ["NEAR_RESPONSE_STREAM"]

_NUMBERS, _EVENTS, _FRAMING = "responses.sequence-numbers", "responses.sse.events", "responses.sse.framing"
_NUMBER = "sequence_number"
_OUTPUT = ("response", "output")
#: In a plain stream: the response, that it runs, a message, its part, and the first piece of its text.
_CREATED, _RUNNING, _ITEM, _PART, _DELTA = 0, 1, 2, 3, 4

_miss = partial(defect, Kind.RESPONSE_STREAM)


# numbers


def _gap(stream: Events) -> Broken:
    later = [put(event, _NUMBER, by=number + 1) for number, event in enumerate(stream)]
    return [*stream[:_DELTA], *later[_DELTA:]], (_DELTA, _NUMBER)


def _from_five(stream: Events) -> Broken:
    return [put(event, _NUMBER, by=number + 5) for number, event in enumerate(stream)], (_CREATED, _NUMBER)


def _no_numbers(stream: Events) -> Broken:
    return [dropped(event, _NUMBER) for event in stream], (_CREATED, _NUMBER)


# the life of the response


def _goes_on(stream: Events) -> Broken:
    error: JsonObject = {"type": "error", "code": None, "message": "out of memory", "param": None}
    return inserted(stream, _DELTA, error), (_DELTA + 1,)


def _done_first(stream: Events) -> tuple[bytes, Steps]:
    return streamed(stream[:-1], last=["[DONE]"]), (len(stream) - 1,)


def _after_done(stream: Events) -> tuple[bytes, Steps]:
    return streamed(stream, last=["[DONE]"]) + streamed([put(stream[-1], _NUMBER, by=len(stream))]), (
        len(stream) + 1,
    )


# what is opened and closed


def _unclosed_item(stream: Events) -> Broken:
    return less(stream, place_of(stream, "output_item.done")), (len(stream) - 2, *_OUTPUT, 0)


def _unclosed_part(stream: Events) -> Broken:
    place = place_of(stream, "content_part.done")
    return less(stream, place), (place, "item")


def _unclosed_text(stream: Events) -> Broken:
    place = place_of(stream, "output_text.done")
    return less(stream, place), (place + 1, "item")


def _unclosed_arguments(stream: Events) -> Broken:
    place = place_of(stream, "function_call_arguments.done")
    return less(stream, place), (place, "item")


def _closed_twice(stream: Events) -> Broken:
    place = place_of(stream, "output_item.done")
    return inserted(stream, place, stream[place]), (place + 1, "output_index")


def _from_one(stream: Events) -> Broken:
    moved = [put(event, "output_index", by=1) if "output_index" in event else event for event in stream]
    return moved, (_ITEM, "output_index")


def _part_from_one(stream: Events) -> Broken:
    moved = [put(event, "content_index", by=1) if "content_index" in event else event for event in stream]
    return moved, (_PART, "content_index")


def _foreign(stream: Events) -> Broken:
    kind = "response.function_call_arguments.delta"
    return inserted(stream, _DELTA, {**stream[_DELTA], "type": kind}), (_DELTA, "type")


# the frame


def _misnamed(stream: Events) -> tuple[bytes, Steps]:
    name = b"event: response.content_part.added"
    return streamed(stream).replace(name, b"event: message"), (_PART,)


def _nameless(stream: Events) -> tuple[bytes, Steps]:
    return events([*stream]), (_CREATED,)


def _junk(stream: Events) -> tuple[bytes, Steps]:
    return streamed(stream[:_DELTA]) + b"data: oops\n\n" + streamed(stream[_DELTA:]), (_DELTA,)


def _cut(stream: Events) -> tuple[bytes, Steps]:
    return streamed(stream)[:-1], (len(stream) - 1,)


NEAR_RESPONSE_STREAM = catalogue(
    _miss("gap", _NUMBERS, "A number is left out.", miscounted(PLAIN, _gap)),
    _miss(
        "number-twice",
        _NUMBERS,
        "A number comes twice.",
        miscounted(
            PLAIN, lambda stream: (changed(stream, _DELTA, _NUMBER, by=_DELTA - 1), (_DELTA, _NUMBER))
        ),
    ),
    _miss(
        "one-unnumbered",
        _NUMBERS,
        "One event has no number.",
        miscounted(PLAIN, lambda stream: (stripped(stream, _DELTA, _NUMBER), (_DELTA, _NUMBER))),
    ),
    _miss(
        "late-numbers",
        _NUMBERS,
        "The first event has no number.",
        miscounted(PLAIN, lambda stream: (stripped(stream, _CREATED, _NUMBER), (_RUNNING, _NUMBER))),
    ),
    _miss("from-five", _NUMBERS, "The numbers begin with 5.", miscounted(PLAIN, _from_five), Level.SHOULD),
    _miss(
        "no-numbers",
        _NUMBERS,
        "No event has a number (llama.cpp).",
        miscounted(PLAIN, _no_numbers),
        Level.SHOULD,
    ),
    _miss(
        "not-created",
        _EVENTS,
        "The response is not created.",
        broken(PLAIN, lambda stream: (less(stream, _CREATED), (0,))),
    ),
    _miss(
        "created-twice",
        _EVENTS,
        "The response is created twice.",
        broken(PLAIN, lambda stream: (inserted(stream, _RUNNING, stream[_CREATED]), (_RUNNING,))),
    ),
    _miss(
        "not-running",
        _EVENTS,
        "The response does not begin to run.",
        broken(PLAIN, lambda stream: (less(stream, _RUNNING), (_RUNNING,))),
        Level.SHOULD,
    ),
    _miss(
        "in-the-middle",
        _EVENTS,
        "The stream begins in the middle.",
        miscounted(PLAIN, lambda stream: (stream[_DELTA:], (0,))),
        Level.SHOULD,
    ),
    _miss(
        "no-end",
        _EVENTS,
        "The response does not end.",
        broken(PLAIN, lambda stream: (stream[:-1], (len(stream) - 1,))),
    ),
    _miss(
        "end-twice",
        _EVENTS,
        "The response ends twice.",
        broken(PLAIN, lambda stream: ([*stream, stream[-1]], (len(stream),))),
    ),
    _miss(
        "after-the-end",
        _EVENTS,
        "Text comes after the end.",
        broken(PLAIN, lambda stream: ([*stream, stream[_DELTA]], (len(stream),))),
    ),
    _miss("goes-on-after-error", _EVENTS, "The response goes on after an error.", broken(PLAIN, _goes_on)),
    _miss("done-first", _EVENTS, "[DONE] comes and the response has no end.", written(PLAIN, _done_first)),
    _miss("after-done", _EVENTS, "The end comes again after [DONE].", written(PLAIN, _after_done)),
    _miss(
        "item-not-opened",
        _EVENTS,
        "An item is not opened.",
        broken(PLAIN, lambda stream: (less(stream, _ITEM), (_ITEM, "output_index"))),
    ),
    _miss(
        "item-opened-twice",
        _EVENTS,
        "An item is opened twice.",
        broken(PLAIN, lambda stream: (inserted(stream, _PART, stream[_ITEM]), (_PART, "output_index"))),
    ),
    _miss("item-not-closed", _EVENTS, "An item is not closed.", broken(PLAIN, _unclosed_item)),
    _miss("item-closed-twice", _EVENTS, "An item is closed twice.", broken(PLAIN, _closed_twice)),
    _miss("items-from-one", _EVENTS, "Items are counted from 1 (transformers).", broken(PLAIN, _from_one)),
    _miss(
        "part-not-opened",
        _EVENTS,
        "A part is not opened.",
        broken(PLAIN, lambda stream: (less(stream, _PART), (_PART, "content_index"))),
    ),
    _miss("part-not-closed", _EVENTS, "A part is not closed.", broken(PLAIN, _unclosed_part)),
    _miss("parts-from-one", _EVENTS, "Parts are counted from 1.", broken(PLAIN, _part_from_one)),
    _miss("text-not-closed", _EVENTS, "A text has no whole.", broken(PLAIN, _unclosed_text)),
    _miss(
        "arguments-not-closed",
        _EVENTS,
        "The arguments of a call have no whole (llama.cpp).",
        broken(CALLING, _unclosed_arguments),
    ),
    _miss("foreign-event", _EVENTS, "Arguments of a function come for a message.", broken(PLAIN, _foreign)),
    _miss("misnamed", _FRAMING, "An event's name is not its type.", written(PLAIN, _misnamed)),
    _miss(
        "nameless",
        _FRAMING,
        "The events have no names (transformers, OpenRouter).",
        written(PLAIN, _nameless),
        Level.SHOULD,
    ),
    _miss("junk", _FRAMING, "An event is no JSON.", written(PLAIN, _junk)),
    _miss(
        "cut-off", _FRAMING, "The last event has no blank line after it.", written(PLAIN, _cut), Level.SHOULD
    ),
)
