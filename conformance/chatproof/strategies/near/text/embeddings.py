"""Near misses of embeddings."""

from typing import cast

from hypothesis import strategies as st

from chatproof.strategies.near.near_miss import catalogue, put
from chatproof.strategies.near.rows import Change, rows
from chatproof.strategies.valid.vectors import base64_of, embeddings, several_embeddings
from chatschema import JsonObject, JsonValue

__all__ = ["NEAR_EMBEDDINGS"]

_ANY = embeddings()


def _data(answer: JsonObject) -> list[JsonValue]:
    return cast("list[JsonValue]", answer["data"])


def _longer(answer: JsonObject) -> tuple[JsonObject, tuple[str | int, ...]]:
    last = ("data", len(_data(answer)) - 1, "embedding")
    return put(answer, *last, by=list[JsonValue]([0.5] * 9)), last


_CHANGES: dict[str, Change] = {
    "reversed": lambda answer: {**answer, "data": _data(answer)[::-1]},
    "not-finite": st.sampled_from((float("nan"), float("inf"), -float("inf"))).map(
        lambda number: base64_of([0.5, number])
    ),
    "longer": _longer,
}

NEAR_EMBEDDINGS = catalogue(
    *rows(
        __file__,
        _CHANGES,
        any=_ANY,
        two=several_embeddings(),
        one=_ANY.map(lambda answer: {**answer, "data": _data(answer)[:1]}),
    )
)
