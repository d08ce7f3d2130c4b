"""Near misses of requests for completions and for embeddings."""

from functools import partial

from hypothesis import strategies as st

from chatproof.strategies.near.near_miss import Miss, at, catalogue, defect, replaced
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.text_requests import (
    completion_requests,
    embeddings_requests,
    plain_completion_requests,
    plain_embeddings_requests,
)
from chatschema import Kind

__all__ = ["NEAR_TEXT_REQUEST"]

_PLAIN, _EMBED = plain_completion_requests(), plain_embeddings_requests()
_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"
_RULE = "completions.request."

_text = partial(defect, Kind.TEXT_REQUEST)
_embed = partial(defect, Kind.EMBEDDINGS_REQUEST)


NEAR_TEXT_REQUEST = catalogue(
    *rows(
        __file__,
        completion_requests=completion_requests(),
        plain=_PLAIN,
        embeddings_requests=embeddings_requests(),
        embed=_EMBED,
    ),
    _text(
        "best-of-too-few",
        f"{_RULE}best-of",
        "best_of is less than n.",
        at(_PLAIN.map(lambda request: Miss(data={**request, "n": 3, "best_of": 2}, path="$")), "best_of"),
    ),
    _text(
        "best-of-streamed",
        f"{_RULE}best-of",
        "The best of several is to be streamed.",
        at(
            _PLAIN.map(lambda request: Miss(data={**request, "stream": True, "best_of": 2}, path="$")),
            "best_of",
        ),
    ),
    _embed(
        "too-many-inputs",
        _VALUE,
        "There are more than 2,048 inputs.",
        replaced(_EMBED, "input", by=st.sampled_from(([*(["a"] * 2049)],))),
    ),
)
