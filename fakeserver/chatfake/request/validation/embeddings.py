"""Refuses what `POST /v1/embeddings` of OpenAI refuses."""

from collections.abc import Iterator
from functools import partial

from chatfake.core.api_error import ApiError, array_too_long, empty_array, missing, wrong_type
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.core.tokens import count
from chatfake.request.validation import members
from chatfake.request.validation.members import Range, Table
from chatfake.request.validation.rules import Rule, first_refusal, model_named

MAX_INPUTS = 2048
#: Of text-embedding-3-large.
MAX_DIMENSIONS = 3072

_TABLE = Table(
    numbers={"dimensions": Range("integer", 1, MAX_DIMENSIONS)},
    types={"user": (str, "a string"), "encoding_format": (str, "a string")},
    others=("model", "input"),
    values={"encoding_format": ("float", "base64")},
)


def _input(body: JsonObject) -> Iterator[ApiError]:
    if "input" not in body:
        yield missing("input")
        return
    given = body["input"]
    if isinstance(given, str):
        if not given:
            yield ApiError(message="Invalid 'input': input cannot be an empty string.", param="input")
    elif not isinstance(given, list):
        yield wrong_type(
            "input", "one of a string, array of strings, array of integers, or array of integer arrays", given
        )
    elif not given:
        yield empty_array("input")
    elif not isinstance(given[0], int) and len(given) > MAX_INPUTS:
        yield array_too_long("input", MAX_INPUTS, len(given))
    elif not (_tokens(given) or all(_single(one) for one in given)):
        yield ApiError(message="'$.input' is invalid. Please check the API reference.", param="input")


def _single(one: JsonValue) -> bool:
    return (isinstance(one, str) and one != "") or (isinstance(one, list) and bool(one) and _tokens(one))


def _tokens(given: list[JsonValue]) -> bool:
    return all(isinstance(one, int) and not isinstance(one, bool) and one >= 0 for one in given)


_RULES: tuple[Rule, ...] = (
    model_named,
    partial(members.known, table=_TABLE),
    _input,
    partial(members.numbers, table=_TABLE),
    partial(members.types, table=_TABLE),
)


def embedding_refusal(body: JsonValue, context_length: int) -> ApiError | None:
    """The answer to an invalid request; None when the body is valid."""
    found = first_refusal(body, _RULES)
    if found is not None or not isinstance(body, dict):
        return found
    given = body.get("input")
    longest = max(
        (count(one) for one in (given if isinstance(given, list) else [given]) if isinstance(one, str)),
        default=0,
    )
    if longest > context_length:
        return ApiError(
            message=f"This model's maximum context length is {context_length} tokens, however you requested "
            f"{longest} tokens ({longest} in your prompt; 0 for the completion). Please reduce your prompt; or "
            "completion length."
        )
    return None
