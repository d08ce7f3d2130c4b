"""Near misses of whole streams: their order, the head that they share, the shape of their chunks, the life of a choice,
and fragments that do not add up to a call.
"""

from collections.abc import Callable
from functools import partial

from chatproof.strategies.near.chat.broken import Events, chunked, fragment_of, inserted, number_of, said
from chatproof.strategies.near.near_miss import catalogue, dropped, put, value_at
from chatproof.strategies.near.rows import Change, rows
from chatproof.strategies.valid.chat import calling_completions, several_completions, spoken_completions
from chatschema import JsonObject, JsonValue

__all__ = ["NEAR_STREAM"]

_CHOICE = ("choices", 0)
_DELTA = (*_CHOICE, "delta")
_FRAGMENT = (*_DELTA, "tool_calls", 0)
_MORE: JsonValue = {"index": 0, "delta": {"content": "!"}, "logprobs": None, "finish_reason": None}


def _each(change: Callable[[JsonObject, int], JsonObject]) -> Callable[[Events], Events]:
    """Every chunk that has a choice put through `change` with its number."""
    return lambda stream: [
        change(event, number) if isinstance(event, dict) and event["choices"] else event
        for number, event in enumerate(stream)
    ]


def _each_fragment(change: Callable[[JsonValue], JsonValue]) -> Callable[[Events], Events]:
    def chunk(value: JsonObject, _number: int) -> JsonObject:
        fragment = fragment_of(value)
        return value if fragment is None else put(value, *_FRAGMENT, by=change(fragment))

    return _each(chunk)


def _silent(chunk: JsonObject, _number: int) -> JsonObject:
    return dropped(chunk, *_DELTA, "role") if "role" in str(value_at(chunk, *_DELTA)) else chunk


def _null_reason_left_out(chunk: JsonObject, _number: int) -> JsonObject:
    reason = (*_CHOICE, "finish_reason")
    return dropped(chunk, *reason) if value_at(chunk, *reason) is None else chunk


def _after_last(change: Callable[[JsonValue], JsonValue], stream: Events) -> Events:
    """The last chunk with a choice again, put through `change`."""
    place = number_of(stream, "last") + 1
    return inserted(stream, place, change(stream[place - 1]))


def _one_unfinished(stream: Events) -> Events:
    """Only the last of two choices has no finish_reason."""
    last = number_of(stream, "last")
    choices = value_at(stream[last], "choices")
    number = len(choices) - 1 if isinstance(choices, list) else 0
    return put(stream, last, "choices", number, "finish_reason", by=None)


def _fails_in_a_chunk(stream: Events) -> Events:
    error: JsonValue = {"message": "Provider returned error", "code": 502}
    return [stream[0], put(stream[1], "error", by=error), "[DONE]"]


def _unsent(stream: Events) -> tuple[Events, tuple[int]]:
    """No event with a fragment is sent, and the reason is what it was."""
    left = [event for event in stream if fragment_of(event) is None]
    if len(left) < 2 or number_of(left, "last") == 0:  # the finish_reason came with the last fragment
        left = [stream[0], put(stream[number_of(stream, "last")], *_DELTA, by={}), *left[1:]]
    changed = put(left, number_of(left, "last"), *_CHOICE, "finish_reason", by="tool_calls")
    return changed, (len(changed),)


def _twins(stream: Events) -> Events:
    """A second call under the id of the first."""
    place = number_of(stream, "call")
    return inserted(stream, place + 1, put(stream[place], *_FRAGMENT, "index", by=9))


_CHANGES: dict[str, Change] = {
    "other-ids": _each(lambda chunk, number: put(chunk, "id", by=f"chatcmpl-{number}")),
    "clock": _each(lambda chunk, number: put(chunk, "created", by=number)),
    "without-role": _each(_silent),
    "one-unfinished": _one_unfinished,
    "finish-twice": partial(_after_last, lambda chunk: put(chunk, *_DELTA, by={})),
    "text-after-finish": partial(_after_last, lambda chunk: put(chunk, *_CHOICE, by=_MORE)),
    "no-choice": lambda stream: [put(stream[0], "choices", by=[]), "[DONE]"],
    "fails-in-a-chunk": _fails_in_a_chunk,
    "no-choices": lambda stream: inserted(stream, 1, dropped(stream[0], "choices")),
    "without-null-reasons": _each(_null_reason_left_out),
    "fragments-without-index": _each_fragment(lambda part: dropped(part, "index")),
    "fragments-index-as-text": _each_fragment(lambda part: put(part, "index", by="0")),
    "calls-unsent": _unsent,
    "twins": _twins,
}

NEAR_STREAM = catalogue(
    *rows(
        __file__,
        _CHANGES,
        stream=chunked(said(spoken_completions())),
        two=chunked(said(several_completions())),
        calls=chunked(said(calling_completions())),
    )
)
