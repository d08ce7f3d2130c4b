"""Embeddings: vectors of any number, as lists and as base64."""

from array import array
from base64 import b64encode
from itertools import product
from sys import byteorder

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.valid.members import among
from chatschema import JsonObject, JsonValue

__all__ = ["base64_of", "embeddings", "several_embeddings", "vectors"]

#: Numbers that float32 has exactly, so that both forms of a vector are the same vector.
_NUMBERS = (0.0, -0.0, 0.5, -0.25, 1.0, 2.0**-126, -(2.0**120), 0.0078125)
_EXTRAS: tuple[JsonObject, ...] = (
    {},
    {"id": "embd-1", "created": 1700000000},  # vLLM
    {"model": "BAAI/bge-small-en"},
)
_USAGES: tuple[JsonValue, ...] = (
    {"prompt_tokens": 5, "total_tokens": 5},
    {"prompt_tokens": 1, "total_tokens": 1, "completion_tokens": 0, "prompt_tokens_details": None},
)
_MANNERS = tuple(product(_EXTRAS, _USAGES, ("numbers", "base64", "both"), range(1, 6)))
_SEVERAL = tuple(product(_EXTRAS[:1], _USAGES[:1], ("numbers", "base64"), range(1, 6)))


def embeddings() -> SearchStrategy[JsonObject]:
    """Any answer with one to four vectors of one length, as lists, as base64 or mixed, that breaks no must.

    `{"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": [0.5]}], "model":
    "text-embedding-3-small", "usage": {"prompt_tokens": 5, "total_tokens": 5}}`
    """
    return _drawn(_MANNERS, 1)


def several_embeddings() -> SearchStrategy[JsonObject]:
    """Two to four vectors in order, all of them lists or all of them base64, as OpenAI sends them."""
    return _drawn(_SEVERAL, 2)


def vectors() -> SearchStrategy[list[float]]:
    """The numbers of one vector, one to five, each of which float32 has exactly."""
    return st.integers(0, 10**6).flatmap(lambda number: st.just(_vector(number, 1 + number % 5)))


def base64_of(vector: list[float]) -> str:
    """A vector as base64 of little-endian float32."""
    numbers = array("f", vector)
    if byteorder == "big":
        numbers.byteswap()
    return b64encode(numbers.tobytes()).decode()


def _drawn(
    manners: tuple[tuple[JsonObject, JsonValue, str, int], ...], least: int
) -> SearchStrategy[JsonObject]:
    return st.builds(_answer, among(manners), st.integers(least, 4), st.integers(0, 10**6))


def _answer(manner: tuple[JsonObject, JsonValue, str, int], count: int, number: int) -> JsonObject:
    extras, usage, form, length = manner
    data: list[JsonValue] = []
    for index in range(count):
        vector = _vector(number + index, length)
        as_text = form == "base64" or (form == "both" and index % 2 == 1)
        said: JsonValue = base64_of(vector) if as_text else [*vector]
        data.append({"object": "embedding", "index": index, "embedding": said})
    return {"object": "list", "data": data, "model": "text-embedding-3-small", **extras, "usage": usage}


def _vector(number: int, length: int) -> list[float]:
    numbers = [_NUMBERS[(number + place * (1 + number // 8)) % len(_NUMBERS)] for place in range(length)]
    return numbers if any(numbers) else [0.5, *numbers[1:]]  # zeros alone have no direction
