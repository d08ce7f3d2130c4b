"""Near misses of requests for completions and for embeddings."""

from functools import partial

from hypothesis import strategies as st

from chatproof.strategies.given import given
from chatproof.strategies.near_miss import Miss, added, at, catalogue, defect, replaced, without
from chatproof.strategies.text_requests import (
    completion_requests,
    embeddings_requests,
    plain_completion_requests,
    plain_embeddings_requests,
)
from chatproof.strategies.wrong import NOT_A_NUMBER, NOT_WHOLE, NULL
from chatschema import Kind, Level

__all__ = ["NEAR_TEXT_REQUEST"]

_PLAIN, _EMBED = plain_completion_requests(), plain_embeddings_requests()
_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"
_RULE = "completions.request."

_text = partial(defect, Kind.TEXT_REQUEST)
_embed = partial(defect, Kind.EMBEDDINGS_REQUEST)


NEAR_TEXT_REQUEST = catalogue(
    # completions
    _text("no-model", _MISSING, "The request names no model.", without(completion_requests(), "model")),
    _text(
        "no-prompt",
        "completions.spec-complete",
        "There is no prompt.",
        without(_PLAIN, "prompt"),
        Level.SHOULD,
    ),
    _text(
        "prompt-no-text",
        _TYPE,
        "The prompt is a number or an object.",
        replaced(_PLAIN, "prompt", by=given(3, {"text": "hi"})),
    ),
    _text(
        "prompts-mixed",
        _TYPE,
        "One of several prompts is a number.",
        at(replaced(_PLAIN, "prompt", by=given(["a", 1], ["a", None])), "prompt", 1),
    ),
    _text(
        "tokens-not-whole",
        _TYPE,
        "A token is no number of one.",
        at(replaced(_PLAIN, "prompt", by=given([1, 1.5], [1, "2"])), "prompt", 1),
    ),
    _text(
        "tokens-negative",
        _VALUE,
        "A token is below 0.",
        at(replaced(_PLAIN, "prompt", by=given([1, -1])), "prompt", 1),
    ),
    _text(
        "no-tokens",
        _VALUE,
        "One of several prompts has no tokens.",
        at(replaced(_PLAIN, "prompt", by=given([[1], []])), "prompt", 1),
    ),
    _text("limit-negative", _VALUE, "The limit is below 0.", replaced(_PLAIN, "max_tokens", by=given(-1))),
    _text(
        "limit-not-whole", _TYPE, "The limit has a fraction.", replaced(_PLAIN, "max_tokens", by=NOT_WHOLE)
    ),
    _text(
        "too-hot",
        _VALUE,
        "The temperature is not within 0 and 2.",
        added(_PLAIN, "temperature", by=given(2.5, -1)),
    ),
    _text(
        "logprobs-as-flag",
        _TYPE,
        "`logprobs` is true, as for a chat.",
        added(_PLAIN, "logprobs", by=st.booleans() | given("5")),
    ),
    _text(
        "too-many-logprobs",
        _VALUE,
        "There are more than 5 logprobs.",
        added(_PLAIN, "logprobs", by=given(6, -1)),
    ),
    _text(
        "five-stops", _VALUE, "There are more than four stops.", added(_PLAIN, "stop", by=given([*"abcde"]))
    ),
    _text("echo-as-text", _TYPE, "`echo` is text.", added(_PLAIN, "echo", by=given("yes", 1))),
    _text(
        "best-of-too-few",
        f"{_RULE}best-of",
        "best_of is less than n.",
        at(_PLAIN.map(lambda request: Miss(data={**request, "n": 3, "best_of": 2}, path="$")), "best_of"),
    ),
    _text(
        "best-of-streamed",
        f"{_RULE}best-of",
        "The best of several is to be streamed.",
        at(
            _PLAIN.map(lambda request: Miss(data={**request, "stream": True, "best_of": 2}, path="$")),
            "best_of",
        ),
    ),
    _text(
        "options-without-stream",
        f"{_RULE}stream-options",
        "There are stream_options, and no stream.",
        added(_PLAIN, "stream_options", by=given({}, {"include_usage": True})),
    ),
    _text(
        "bias-of-a-word",
        f"{_RULE}logit-bias",
        "A bias is given to a word.",
        at(added(_PLAIN, "logit_bias", by=given({"cat": 1})), "logit_bias", "cat"),
    ),
    _text(
        "unknown-member",
        f"{_RULE}unknown",
        "OpenAI does not know a member, though others may.",
        added(completion_requests(), "top_k", by=given(40, None)),
        Level.SHOULD,
    ),
    # embeddings
    _embed("no-model", _MISSING, "The request names no model.", without(embeddings_requests(), "model")),
    _embed("no-input", _MISSING, "There is no input.", without(embeddings_requests(), "input")),
    _embed("input-empty", _VALUE, "The list of inputs is empty.", replaced(_EMBED, "input", by=given([]))),
    _embed(
        "input-no-text",
        _TYPE,
        "The input is a number, null or an object.",
        replaced(_EMBED, "input", by=given(1, {"text": "hi"}) | NULL),
    ),
    _embed(
        "inputs-mixed",
        _TYPE,
        "One of the inputs is a number.",
        at(replaced(_EMBED, "input", by=given(["a", 1], ["a", None])), "input", 1),
    ),
    _embed(
        "too-many-inputs",
        _VALUE,
        "There are more than 2,048 inputs.",
        replaced(_EMBED, "input", by=given([*(["a"] * 2049)])),
    ),
    _embed(
        "text-empty",
        "embeddings.request.empty",
        "A text is empty.",
        replaced(_EMBED, "input", by=given("")),
        Level.SHOULD,
    ),
    _embed(
        "format-unknown",
        _VALUE,
        "The format is another one.",
        replaced(_EMBED, "encoding_format", by=given("int8", "", 1)),
    ),
    _embed(
        "no-dimensions",
        _VALUE,
        "The vector is to have no number.",
        added(_EMBED, "dimensions", by=given(0, -1)),
    ),
    _embed(
        "dimensions-as-text", _TYPE, "The dimensions are text.", added(_EMBED, "dimensions", by=NOT_A_NUMBER)
    ),
    _embed(
        "unknown-member",
        "embeddings.request.unknown",
        "OpenAI does not know a member, though others may.",
        added(_EMBED, "input_type", by=given("query")),
        Level.SHOULD,
    ),
)
