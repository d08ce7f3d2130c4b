"""Models, one and many, and errors: the small bodies."""

from itertools import product

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.valid.members import among, something, texts
from chatschema import JsonObject, JsonValue

__all__ = ["errors", "model_lists", "plain_errors", "single_models"]

#: What servers add to a model: OpenAI's older answers and vLLM, llama.cpp, OpenRouter.
_EXTRAS: tuple[JsonObject, ...] = (
    {},
    {"shutdown_date": None},
    {"shutdown_date": "2027-01-31"},
    {"root": "tiny", "parent": None, "permission": [{"object": "model_permission", "group": None}]},
    {"root": "my-adapter", "parent": "tiny", "max_model_len": 2048},
    {"meta": {"n_ctx_train": 4096}, "aliases": [], "tags": []},
    {"name": "Tiny", "pricing": {"prompt": "0"}, "context_length": 4096},
)
_ERRORS: tuple[JsonObject, ...] = tuple(
    {"type": kind, "param": param, "code": code}
    for kind, param, code in product(
        ("invalid_request_error", "server_error", None), (None, "messages[0].role"), (None, "model_not_found")
    )
)
_BEYOND: tuple[JsonObject, ...] = (
    *_ERRORS,
    {"type": "BadRequestError", "param": None, "code": 400},  # vLLM
    {"code": 404, "metadata": {"raw": ""}},  # OpenRouter
    {},
)


def single_models() -> SearchStrategy[JsonObject]:
    """One model, as `GET /models/{id}` answers it, with what servers add.

    `{"id": "model-0", "object": "model", "created": 0, "owned_by": ""}`
    """
    return st.builds(_model, st.integers(0, 10**9), texts(), among(_EXTRAS))


def model_lists() -> SearchStrategy[JsonObject]:
    """A list of up to three models."""

    def listed(number: int, owner: str, extras: JsonObject, count: int) -> JsonObject:
        models: list[JsonValue] = [_model(number + each, owner, extras) for each in range(count)]
        return {"object": "list", "data": models}

    return st.builds(listed, st.integers(0, 10**9), texts(), among(_EXTRAS), st.integers(0, 3))


def errors() -> SearchStrategy[JsonObject]:
    """Any error that breaks no must, as five servers have it: members are absent, and codes are numbers."""
    return st.builds(_error, texts(), among(_BEYOND))


def plain_errors() -> SearchStrategy[JsonObject]:
    """An error with all four members, as OpenAI sends it.

    `{"error": {"message": "something", "type": "invalid_request_error", "param": null, "code": null}}`
    """
    return st.builds(_error, texts(), among(_ERRORS))


def _error(text: str, members: JsonObject) -> JsonObject:
    return {"error": {"message": something(text), **members}}


def _model(number: int, owner: str, extras: JsonObject) -> JsonObject:
    return {"id": f"model-{number}", "object": "model", "created": number, "owned_by": owner, **extras}
