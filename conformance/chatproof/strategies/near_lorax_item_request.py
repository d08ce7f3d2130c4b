"""Near misses of what LoRAX is asked for vectors, entities and tokens."""

from functools import partial

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.lorax_requests import (
    classify_batch_requests,
    classify_requests,
    embed_requests,
    lorax_embeddings_requests,
    tokenize_requests,
)
from chatproof.strategies.near_miss import at, catalogue, defect, replaced, without
from chatproof.strategies.wrong import NOT_A_LIST, NOT_TEXT, NULL
from chatschema import JsonValue, Kind

__all__ = ["NEAR_LORAX_ITEM_REQUEST"]

_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"
_REFUSED = "lorax.errors.validation"

_embed = partial(defect, Kind.LORAX_EMBED_REQUEST)
_embeddings = partial(defect, Kind.LORAX_EMBEDDINGS_REQUEST)
_tokenize = partial(defect, Kind.LORAX_TOKENIZE_REQUEST)
_classify = partial(defect, Kind.LORAX_CLASSIFY_REQUEST)
_batch = partial(defect, Kind.LORAX_CLASSIFY_BATCH_REQUEST)

_NOT_A_FLAG: SearchStrategy[JsonValue] = st.sampled_from(("true", 0, 1, [], {}))

NEAR_LORAX_ITEM_REQUEST = catalogue(
    _embed("no-inputs", _MISSING, "There is no text.", without(embed_requests(), "inputs")),
    _embed(
        "several-inputs",
        _TYPE,
        "There are several texts.",
        replaced(embed_requests(), "inputs", by=st.just(["a", "b"])),
    ),
    _embed(
        "unknown-merge-strategy",
        _REFUSED,
        "A merge strategy that ends the router.",
        at(
            replaced(
                embed_requests(),
                "parameters",
                by=st.just({"merged_adapters": {"ids": ["a"], "merge_strategy": "x"}}),
            ),
            *("parameters", "merged_adapters", "merge_strategy"),
        ),
    ),
    _embeddings("no-input", _MISSING, "There is no text.", without(lorax_embeddings_requests(), "input")),
    _embeddings(
        "no-model",
        _MISSING,
        "There is no model, although it is ignored.",
        without(lorax_embeddings_requests(), "model"),
    ),
    _embeddings(
        "empty-input",
        _VALUE,
        "There are no texts.",
        replaced(lorax_embeddings_requests(), "input", by=st.just([])),
    ),
    _embeddings(
        "token-numbers",
        _TYPE,
        "The text is in tokens, as OpenAI takes it.",
        at(replaced(lorax_embeddings_requests(), "input", by=st.just([1])), "input", 0),
    ),
    _embeddings(
        "dimensions-with-a-fraction",
        _REFUSED,
        "The dimensions are written as 8.0.",
        replaced(lorax_embeddings_requests(), "dimensions", by=st.just(8.0)),
    ),
    _tokenize("no-inputs", _MISSING, "There is no text.", without(tokenize_requests(), "inputs")),
    _tokenize(
        "flag-no-boolean",
        _TYPE,
        "Whether to add the marks is a number.",
        replaced(tokenize_requests(), "add_special_tokens", by=_NOT_A_FLAG),
    ),
    _classify(
        "inputs-no-text",
        _TYPE,
        "There are several texts.",
        replaced(classify_requests(), "inputs", by=NOT_TEXT | NULL),
    ),
    _batch(
        "no-inputs",
        _VALUE,
        "There are no texts.",
        replaced(classify_batch_requests(), "inputs", by=st.just([])),
    ),
    _batch(
        "one-input",
        _TYPE,
        "There is one text, in no list.",
        replaced(classify_batch_requests(), "inputs", by=NOT_A_LIST | NULL),
    ),
)
