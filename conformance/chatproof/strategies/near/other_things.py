"""Near misses of answers that are something else altogether: one sentence says so, and not all that is missing."""

from hypothesis import strategies as st

from chatproof.strategies.near.near_miss import catalogue
from chatproof.strategies.near.rows import Change, rows
from chatproof.strategies.valid.chat import plain_completions

__all__ = ["NEAR_OTHER_THINGS"]

_CHANGES: dict[str, Change] = {
    "wrapped": lambda answer: {"__type__": "ChatCompletion", "__data__": answer},
}

NEAR_OTHER_THINGS = catalogue(*rows(__file__, _CHANGES, nothing=st.none(), plain=plain_completions()))
