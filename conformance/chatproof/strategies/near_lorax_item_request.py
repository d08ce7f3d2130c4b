"""Near misses of what LoRAX is asked for vectors, entities and tokens."""

from chatproof.strategies.lorax_requests import (
    classify_batch_requests,
    classify_requests,
    embed_requests,
    lorax_embeddings_requests,
    tokenize_requests,
)
from chatproof.strategies.near_miss import catalogue
from chatproof.strategies.rows import rows

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
