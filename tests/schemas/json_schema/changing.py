"""One change of a JSON value, as a strategy and as a list."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from hypothesis import strategies as st

from chatschema import JsonValue
from chatschema.core.base import MOST_PARTS

#: What is put in the place of a part: each JSON type, and the edges of each.
PROBES: list[JsonValue] = [
    None, True, False, [], {}, [None], {"": None}, "", "x", "0", " ", "\U0001f600",
    0, 1, -1, 2, 3.0, 3.5, -0.0, 1e-9, 255, 256, 256.0, -0.5, 2**53 + 1, 1764000000.5,
]  # fmt: skip
#: Those that some reader of JSON cannot hold, or that two readers take for different values.
RARE: list[JsonValue] = [
    "\ud800", {"\udfff": 1}, ["\ud800"],
    2**63, 2**64, 10**400, -(10**400), 1e18, 1e19, -1e19, 1e300, float("inf"), float("-inf"),
]  # fmt: skip

Change: TypeAlias = Callable[[JsonValue], Iterator[JsonValue]]


@st.composite
def changed(draw: st.DrawFn, value: JsonValue, words: Sequence[str]) -> JsonValue:
    """`value` with one change in some place; `words` are the names and texts that its schema knows."""
    *place, here = draw(st.sampled_from([[*place, part] for place, part in places(value)]))
    new = draw(st.sampled_from([*PROBES, *RARE, *words]))
    word = draw(st.sampled_from([*words, "\ud800"]))
    choices = [new, *_other_lists(here, new), *_other_members(here, word, new)]
    return _put(value, place, draw(st.sampled_from(choices)))


def places(value: JsonValue) -> Iterator[tuple[tuple[str | int, ...], JsonValue]]:
    """Each part of `value` and the way to it."""
    yield (), value
    if isinstance(value, dict | list):
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        for step, part in parts:
            yield from (((step, *place), inner) for place, inner in places(part))


def _put(value: JsonValue, place: Sequence[JsonValue], new: JsonValue) -> JsonValue:
    if not place:
        return new
    step, *rest = place
    if isinstance(value, dict):
        return {**value, str(step): _put(value[str(step)], rest, new)}
    assert isinstance(value, list)
    assert isinstance(step, int)
    return [*value[:step], _put(value[step], rest, new), *value[step + 1 :]]


def _other_lists(value: JsonValue, new: JsonValue) -> list[JsonValue]:
    return [value[:-1], [*value, new], [*value, *value]] if isinstance(value, list) else []


def _other_members(value: JsonValue, word: str, new: JsonValue) -> list[JsonValue]:
    if not isinstance(value, dict):
        return []
    fewer = [{name: value[name] for name in value if name != gone} for gone in value]
    return [{**value, word: new}, {**value, word: None}, *fewer]


def changes(value: JsonValue, words: Sequence[str]) -> Iterator[JsonValue]:
    """`value` with one change, in each place and of each sort (without those of `RARE`)."""
    yield from PROBES
    if isinstance(value, str):
        yield from words
    if isinstance(value, dict):
        yield from ({other: value[other] for other in value if other != name} for name in value)
        yield from ({**value, word: None} for word in words)
    yield from inside(value, lambda part: changes(part, words))


def lengthened(value: JsonValue) -> Iterator[JsonValue]:
    """`value` with one of its lists longer than any list may be that has a most."""
    if isinstance(value, list) and value:
        yield (value * (MOST_PARTS + 1))[: MOST_PARTS + 1]
    yield from inside(value, lengthened)


def inside(value: JsonValue, change: Change) -> Iterator[JsonValue]:
    """`value` with a change in one of its members, or in its first item."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from ({**value, name: new} for new in change(member))
    if isinstance(value, list) and value:
        yield from ([new, *value[1:]] for new in change(value[0]))
