"""Near misses of one event of LoRAX's native streams, and of the answer of its root route."""

from functools import partial

from hypothesis import strategies as st

from chatproof.strategies.near.near_miss import Miss, catalogue, defect
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.lorax.generate import (
    detailed_responses,
    generate_roots,
    plain_generate_streams,
)
from chatschema import JsonObject, JsonValue, Kind

__all__ = ["NEAR_LORAX_EVENT"]

_MISSING, _TYPE, _VALUE, _COMPLETE = "shape.missing", "shape.type", "shape.value", "lorax.spec-complete"

_root = partial(defect, Kind.LORAX_ROOT)


def _first(events: list[JsonObject]) -> JsonValue:
    return events[0]


def _twice(answer: JsonValue) -> Miss:
    return Miss(data=[answer, answer], path="$")


_EVENT, _ANSWER = st.builds(_first, plain_generate_streams()), detailed_responses()

NEAR_LORAX_EVENT = catalogue(
    *rows(__file__, answer=_ANSWER, generate_roots=generate_roots(), event=_EVENT),
    _root("empty", _VALUE, "`/` answers an empty list.", st.just(Miss(data=[], path="$"))),
    _root(
        "two-answers",
        _VALUE,
        "`/` answers more than one text.",
        st.builds(_twice, _ANSWER),
    ),
)
