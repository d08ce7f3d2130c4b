"""Near misses of embeddings."""

from functools import partial
from typing import cast

from hypothesis import strategies as st

from chatproof.strategies.given import given
from chatproof.strategies.near_miss import Miss, altered, at, catalogue, defect, put, replaced, without
from chatproof.strategies.vectors import base64_of, embeddings, several_embeddings
from chatproof.strategies.wrong import NOT_A_LIST, NOT_A_NUMBER, NOT_AN_OBJECT, NULL, one_more
from chatschema import JsonObject, JsonValue, Kind, Level

__all__ = ["NEAR_EMBEDDINGS"]

_ANY = embeddings()
_TWO = several_embeddings()
_FIRST = ("data", 0)
_VECTOR = (*_FIRST, "embedding")
_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"
_INDEX = "embeddings.count-and-index"
#: Not base64, base64 of other than whole float32, base64 with a line end, without its padding, for URLs.
_NO_BASE64 = st.sampled_from(
    ("", "AAAA", "AACAPgAAAL8=\n", "AACAPgAAAL8", "AACA_gAAAL8=", "0.5, 0.25", "AAAAAB==")
)
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
    # the answer
    _miss("no-object", _MISSING, "Nothing says what it is.", without(_ANY, "object")),
    _miss(
        "wrong-object",
        _VALUE,
        "`object` says that it is something else.",
        replaced(_ANY, "object", by=st.sampled_from(("embeddings", "embedding", "", None))),
    ),
    _miss("no-data", _MISSING, "There is no member data.", without(_ANY, "data")),
    _miss(
        "data-no-list", _TYPE, "`data` is null or an object.", replaced(_ANY, "data", by=NOT_A_LIST | NULL)
    ),
    _miss("data-empty", _INDEX, "There is no vector.", replaced(_ANY, "data", by=st.just([]))),
    _miss("no-model", _MISSING, "The answer does not name its model.", without(_ANY, "model")),
    _miss(
        "bare-vector",
        _TYPE,
        "`data` has the vectors themselves.",
        replaced(_ANY, *_FIRST, by=NOT_AN_OBJECT | given([0.5])),
    ),
    # its vectors
    _miss("no-index", _MISSING, "A vector has no index.", without(_ANY, *_FIRST, "index")),
    _miss(
        "index-no-number",
        _TYPE,
        "The index is text or null.",
        replaced(_ANY, *_FIRST, "index", by=NOT_A_NUMBER | NULL),
    ),
    _miss(
        "index-twice",
        _INDEX,
        "Two vectors have one index.",
        replaced(_TWO, "data", 1, "index", by=st.just(0)),
    ),
    _miss(
        "index-from-one",
        _INDEX,
        "The only vector has index 1.",
        replaced(_ONE, *_FIRST, "index", by=st.just(1)),
    ),
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
    _miss("no-embedding", _MISSING, "A vector has no numbers.", without(_ANY, *_VECTOR)),
    _miss("embedding-null", _TYPE, "The vector is null.", replaced(_ANY, *_VECTOR, by=NULL)),
    _miss("embedding-empty", _VALUE, "The vector has no number.", replaced(_ANY, *_VECTOR, by=st.just([]))),
    _miss(
        "embedding-nested",
        _TYPE,
        "The vector lies in one more list, as one per token (llama.cpp without pooling).",
        at(replaced(_ONE, *_VECTOR, by=st.just([[0.5, 0.25]])), *_VECTOR, 0),
    ),
    _miss(
        "number-as-text",
        _TYPE,
        "A number is text or null.",
        at(
            replaced(_ONE, *_VECTOR, by=st.sampled_from(([0.5, "0.25"], [0.5, None], [0.5, True]))),
            *_VECTOR,
            1,
        ),
    ),
    _miss(
        "no-base64",
        _VALUE,
        "The base64 is none, or of no whole numbers.",
        replaced(_ONE, *_VECTOR, by=_NO_BASE64),
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
    # what it cost
    _miss(
        "no-usage",
        "embeddings.spec-complete",
        "The answer has no usage.",
        without(_ANY, "usage"),
        Level.SHOULD,
    ),
    _miss(
        "total-less-than-prompt",
        "embeddings.usage",
        "The total is less than the part.",
        at(
            replaced(_ANY, "usage", by=st.just({"prompt_tokens": 5, "total_tokens": 0})),
            "usage",
            "total_tokens",
        ),
    ),
    _miss(
        "total-more-than-prompt",
        "embeddings.usage",
        "The total is more than the inputs have.",
        altered(_ANY, "usage", "total_tokens", by=one_more),
        Level.SHOULD,
    ),
)
