"""One of a few values, for near misses."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatschema import JsonValue

__all__ = ["given"]


def given(*values: JsonValue) -> SearchStrategy[JsonValue]:
    """One of the values; it shrinks to the first."""
    return st.sampled_from(values)
