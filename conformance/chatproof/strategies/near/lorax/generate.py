"""Near misses of what LoRAX's `/generate` and `/` answer, and of one event of its native streams."""

from typing import cast

from hypothesis import strategies as st

from chatproof.strategies.near.near_miss import catalogue
from chatproof.strategies.near.rows import Change, rows
from chatproof.strategies.valid.lorax.generate import (
    best_of_responses,
    detailed_responses,
    generate_roots,
    plain_generate_streams,
)
from chatschema import JsonObject, JsonValue

__all__ = ["NEAR_LORAX_GENERATE"]


def _first(events: list[JsonObject]) -> JsonValue:
    return events[0]


def _another_text(answer: JsonObject) -> JsonValue:
    """The tokens say nothing that looks like a mark, of which one cannot be sure that it is text."""
    details = cast("JsonObject", answer["details"])
    said: list[JsonValue] = [
        {**token, "text": "a", "special": False} for token in cast("list[JsonObject]", details["tokens"])
    ]
    return {"generated_text": "b", "details": {**details, "tokens": said, "finish_reason": "length"}}


_CHANGES: dict[str, Change] = {"another-text": _another_text, "twice": lambda answer: [answer, answer]}

NEAR_LORAX_GENERATE = catalogue(
    *rows(
        __file__,
        _CHANGES,
        answer=detailed_responses(),
        best_of=best_of_responses(),
        generate_roots=generate_roots(),
        event=st.builds(_first, plain_generate_streams()),
    )
)
