"""Near misses of the small bodies: a model, a list of them, an error."""

from functools import partial

from hypothesis import strategies as st

from chatproof.strategies.near.bad_values import NOT_A_NUMBER, NOT_TEXT
from chatproof.strategies.near.near_miss import Miss, catalogue, defect, replaced
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.lists import model_lists, plain_errors, single_models
from chatschema import Kind

__all__ = ["NEAR_LISTS"]

_ONE, _ERROR = single_models(), plain_errors()
_MANY = model_lists().filter(lambda models: bool(models["data"]))
_MISSING, _TYPE, _VALUE, _SHAPE = "shape.missing", "shape.type", "shape.value", "chat.errors.shape"

_models = partial(defect, Kind.MODELS)
_error = partial(defect, Kind.ERROR)

NEAR_LISTS = catalogue(
    *rows(__file__, one=_ONE, many=_MANY, error=_ERROR),
    _models(
        "in-a-list",
        _TYPE,
        "The models are a list without its object around.",
        _MANY.map(lambda models: Miss(data=models["data"], path="$")),
    ),
    _error(
        "error-as-text",
        _TYPE,
        "The error is its message alone (xAI).",
        replaced(
            _ERROR, "error", by=NOT_TEXT.filter(lambda value: not isinstance(value, dict)) | st.just("no")
        ),
    ),
    _error(
        "type-no-text",
        _TYPE,
        "The type is a number.",
        replaced(_ERROR, "error", "type", by=NOT_A_NUMBER.filter(lambda value: not isinstance(value, str))),
    ),
)
