"""Near misses of what LoRAX is asked for vectors, entities and tokens."""

from chatproof.strategies.near.near_miss import catalogue
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.lorax.requests import (
    classify_batch_requests,
    classify_requests,
    embed_requests,
    lorax_embeddings_requests,
    tokenize_requests,
)

__all__ = ["NEAR_LORAX_ITEM_REQUEST"]


NEAR_LORAX_ITEM_REQUEST = catalogue(
    *rows(
        __file__,
        embed_requests=embed_requests(),
        lorax_embeddings_requests=lorax_embeddings_requests(),
        tokenize_requests=tokenize_requests(),
        classify_requests=classify_requests(),
        classify_batch_requests=classify_batch_requests(),
    ),
)
