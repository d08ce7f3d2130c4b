"""Near misses of what LoRAX's native routes are asked: each is refused by the router, under any limits."""

from hypothesis import strategies as st

from chatproof.strategies.near.near_miss import catalogue
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.members import something, texts
from chatschema import JsonValue

__all__ = ["NEAR_LORAX_REQUEST"]


def _ask(text: str) -> JsonValue:
    return {"inputs": something(text), "parameters": {}}


NEAR_LORAX_REQUEST = catalogue(
    *rows(
        __file__,
        {"not-a-flag": st.sampled_from(("true", 0, 1, [], {}))},
        plain=st.builds(_ask, texts()),
    )
)
