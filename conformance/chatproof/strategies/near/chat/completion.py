"""Near misses of chat completions.

Where servers are named, they were recorded with the defect; the others are what mocks and gateways get wrong.
"""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.near_miss import catalogue
from chatproof.strategies.near.rows import Change, rows
from chatproof.strategies.valid.chat import (
    calling_completions,
    plain_completions,
    scored_completions,
    several_completions,
)
from chatproof.strategies.valid.members import mapped
from chatschema import JsonObject, JsonValue

__all__ = ["NEAR_CHAT"]

_ARGUMENTS: SearchStrategy[JsonValue] = st.sampled_from([{}, {"city": "Oslo"}, [], 0, True, None])
_OLD: JsonObject = {"role": "assistant", "content": None, "refusal": None}

_CHANGES: dict[str, Change] = {
    "code-point": mapped(st.integers(256, 0x10FFFF), lambda code: [code]),
    "custom-call": _ARGUMENTS.map(
        lambda wrong: [{"id": "call_1", "type": "custom", "custom": {"name": "f", "input": wrong}}]
    ),
    "old-call": _ARGUMENTS.map(lambda wrong: {**_OLD, "function_call": {"name": "f", "arguments": wrong}}),
}

NEAR_CHAT = catalogue(
    *rows(
        __file__,
        _CHANGES,
        plain=plain_completions(),
        several_completions=several_completions(),
        scored=scored_completions(),
        calling=calling_completions(),
    )
)
