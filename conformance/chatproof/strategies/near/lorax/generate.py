"""Near misses of what LoRAX's `/generate` answers."""

from functools import partial
from typing import cast

from hypothesis import strategies as st

from chatproof.strategies.near.near_miss import Miss, catalogue, defect
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.lorax.generate import best_of_responses, detailed_responses
from chatschema import JsonObject, JsonValue, Kind

__all__ = ["NEAR_LORAX_GENERATE"]

_ANSWER, _BEST_OF = detailed_responses(), best_of_responses()
_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"
_DETAILS, _COMPLETE = "lorax.generate.details", "lorax.spec-complete"


_miss = partial(defect, Kind.LORAX_GENERATE)


def _listed(answer: JsonValue) -> Miss:
    return Miss(data=[answer], path="$")


def _unsaid(answer: JsonObject) -> Miss:
    """The tokens say nothing that looks like a mark, of which one cannot be sure that it is text."""
    details = cast("JsonObject", answer["details"])
    said: list[JsonValue] = [
        {**cast("JsonObject", token), "text": "a", "special": False}
        for token in cast("list[JsonValue]", details["tokens"])
    ]
    changed: JsonObject = {
        "generated_text": "b",
        "details": {**details, "tokens": said, "finish_reason": "length"},
    }
    return Miss(data=changed, path="$.generated_text")


NEAR_LORAX_GENERATE = catalogue(
    *rows(__file__, answer=_ANSWER, best_of=_BEST_OF),
    _miss("another-text", _DETAILS, "The text is not what its tokens make.", st.builds(_unsaid, _ANSWER)),
    _miss(
        "in-a-list",
        _TYPE,
        "`/generate` answers as `/` does.",
        st.builds(_listed, _ANSWER),
    ),
)
