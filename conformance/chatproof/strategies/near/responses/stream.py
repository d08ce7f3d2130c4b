"""Near misses of whole streams of responses: order, numbers, names, what they open and close, and events that
contradict each other.

Where servers are named, they were recorded with the defect.
"""

from dataclasses import replace
from functools import partial
from typing import TypeAlias, cast

from chatproof.strategies.near.near_miss import catalogue, dropped, events, put, value_at
from chatproof.strategies.near.rows import Base, Change, rows
from chatproof.strategies.valid.members import something
from chatproof.strategies.valid.responses.events import MANNERS, events_of
from chatproof.strategies.valid.responses.responses import calling_responses, plain_responses, streamed
from chatschema import JsonObject, JsonValue

__all__ = ["NEAR_RESPONSE_STREAM"]

_Events: TypeAlias = list[JsonObject]

_NUMBER = "sequence_number"
_DELTA = 4
_ERROR: JsonObject = {"type": "error", "code": None, "message": "out of memory", "param": None}


def _spoken(response: JsonObject) -> _Events:
    """With a text, for no piece comes of none."""
    text = ("output", 0, "content", 0, "text")
    return events_of(put(response, *text, by=something(str(value_at(response, *text)))), MANNERS[0])


def _numbered(stream: _Events) -> bytes:
    return streamed([put(event, _NUMBER, by=number) for number, event in enumerate(stream)])


def _number_of(stream: _Events, name: str) -> int:
    """The number of the last event (`end`), or of the first of a type, `response.` left out."""
    if name == "end":
        return len(stream) - 1
    return [event["type"] for event in stream].index(f"response.{name}")


#: Events 0 to 4 are the response, that it runs, a message, its part, and the first piece of its text; then come more
#: pieces, the whole text, and the ends of part, message and response. Whatever is done to them, they are counted anew.
_PLAIN = Base(
    values=plain_responses().map(_spoken),
    sent=_numbered,
    number=_number_of,
    words={"ERROR": cast("JsonValue", _ERROR)},
)
#: A thought, two calls of functions and one of a custom tool.
_CALLING = calling_responses().map(lambda response: events_of(response, MANNERS[0]))


def _gap(stream: _Events) -> _Events:
    return [put(event, _NUMBER, by=place + (place >= _DELTA)) for place, event in enumerate(stream)]


def _after_done(stream: _Events) -> bytes:
    return streamed(stream, last=["[DONE]"]) + streamed([put(stream[-1], _NUMBER, by=len(stream))])


def _from_one(index: str, stream: _Events) -> _Events:
    return [put(event, index, by=1) if index in event else event for event in stream]


def _another_delta(members: JsonObject, stream: _Events) -> _Events:
    """One event more before the first piece of the text, which is that piece with other members."""
    return [*stream[:_DELTA], {**stream[_DELTA], **members}, *stream[_DELTA:]]


_CHANGES: dict[str, Change] = {
    "gap": _gap,
    "from-five": lambda stream: [put(event, _NUMBER, by=place + 5) for place, event in enumerate(stream)],
    "no-numbers": lambda stream: [dropped(event, _NUMBER) for event in stream],
    "done-first": lambda stream: streamed(stream[:-1], last=["[DONE]"]),
    "after-done": _after_done,
    "items-from-one": partial(_from_one, "output_index"),
    "parts-from-one": partial(_from_one, "content_index"),
    "foreign": partial(_another_delta, {"type": "response.function_call_arguments.delta"}),
    "misnamed": lambda stream: streamed(stream).replace(
        b"event: response.content_part.added", b"event: message"
    ),
    "nameless": events,
    "junk": lambda stream: streamed(stream[:_DELTA]) + b"data: oops\n\n" + streamed(stream[_DELTA:]),
    "cut": lambda stream: streamed(stream)[:-1],
    "no-pieces": lambda stream: [event for event in stream if event["type"] != "response.output_text.delta"],
    "object-delta": partial(_another_delta, {"delta": {"content": "Hi"}}),
}

NEAR_RESPONSE_STREAM = catalogue(
    *rows(
        __file__,
        _CHANGES,
        plain=_PLAIN,
        as_numbered=replace(_PLAIN, sent=streamed),
        calling=replace(_PLAIN, values=_CALLING),
    )
)
