"""Near misses of LoRAX's small answers: errors, its account of itself, pieces of a text, vectors, entities."""

from functools import partial

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.lorax_items import (
    classify_batches,
    classify_responses,
    embed_responses,
    lorax_embeddings,
    lorax_errors,
    lorax_infos,
    tokenize_responses,
)
from chatproof.strategies.near_miss import Miss, at, catalogue, defect, replaced, without
from chatproof.strategies.wrong import NOT_A_LIST, NOT_A_NUMBER, NOT_TEXT, NOT_WHOLE, NULL
from chatschema import JsonObject, JsonValue, Kind, Level

__all__ = ["NEAR_LORAX_ITEMS"]

_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"
_ERROR, _INFO, _PIECES = lorax_errors(), lorax_infos(), tokenize_responses()
_ENTITIES, _BATCH, _VECTORS = classify_responses(), classify_batches(), lorax_embeddings()

_error = partial(defect, Kind.LORAX_ERROR)
_info = partial(defect, Kind.LORAX_INFO)
_tokenize = partial(defect, Kind.LORAX_TOKENIZE)
_embed = partial(defect, Kind.LORAX_EMBED)
_embeddings = partial(defect, Kind.LORAX_EMBEDDINGS)
_classify = partial(defect, Kind.LORAX_CLASSIFY)
_batch = partial(defect, Kind.LORAX_CLASSIFY_BATCH)

_NESTED: JsonObject = {"message": "no", "type": "validation", "param": None, "code": None}
_BACKWARDS: JsonObject = {"id": 1, "text": "Hi", "start": 3, "stop": 1}


def _held(valid: SearchStrategy[list[JsonValue]]) -> SearchStrategy[Miss]:
    def miss(answer: list[JsonValue]) -> Miss:
        return Miss(data={"data": answer}, path="$")

    return st.builds(miss, valid)


def _flat(valid: SearchStrategy[list[JsonValue]]) -> SearchStrategy[Miss]:
    def miss(answer: list[JsonValue]) -> Miss:
        return Miss(data=answer[:1], path="$[0]")

    return st.builds(miss, valid)


NEAR_LORAX_ITEMS = catalogue(
    _error("no-error", _MISSING, "The error has no text.", without(_ERROR, "error")),
    _error("empty-error", _VALUE, "The error's text is empty.", replaced(_ERROR, "error", by=st.just(""))),
    _error(
        "nested",
        _TYPE,
        "The error is nested as OpenAI's is.",
        replaced(_ERROR, "error", by=st.just(_NESTED) | NULL),
    ),
    _error("no-type", _MISSING, "The error has no type.", without(_ERROR, "error_type")),
    _error(
        "type-no-text", _TYPE, "The error's type is a status.", replaced(_ERROR, "error_type", by=NOT_TEXT)
    ),
    _error(
        "validation-without-its-words",
        "lorax.errors.validation",
        "A validation error has its message alone.",
        at(
            replaced(
                st.just({"error": "", "error_type": "validation"}),
                "error",
                by=st.sampled_from(("`inputs` cannot be empty", "422")),
            ),
            "error",
        ),
        Level.SHOULD,
    ),
    _info("no-model", _MISSING, "The server does not name its model.", without(_INFO, "model_id")),
    _info("empty-model", _VALUE, "The model's name is empty.", replaced(_INFO, "model_id", by=st.just(""))),
    _info("no-sha", _MISSING, "A member is left out where it is null.", without(_INFO, "sha")),
    _info("limit-as-text", _TYPE, "A limit is text.", replaced(_INFO, "max_best_of", by=NOT_A_NUMBER | NULL)),
    _info(
        "limit-not-whole", _TYPE, "A limit has a fraction.", replaced(_INFO, "max_total_tokens", by=NOT_WHOLE)
    ),
    _info(
        "limit-below-zero",
        _VALUE,
        "A limit is below zero.",
        replaced(_INFO, "max_input_length", by=st.just(-1)),
    ),
    _info(
        "ratio-no-number",
        _TYPE,
        "The ratio is text.",
        replaced(_INFO, "waiting_served_ratio", by=NOT_A_NUMBER),
    ),
    _info(
        "no-eager-prefill",
        "lorax.spec-complete",
        "The server is older than 0.11.",
        without(_INFO, "eager_prefill"),
        Level.SHOULD,
    ),
    _tokenize("no-id", _MISSING, "A piece has no id.", without(_PIECES, 0, "id")),
    _tokenize("no-stop", _MISSING, "A piece does not say where it stops.", without(_PIECES, 0, "stop")),
    _tokenize("id-as-text", _TYPE, "A piece's id is text.", replaced(_PIECES, 0, "id", by=NOT_A_NUMBER)),
    _tokenize("held", _TYPE, "The pieces are in an object.", _held(_PIECES)),
    _tokenize(
        "stop-before-start",
        "lorax.tokenize",
        "A piece stops before it starts.",
        at(replaced(_PIECES, 0, by=st.just(_BACKWARDS)), 0, "stop"),
    ),
    _embed("no-vector", _MISSING, "There is no vector.", without(embed_responses(), "embeddings")),
    _embed(
        "vector-no-list",
        _TYPE,
        "The vector is text.",
        replaced(embed_responses(), "embeddings", by=NOT_A_LIST),
    ),
    _embed("number-null", _TYPE, "A number is null.", replaced(embed_responses(), "embeddings", 0, by=NULL)),
    _embed(
        "vector-in-a-list",
        _TYPE,
        "There are several vectors, as other servers have them.",
        at(replaced(embed_responses(), "embeddings", by=st.just([[0.5, 0.25]])), "embeddings", 0),
    ),
    _embeddings(
        "openai",
        _MISSING,
        "The vectors are where OpenAI has them.",
        at(replaced(st.just({"object": "list"}), "data", by=st.just([])), "embeddings"),
    ),
    _embeddings("no-index", _MISSING, "A vector has no index.", without(_VECTORS, "embeddings", 0, "index")),
    _embeddings(
        "wrong-index",
        "embeddings.count-and-index",
        "The vectors are numbered from 1.",
        replaced(_VECTORS, "embeddings", 0, "index", by=st.just(1)),
    ),
    _embeddings(
        "wrong-object",
        _VALUE,
        "A vector says that it is something else.",
        replaced(_VECTORS, "embeddings", 0, "object", by=st.sampled_from(("list", "", None))),
    ),
    _embeddings(
        "base64",
        _TYPE,
        "A vector is base64.",
        replaced(_VECTORS, "embeddings", 0, "embedding", by=st.just("AAAA")),
    ),
    _classify("no-group", _MISSING, "An entity is of no kind.", without(_ENTITIES, 0, "entity_group")),
    _classify(
        "score-as-text", _TYPE, "A score is text.", replaced(_ENTITIES, 0, "score", by=NOT_A_NUMBER | NULL)
    ),
    _classify("held", _TYPE, "The entities are in an object.", _held(_ENTITIES)),
    _classify(
        "end-before-start",
        "lorax.classify",
        "An entity ends before it starts.",
        at(replaced(_ENTITIES, 0, "start", by=st.just(2**20)), 0, "end"),
    ),
    _batch("flat", _TYPE, "The entities of all texts are in one list.", _flat(_ENTITIES)),
    _batch("no-word", _MISSING, "An entity of the first text has no word.", without(_BATCH, 0, 0, "word")),
    _batch(
        "end-before-start",
        "lorax.classify",
        "An entity ends before it starts.",
        at(replaced(_BATCH, 0, 0, "start", by=st.just(2**20)), 0, 0, "end"),
    ),
)
