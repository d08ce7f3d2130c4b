"""Ways to break a stream of a response: events to change, in a stream that is right."""

from collections.abc import Callable
from typing import TypeAlias, cast

from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.near_miss import Miss, dropped, put
from chatproof.strategies.valid.members import something
from chatproof.strategies.valid.responses.events import MANNERS, events_of
from chatproof.strategies.valid.responses.responses import calling_responses, plain_responses, streamed
from chatschema import JsonObject, JsonValue
from chatschema.core.describe import json_path

__all__ = [
    "CALLING",
    "PLAIN",
    "Broken",
    "Events",
    "Steps",
    "broken",
    "changed",
    "inserted",
    "less",
    "miscounted",
    "place_of",
    "stripped",
    "written",
]

Events: TypeAlias = list[JsonObject]
#: The way to what is wrong; the first step is an event's number.
Steps: TypeAlias = tuple[str | int, ...]
Broken: TypeAlias = tuple[Events, Steps]


def _spoken(response: JsonObject) -> Events:
    """With a text, for no piece comes of none."""
    place = ("output", 0, "content", 0)
    text = cast("list[JsonObject]", cast("list[JsonObject]", response["output"])[0]["content"])[0]["text"]
    return events_of(put(response, *place, "text", by=something(str(text))), MANNERS[0])


#: Events 0 to 4 are the response, that it runs, a message, its part, and the first piece of its text; then come more
#: pieces, the whole text, and the ends of part, message and response.
PLAIN: SearchStrategy[Events] = plain_responses().map(_spoken)
#: A thought, two calls of functions and one of a custom tool.
CALLING: SearchStrategy[Events] = calling_responses().map(lambda response: events_of(response, MANNERS[0]))


def broken(streams: SearchStrategy[Events], change: Callable[[Events], Broken]) -> SearchStrategy[Miss]:
    """The streams put through `change`, numbered anew, as bytes."""

    def miss(stream: Events) -> Miss:
        events, steps = change(stream)
        counted = [put(event, "sequence_number", by=number) for number, event in enumerate(events)]
        return Miss(data=streamed(counted), path=json_path(steps))

    return streams.map(miss)


def miscounted(streams: SearchStrategy[Events], change: Callable[[Events], Broken]) -> SearchStrategy[Miss]:
    """The same with the numbers that `change` leaves."""
    return written(streams, lambda stream: (streamed(change(stream)[0]), change(stream)[1]))


def written(
    streams: SearchStrategy[Events], write: Callable[[Events], tuple[bytes, Steps]]
) -> SearchStrategy[Miss]:
    """The streams as `write` sends them."""

    def miss(stream: Events) -> Miss:
        data, steps = write(stream)
        return Miss(data=data, path=json_path(steps))

    return streams.map(miss)


def place_of(stream: Events, kind: str) -> int:
    """The number of the first event of a type, `response.` left out."""
    return [event["type"] for event in stream].index(f"response.{kind}")


def less(stream: Events, place: int) -> Events:
    """The stream without one event."""
    return [*stream[:place], *stream[place + 1 :]]


def changed(stream: Events, place: int, *steps: str | int, by: JsonValue) -> Events:
    """The stream with another value inside the event of the number `place`."""
    return [*stream[:place], put(stream[place], *steps, by=by), *stream[place + 1 :]]


def stripped(stream: Events, place: int, *steps: str | int) -> Events:
    """The stream with nothing at a place inside the event of the number `place`."""
    return [*stream[:place], dropped(stream[place], *steps), *stream[place + 1 :]]


def inserted(stream: Events, place: int, event: JsonObject) -> Events:
    """The stream with a new event before that of the number `place`."""
    return [*stream[:place], event, *stream[place:]]
