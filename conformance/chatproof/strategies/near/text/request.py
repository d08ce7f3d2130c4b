"""Near misses of requests for completions and for embeddings."""

from hypothesis import strategies as st

from chatproof.strategies.near.near_miss import catalogue
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.text_requests import (
    completion_requests,
    embeddings_requests,
    plain_completion_requests,
    plain_embeddings_requests,
)

__all__ = ["NEAR_TEXT_REQUEST"]

NEAR_TEXT_REQUEST = catalogue(
    *rows(
        __file__,
        {"too-many": st.sampled_from(([*(["a"] * 2049)],))},
        completion_requests=completion_requests(),
        plain=plain_completion_requests(),
        embeddings_requests=embeddings_requests(),
        embed=plain_embeddings_requests(),
    )
)
