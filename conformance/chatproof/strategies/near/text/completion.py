"""Near misses of completions: the answer, and one chunk of it.

Where servers are named, they were recorded with the defect.
"""

from typing import cast

from hypothesis import strategies as st

from chatproof.strategies.near.near_miss import catalogue, put, value_at
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.text import (
    plain_text_completions,
    scored_text_completions,
    several_text_completions,
)
from chatproof.strategies.valid.text_streams import text_chunks
from chatschema import JsonObject, JsonValue

__all__ = ["NEAR_COMPLETION"]

_SCORED = scored_text_completions()

#: Lists that have to be as long as the tokens.
_LISTS = st.sampled_from(("token_logprobs", "top_logprobs", "text_offset"))


def _shorter(drawn: tuple[JsonObject, str]) -> tuple[JsonObject, tuple[str | int, ...]]:
    answer, name = drawn
    steps = ("choices", 0, "logprobs", name)
    return put(answer, *steps, by=cast("list[JsonValue]", value_at(answer, *steps))[:-1]), steps


NEAR_COMPLETION = catalogue(
    *rows(
        __file__,
        {"shorter": _shorter},
        plain=plain_text_completions(),
        several_text_completions=several_text_completions(),
        scored=_SCORED,
        listed=st.tuples(_SCORED, _LISTS),
        chunk=text_chunks().filter(lambda chunk: bool(chunk["choices"])),
    )
)
