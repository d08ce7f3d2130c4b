"""Values that are of no use where a certain type belongs: what near misses put in its place."""

from collections.abc import Mapping

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatschema import JsonValue

__all__ = [
    "BAD_VALUES",
    "NOT_AN_OBJECT",
    "NOT_A_LIST",
    "NOT_A_NUMBER",
    "NOT_TEXT",
    "NOT_WHOLE",
    "NULL",
    "one_more",
]


NOT_TEXT: SearchStrategy[JsonValue] = st.sampled_from([0, 1.5, True, [], {}, ["x"]])
NOT_A_NUMBER: SearchStrategy[JsonValue] = st.sampled_from(["1", "", True, [], {}])
NOT_WHOLE: SearchStrategy[JsonValue] = st.sampled_from([1.5, 1764000000.25, -0.5])
NOT_AN_OBJECT: SearchStrategy[JsonValue] = st.sampled_from(["x", 0, True, [], [{}]])
NOT_A_LIST: SearchStrategy[JsonValue] = st.sampled_from(["x", 0, True, {}, {"0": {}}])
NULL: SearchStrategy[JsonValue] = st.none()


#: By the names that rows have for them.
BAD_VALUES: Mapping[str, SearchStrategy[JsonValue]] = {
    "not-text": NOT_TEXT,
    "not-a-number": NOT_A_NUMBER,
    "not-whole": NOT_WHOLE,
    "not-an-object": NOT_AN_OBJECT,
    "not-a-list": NOT_A_LIST,
}


def one_more(count: JsonValue) -> JsonValue:
    """A count that is off by one."""
    return count + 1 if isinstance(count, int) else 1
