"""Near misses of the small bodies: a model, a list of them, an error."""

from functools import partial

from hypothesis import strategies as st

from chatproof.strategies.lists import model_lists, plain_errors, single_models
from chatproof.strategies.near_miss import Miss, altered, catalogue, defect, replaced, without
from chatproof.strategies.wrong import NOT_A_LIST, NOT_A_NUMBER, NOT_AN_OBJECT, NOT_TEXT, NOT_WHOLE, NULL
from chatschema import Kind, Level

__all__ = ["NEAR_LISTS"]

_ONE, _ERROR = single_models(), plain_errors()
_MANY = model_lists().filter(lambda models: bool(models["data"]))
_FIRST = ("data", 0)
_MISSING, _TYPE, _VALUE, _SHAPE = "shape.missing", "shape.type", "shape.value", "chat.errors.shape"

_model = partial(defect, Kind.MODEL)
_models = partial(defect, Kind.MODELS)
_error = partial(defect, Kind.ERROR)

NEAR_LISTS = catalogue(
    # one model
    _model("no-id", _MISSING, "A model has no id.", without(_ONE, "id")),
    _model("empty-id", _VALUE, "The id is empty.", replaced(_ONE, "id", by=st.just(""))),
    _model("no-object", _MISSING, "Nothing says what it is.", without(_ONE, "object")),
    _model(
        "no-created",
        _MISSING,
        "A model has no time (DeepSeek, llama-cpp-python, LM Studio).",
        without(_ONE, "created"),
    ),
    _model("created-not-whole", _TYPE, "The time has a fraction.", replaced(_ONE, "created", by=NOT_WHOLE)),
    _model("created-as-text", _TYPE, "The time is text.", altered(_ONE, "created", by=str)),
    _model("no-owner", _MISSING, "Nobody owns the model (OpenRouter).", without(_ONE, "owned_by")),
    _model("owner-null", _TYPE, "The owner is null.", replaced(_ONE, "owned_by", by=NULL)),
    # a list of them
    _models("no-object", _MISSING, "Nothing says what it is (OpenRouter).", without(_MANY, "object")),
    _models("no-data", _MISSING, "There is no member data.", without(_MANY, "data")),
    _models(
        "data-by-name",
        _TYPE,
        "The models stand by name in an object.",
        replaced(_MANY, "data", by=NOT_A_LIST | NULL),
    ),
    _models("names-alone", _TYPE, "The list has names alone.", replaced(_MANY, *_FIRST, by=NOT_AN_OBJECT)),
    _models("model-without-id", _MISSING, "One of the models has no id.", without(_MANY, *_FIRST, "id")),
    _models(
        "wrong-object",
        _VALUE,
        "One of the models says that it is something else.",
        replaced(_MANY, *_FIRST, "object", by=st.sampled_from(("list", "models", "", None))),
    ),
    _models(
        "in-a-list",
        _TYPE,
        "The models are a list without its object around.",
        _MANY.map(lambda models: Miss(data=models["data"], path="$")),
    ),
    # an error
    _error(
        "error-as-text",
        _TYPE,
        "The error is its message alone (xAI).",
        replaced(
            _ERROR, "error", by=NOT_TEXT.filter(lambda value: not isinstance(value, dict)) | st.just("no")
        ),
    ),
    _error("no-error", _MISSING, "There is no member error (Mistral).", without(_ERROR, "error")),
    _error("no-message", _MISSING, "The error says nothing.", without(_ERROR, "error", "message")),
    _error(
        "message-empty", _VALUE, "The message is empty.", replaced(_ERROR, "error", "message", by=st.just(""))
    ),
    _error(
        "message-no-text",
        _TYPE,
        "The message is an object.",
        replaced(_ERROR, "error", "message", by=NOT_TEXT | NULL),
    ),
    _error(
        "no-type",
        _SHAPE,
        "The error has no type (Azure).",
        without(_ERROR, "error", "type"),
        Level.SHOULD,
    ),
    _error(
        "no-param",
        _SHAPE,
        "The error has no param (OpenRouter).",
        without(_ERROR, "error", "param"),
        Level.SHOULD,
    ),
    _error("no-code", _SHAPE, "The error has no code.", without(_ERROR, "error", "code"), Level.SHOULD),
    _error(
        "code-as-number",
        _SHAPE,
        "The code is the HTTP status as a number (vLLM).",
        replaced(_ERROR, "error", "code", by=st.sampled_from((400, 404, 429, 500))),
        Level.SHOULD,
    ),
    _error(
        "code-no-text",
        _TYPE,
        "The code is a list or true.",
        replaced(_ERROR, "error", "code", by=st.sampled_from((True, [], {}, 1.5))),
    ),
    _error(
        "type-no-text",
        _TYPE,
        "The type is a number.",
        replaced(_ERROR, "error", "type", by=NOT_A_NUMBER.filter(lambda value: not isinstance(value, str))),
    ),
)
