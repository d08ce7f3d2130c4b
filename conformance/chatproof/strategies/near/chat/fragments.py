"""Near misses of streams that call tools: fragments that do not add up to a call."""

from collections.abc import Callable
from functools import partial
from typing import cast

from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.chat.broken import Broken, Events, broken, each, last_choice, said
from chatproof.strategies.near.near_miss import Miss, catalogue, defect, dropped, put
from chatproof.strategies.valid.chat import calling_completions
from chatschema import JsonObject, JsonValue, Kind, Level

__all__ = ["NEAR_FRAGMENTS"]

_STREAM = said(calling_completions())
_CHOICE = ("choices", 0)
_CALLS = (*_CHOICE, "delta", "tool_calls")
_FRAGMENT = (*_CALLS, 0)
_ADD_UP = "chat.tools.sse-fragments"

_miss = partial(defect, Kind.STREAM)


def _first(change: Callable[[JsonValue], JsonValue], *steps: str | int) -> SearchStrategy[Miss]:
    """The first fragment of a call put through `change`, which breaks it at `steps`."""
    return _at(0, change, steps)


def _second(change: Callable[[JsonValue], JsonValue], *steps: str | int) -> SearchStrategy[Miss]:
    """The next fragment of the same call put through `change`."""
    return _at(1, change, steps)


def _at(
    number: int, change: Callable[[JsonValue], JsonValue], steps: tuple[str | int, ...]
) -> SearchStrategy[Miss]:
    def changed(stream: Events) -> Broken:
        place = _call(stream) + number
        fragment = _fragment(stream[place])
        return put(stream, place, *_FRAGMENT, by=change(fragment)), (place, *_FRAGMENT, *steps)

    return broken(_STREAM, changed)


def _call(stream: Events) -> int:
    """The number of the first event with a fragment; a later one of the same call follows at once."""
    return next(number for number, event in enumerate(stream) if _fragment(event) is not None)


def _fragment(event: JsonValue) -> JsonValue:
    match event:
        case {"choices": [{"delta": {"tool_calls": [fragment]}}]}:
            return cast("JsonValue", fragment)
        case _:
            return None


def _all(change: Callable[[JsonValue], JsonValue], *steps: str | int) -> SearchStrategy[Miss]:
    """Every fragment put through `change`; it shows in the first."""

    def chunk(value: JsonObject) -> JsonObject:
        fragment = _fragment(value)
        return value if fragment is None else put(value, *_FRAGMENT, by=change(fragment))

    return broken(_STREAM, lambda stream: (each(stream, chunk), (_call(stream), *_FRAGMENT, *steps)))


def _unsent(stream: Events) -> Broken:
    """No event with a fragment is sent, and the reason is what it was."""
    left = [event for event in stream if _fragment(event) is None]
    if len(left) < 2 or last_choice(left) == 0:  # the finish_reason came with the last fragment
        left = [stream[0], put(stream[last_choice(stream)], *_CHOICE, "delta", by={}), *left[1:]]
    changed = put(left, last_choice(left), *_CHOICE, "finish_reason", by="tool_calls")
    return changed, (len(changed),)


def _twins(stream: Events) -> Broken:
    """A second call under the id of the first."""
    place = _call(stream)
    fragment = put(_fragment(stream[place]), "index", by=9)
    return [
        *stream[:place],
        stream[place],
        put(stream[place], *_FRAGMENT, by=fragment),
        *stream[place + 1 :],
    ], (len(stream) + 1,)


NEAR_FRAGMENTS = catalogue(
    _miss(
        "fragment-without-id",
        _ADD_UP,
        "The first fragment has no id.",
        _first(lambda part: dropped(part, "id"), "id"),
    ),
    _miss(
        "fragment-empty-id",
        _ADD_UP,
        "The first fragment's id is empty.",
        _first(lambda part: put(part, "id", by=""), "id"),
    ),
    _miss(
        "fragment-id-null",
        _ADD_UP,
        "The first fragment's id is null.",
        _first(lambda part: put(part, "id", by=None), "id"),
    ),
    _miss(
        "fragment-id-changes",
        _ADD_UP,
        "The next fragment has another id.",
        _second(lambda part: put(part, "id", by="call_x"), "id"),
    ),
    _miss(
        "fragment-without-name",
        _ADD_UP,
        "The first fragment names no function.",
        _first(lambda part: dropped(part, "function", "name"), "function", "name"),
    ),
    _miss(
        "fragment-name-changes",
        _ADD_UP,
        "The next fragment names another function.",
        _second(lambda part: put(part, "function", "name", by="g"), "function", "name"),
    ),
    _miss(
        "fragment-without-type",
        _ADD_UP,
        "The first fragment has no type.",
        _first(lambda part: dropped(part, "type"), "type"),
        Level.SHOULD,
    ),
    _miss(
        "fragment-type-unknown",
        _ADD_UP,
        "The first fragment's type is neither function nor custom.",
        _first(lambda part: put(part, "type", by="tool"), "type"),
    ),
    _miss(
        "fragment-type-changes",
        _ADD_UP,
        "The next fragment is of a custom tool.",
        _second(lambda part: put(part, "type", by="custom"), "type"),
    ),
    _miss(
        "fragments-without-index",
        _ADD_UP,
        "No fragment says of which call it is (Google, Mistral, Ollama).",
        _all(lambda part: dropped(part, "index"), "index"),
    ),
    _miss(
        "fragment-index-as-text",
        _ADD_UP,
        "Every fragment's index is text.",
        _all(lambda part: put(part, "index", by="0"), "index"),
    ),
    _miss(
        "fragment-arguments-as-object",
        _ADD_UP,
        "A fragment's arguments are an object.",
        _second(
            lambda part: put(part, "function", "arguments", by={"city": "Oslo"}), "function", "arguments"
        ),
    ),
    _miss(
        "fragment-function-as-text",
        _ADD_UP,
        "A fragment's function is its text.",
        _second(lambda part: put(part, "function", by="{}"), "function"),
    ),
    _miss("fragment-no-object", _ADD_UP, "A fragment is its text.", _second(lambda _part: "{}")),
    _miss(
        "calls-unsent",
        "chat.tools.finish-reason",
        "The finish_reason tells of a call, and no fragment came.",
        broken(_STREAM, _unsent),
    ),
    _miss("call-id-twice", "chat.tools.shape", "Two calls have one id.", broken(_STREAM, _twins)),
)
