"""Requests for completions and for embeddings."""

from functools import cache
from itertools import product

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.valid.members import among, texts
from chatschema import JsonObject, JsonValue

__all__ = [
    "completion_requests",
    "embeddings_requests",
    "plain_completion_requests",
    "plain_embeddings_requests",
]

_OPTIONS: tuple[JsonObject, ...] = (
    {},
    {"max_tokens": 0, "echo": True, "logprobs": 5, "temperature": 0.0},
    {"n": 2, "best_of": 3, "suffix": " end", "top_p": 0.9, "seed": -1},
    {"stream": True, "stream_options": {"include_usage": True}, "stop": ["\n"], "user": "somebody"},
    {"stream": True, "best_of": 2, "n": 2, "logit_bias": {"50256": -100}},
    {"frequency_penalty": 0, "presence_penalty": 0, "logprobs": None, "seed": None, "stop": None, "n": 1},
)
_FORMATS: tuple[JsonObject, ...] = (
    {"encoding_format": "base64"},
    {"encoding_format": "float", "dimensions": 256},
    {"dimensions": 1, "user": "somebody"},
    {"encoding_format": None},
)
_MODELS = ("gpt-3.5-turbo-instruct", "tiny")


@cache
def completion_requests() -> SearchStrategy[JsonObject]:
    """Any request for a completion that OpenAI takes: a text, texts, tokens, lists of tokens, or nothing.

    `{"model": "gpt-3.5-turbo-instruct", "prompt": ""}`
    """
    prompts = (0, 1, 2, 3, 4)
    return st.builds(_completion, texts(), among(tuple(product(_MODELS, prompts, _OPTIONS))))


@cache
def plain_completion_requests() -> SearchStrategy[JsonObject]:
    """A request with one text as its prompt and without options."""
    return texts().map(lambda text: {"model": "tiny", "prompt": text, "max_tokens": 16})


@cache
def embeddings_requests() -> SearchStrategy[JsonObject]:
    """Any request for embeddings that OpenAI takes: a text, texts, tokens or lists of tokens.

    `{"model": "text-embedding-3-small", "input": "", "encoding_format": "base64"}`
    """
    return st.builds(_embedding, texts(), among(tuple(product((0, 1, 2, 3), _FORMATS))))


@cache
def plain_embeddings_requests() -> SearchStrategy[JsonObject]:
    """A request for the vectors of two texts, neither of them empty."""
    return texts().map(lambda text: _embedding(f"{text}.", (1, _FORMATS[0])))


def _several(text: str, form: int) -> JsonValue:
    """A text, texts, its tokens, or lists of them."""
    tokens: list[JsonValue] = [ord(character) for character in text] or [0]
    forms: tuple[JsonValue, ...] = (text, [text, f"{text}!"], tokens, [tokens, [1]])
    return forms[form]


def _completion(text: str, manner: tuple[str, int, JsonObject]) -> JsonObject:
    model, form, options = manner
    prompt = None if form == 4 else _several(text, form)
    return {"model": model, "prompt": prompt, **options}


def _embedding(text: str, manner: tuple[int, JsonObject]) -> JsonObject:
    form, options = manner
    return {"model": "text-embedding-3-small", "input": _several(text, form), **options}
