"""Ways to break a stream: events to change, in a stream that is right."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias, cast

from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.near_miss import Miss, events
from chatproof.strategies.valid.chunks import SHORT, chunks_of
from chatproof.strategies.valid.members import mapped
from chatschema import JsonObject, JsonValue
from chatschema.core.describe import json_path

__all__ = ["Broken", "Events", "broken", "each", "inserted", "last_choice", "numbered", "said", "sent"]

#: The events of a stream: chunks, and `[DONE]` last.
Events: TypeAlias = list[JsonValue]
#: Events, and the steps to what is wrong with them.
Broken: TypeAlias = tuple[Events, tuple[str | int, ...]]


def said(completions: SearchStrategy[JsonObject]) -> SearchStrategy[Events]:
    """The events that say a completion, in few chunks: a judge's time goes by their number.

    Of one choice with a text, event 0 has the role and 1 the first piece. The manner follows from the time: a draw
    of its own would cost more than the rest.
    """

    def stream(completion: JsonObject) -> Events:
        created = completion["created"]
        manner = SHORT[created % len(SHORT)] if isinstance(created, int) else SHORT[0]
        return [*chunks_of(completion, manner), "[DONE]"]

    return mapped(completions, stream)


def sent(misses: SearchStrategy[Miss]) -> SearchStrategy[Miss]:
    """The same misses of lists of events as bytes."""
    return mapped(misses, lambda miss: replace(miss, data=events(cast("Events", miss.data))))


def broken(streams: SearchStrategy[Events], change: Callable[[Events], Broken]) -> SearchStrategy[Miss]:
    """The streams put through `change`, as bytes."""

    def miss(stream: Events) -> Miss:
        changed, place = change(stream)
        return Miss(data=events(changed), path=json_path(place))

    return mapped(streams, miss)


def each(stream: Events, change: Callable[[JsonObject], JsonObject]) -> Events:
    """Every chunk that has a choice put through `change`."""
    return numbered(stream, lambda chunk, _number: change(chunk))


def numbered(stream: Events, change: Callable[[JsonObject, int], JsonObject]) -> Events:
    """Every chunk that has a choice put through `change` with its number."""
    return [
        change(event, number) if isinstance(event, dict) and event["choices"] else event
        for number, event in enumerate(stream)
    ]


def inserted(stream: Events, place: int, *new: JsonValue) -> Events:
    """The stream with new events before that of the number `place`."""
    return [*stream[:place], *new, *stream[place:]]


def last_choice(stream: Events) -> int:
    """The number of the last event that has a choice: the one with the finish_reason."""
    return max(n for n, event in enumerate(stream) if isinstance(event, dict) and event["choices"])
