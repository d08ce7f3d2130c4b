"""Near misses of embeddings."""

from functools import partial
from typing import cast

from hypothesis import strategies as st

from chatproof.strategies.near.near_miss import Miss, altered, at, catalogue, defect, put, replaced
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.vectors import base64_of, embeddings, several_embeddings
from chatschema import JsonObject, JsonValue, Kind, Level

__all__ = ["NEAR_EMBEDDINGS"]

_ANY = embeddings()
_TWO = several_embeddings()
_FIRST = ("data", 0)
_VECTOR = (*_FIRST, "embedding")
_INDEX = "embeddings.count-and-index"
_INFINITE = st.sampled_from((float("nan"), float("inf"), -float("inf")))

_miss = partial(defect, Kind.EMBEDDINGS)


def _longer(answer: JsonObject) -> Miss:
    last = len(cast("list[JsonValue]", answer["data"])) - 1
    data = put(answer, "data", last, "embedding", by=[*([0.5] * 9)])
    return Miss(data=data, path=f"$.data[{last}].embedding")


def _only(answer: JsonObject) -> JsonObject:
    return {**answer, "data": cast("list[JsonValue]", answer["data"])[:1]}


_ONE = _ANY.map(_only)

NEAR_EMBEDDINGS = catalogue(
    *rows(__file__, any=_ANY, two=_TWO, one=_ONE),
    _miss(
        "out-of-order",
        _INDEX,
        "The vectors stand the other way round.",
        at(
            altered(_TWO, "data", by=lambda data: [*reversed(cast("list[JsonObject]", data))]),
            "data",
            0,
            "index",
        ),
        Level.SHOULD,
    ),
    _miss(
        "not-finite",
        "embeddings.base64",
        "The base64 holds NaN or infinity.",
        replaced(_ONE, *_VECTOR, by=_INFINITE.map(lambda number: base64_of([0.5, number]))),
    ),
    _miss(
        "lengths-differ",
        "embeddings.dimensions",
        "One vector is longer than the others.",
        _TWO.map(_longer),
    ),
)
