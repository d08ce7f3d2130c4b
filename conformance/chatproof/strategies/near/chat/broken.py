"""Streams of chunks as rows break them: lists of events."""

from typing import TypeAlias, cast

from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.near_miss import events, value_at
from chatproof.strategies.near.rows import Base
from chatproof.strategies.valid.chunks import SHORT, chunks_of
from chatproof.strategies.valid.members import mapped
from chatproof.strategies.valid.streams import AZURE_PREAMBLE
from chatschema import JsonObject, JsonValue

__all__ = ["Events", "chunked", "fragment_of", "inserted", "number_of", "said"]

#: The events of a stream: chunks, and `[DONE]` last.
Events: TypeAlias = list[JsonValue]

_ERROR: JsonObject = {"message": "out of memory", "type": "server_error", "param": None, "code": None}


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


def chunked(streams: SearchStrategy[Events]) -> Base:
    """The streams for rows, with the names and words that they have for events."""
    words: dict[str, JsonValue] = {
        "AZURE": AZURE_PREAMBLE,
        "DONE": "[DONE]",
        "ERROR": {"error": {**_ERROR}},
        "QUOTED": '"[DONE]"',
        "SENTENCE": "please wait",
        "SMALL": "[done]",
        "LIST": [],
    }
    return Base(values=streams, sent=events, number=number_of, words=words)


def number_of(stream: Events, name: str) -> int:
    """The number of an event: `last` is the last that has a choice, the one with the finish_reason; `call` the first
    with a fragment, after which a later one of the same call follows at once; `end` the last of all.
    """
    match name:
        case "last":
            return max(n for n, event in enumerate(stream) if isinstance(event, dict) and event["choices"])
        case "call":
            return next(n for n, event in enumerate(stream) if fragment_of(event) is not None)
        case _:
            return ["end"].index(name) + len(stream) - 1


def fragment_of(event: JsonValue) -> JsonValue:
    """The one fragment of a call that an event has, or None."""
    try:
        (fragment,) = cast("list[JsonValue]", value_at(event, "choices", 0, "delta", "tool_calls"))
    except (LookupError, TypeError, ValueError):
        return None
    return fragment


def inserted(stream: Events, place: int, *new: JsonValue) -> Events:
    """The stream with new events before that of the number `place`."""
    return [*stream[:place], *new, *stream[place:]]
