"""Near misses of LoRAX's small answers: errors, its account of itself, pieces of a text, vectors, entities."""

from functools import partial

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.near_miss import Miss, catalogue, defect
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.lorax.items import (
    classify_batches,
    classify_responses,
    embed_responses,
    lorax_embeddings,
    lorax_errors,
    lorax_infos,
    tokenize_responses,
)
from chatschema import JsonValue, Kind

__all__ = ["NEAR_LORAX_ITEMS"]

_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"
_ERROR, _INFO, _PIECES = lorax_errors(), lorax_infos(), tokenize_responses()
_ENTITIES, _BATCH, _VECTORS = classify_responses(), classify_batches(), lorax_embeddings()

_tokenize = partial(defect, Kind.LORAX_TOKENIZE)
_classify = partial(defect, Kind.LORAX_CLASSIFY)
_batch = partial(defect, Kind.LORAX_CLASSIFY_BATCH)


def _held(valid: SearchStrategy[list[JsonValue]]) -> SearchStrategy[Miss]:
    def miss(answer: list[JsonValue]) -> Miss:
        return Miss(data={"data": answer}, path="$")

    return st.builds(miss, valid)


def _flat(valid: SearchStrategy[list[JsonValue]]) -> SearchStrategy[Miss]:
    def miss(answer: list[JsonValue]) -> Miss:
        return Miss(data=answer[:1], path="$[0]")

    return st.builds(miss, valid)


NEAR_LORAX_ITEMS = catalogue(
    *rows(
        __file__,
        error=_ERROR,
        nothing_but_type=st.just({"error": "", "error_type": "validation"}),
        info=_INFO,
        pieces=_PIECES,
        embed_responses=embed_responses(),
        nothing_but_object=st.just({"object": "list"}),
        vectors=_VECTORS,
        entities=_ENTITIES,
        batch=_BATCH,
    ),
    _tokenize("held", _TYPE, "The pieces are in an object.", _held(_PIECES)),
    _classify("held", _TYPE, "The entities are in an object.", _held(_ENTITIES)),
    _batch("flat", _TYPE, "The entities of all texts are in one list.", _flat(_ENTITIES)),
)
