"""Near misses of LoRAX's small answers: errors, its account of itself, pieces of a text, vectors, entities."""

from hypothesis import strategies as st

from chatproof.strategies.near.near_miss import catalogue
from chatproof.strategies.near.rows import Change, rows
from chatproof.strategies.valid.lorax.items import (
    classify_batches,
    classify_responses,
    embed_responses,
    lorax_embeddings,
    lorax_errors,
    lorax_infos,
    tokenize_responses,
)

__all__ = ["NEAR_LORAX_ITEMS"]

_CHANGES: dict[str, Change] = {"held": lambda answer: {"data": answer}, "first": lambda answer: answer[:1]}

NEAR_LORAX_ITEMS = catalogue(
    *rows(
        __file__,
        _CHANGES,
        error=lorax_errors(),
        nothing_but_type=st.just({"error": "", "error_type": "validation"}),
        info=lorax_infos(),
        pieces=tokenize_responses(),
        embed_responses=embed_responses(),
        nothing_but_object=st.just({"object": "list"}),
        vectors=lorax_embeddings(),
        entities=classify_responses(),
        batch=classify_batches(),
    )
)
