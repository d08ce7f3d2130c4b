"""Values that are of no use where a certain type belongs: what near misses put in its place."""

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatschema import JsonValue

__all__ = [
    "NOT_AN_OBJECT",
    "NOT_A_LIST",
    "NOT_A_NUMBER",
    "NOT_TEXT",
    "NOT_WHOLE",
    "NULL",
    "any_of",
    "one_more",
]


def any_of(values: Sequence[JsonValue]) -> SearchStrategy[JsonValue]:
    """One of the values."""
    return st.sampled_from(values)


NOT_TEXT: SearchStrategy[JsonValue] = any_of([0, 1.5, True, [], {}, ["x"]])
NOT_A_NUMBER: SearchStrategy[JsonValue] = any_of(["1", "", True, [], {}])
NOT_WHOLE: SearchStrategy[JsonValue] = any_of([1.5, 1764000000.25, -0.5])
NOT_AN_OBJECT: SearchStrategy[JsonValue] = any_of(["x", 0, True, [], [{}]])
NOT_A_LIST: SearchStrategy[JsonValue] = any_of(["x", 0, True, {}, {"0": {}}])
NULL: SearchStrategy[JsonValue] = st.none()


def one_more(count: JsonValue) -> JsonValue:
    """A count that is off by one."""
    return count + 1 if isinstance(count, int) else 1
