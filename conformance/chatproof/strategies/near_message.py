"""Near misses of chat completions: what the message says, what it cost, and how likely it was."""

from functools import partial

from hypothesis import strategies as st

from chatproof.strategies.chat import plain_completions, scored_completions
from chatproof.strategies.near_miss import altered, at, catalogue, defect, replaced, without
from chatproof.strategies.parts import mapped
from chatproof.strategies.wrong import (
    NOT_A_LIST,
    NOT_A_NUMBER,
    NOT_AN_OBJECT,
    NOT_TEXT,
    NOT_WHOLE,
    NULL,
    any_of,
    one_more,
)
from chatschema import JsonObject, Kind, Level

__all__ = ["NEAR_MESSAGE"]

_PLAIN = plain_completions()
_SCORED = scored_completions()
_MESSAGE = ("choices", 0, "message")
_LOGPROBS = ("choices", 0, "logprobs")
_TOKEN = (*_LOGPROBS, "content", 0)
_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"

_ROLES = any_of(["user", "bot", "model", "ai", "", "Assistant", None, 0])
_SILENT: JsonObject = {"role": "assistant", "content": None, "refusal": None}
_THOUGHT = st.sampled_from(("reasoning", "reasoning_content")).map(lambda name: {**_SILENT, name: "Hm."})
_PARTS = any_of([[{"type": "text", "text": "Hi"}], ["Hi"], [], {"text": "Hi"}])
_BELOW_ZERO: JsonObject = {"prompt_tokens": -1, "completion_tokens": 3, "total_tokens": 2}

_miss = partial(defect, Kind.COMPLETION)


NEAR_MESSAGE = catalogue(
    # the message
    _miss("no-role", _MISSING, "The message has no role.", without(_PLAIN, *_MESSAGE, "role")),
    _miss(
        "role-unknown", _VALUE, "The role is not assistant.", replaced(_PLAIN, *_MESSAGE, "role", by=_ROLES)
    ),
    _miss(
        "content-absent",
        "chat.json.content",
        "The message has no content and nothing in its place.",
        without(_PLAIN, *_MESSAGE, "content"),
    ),
    _miss(
        "content-null",
        "chat.json.content",
        "The content is null and nothing is in its place.",
        replaced(_PLAIN, *_MESSAGE, "content", by=NULL),
    ),
    _miss(
        "content-in-reasoning",
        "chat.json.content",
        "The text went into the reasoning and the content is null.",
        at(replaced(_PLAIN, *_MESSAGE, by=_THOUGHT), *_MESSAGE, "content"),
        Level.SHOULD,
    ),
    _miss(
        "content-in-parts",
        _TYPE,
        "The content is a list of parts, as requests may have it (Mistral).",
        replaced(_PLAIN, *_MESSAGE, "content", by=_PARTS),
    ),
    _miss(
        "refusal-no-text",
        _TYPE,
        "`refusal` is true, or an object.",
        replaced(_PLAIN, *_MESSAGE, "refusal", by=NOT_TEXT),
    ),
    _miss(
        "no-refusal",
        "chat.json.spec-complete",
        "There is no member refusal (Groq, DeepSeek, llama.cpp, Ollama).",
        without(_PLAIN, *_MESSAGE, "refusal"),
        Level.SHOULD,
    ),
    _miss(
        "annotations-no-list",
        _TYPE,
        "`annotations` is an object.",
        replaced(_PLAIN, *_MESSAGE, "annotations", by=NOT_A_LIST),
    ),
    _miss(
        "audio-no-object",
        _TYPE,
        "`audio` is the sound itself.",
        replaced(_PLAIN, *_MESSAGE, "audio", by=NOT_AN_OBJECT),
    ),
    # log probabilities
    _miss(
        "no-logprobs",
        "chat.json.spec-complete",
        "There is no member logprobs (older models of OpenAI's, Mistral, Ollama).",
        without(_PLAIN, *_LOGPROBS),
        Level.SHOULD,
    ),
    _miss(
        "logprobs-no-object", _TYPE, "`logprobs` is a list.", replaced(_PLAIN, *_LOGPROBS, by=NOT_AN_OBJECT)
    ),
    _miss(
        "logprobs-no-list",
        _TYPE,
        "The tokens are an object, as those of the older completions are.",
        replaced(_SCORED, *_LOGPROBS, "content", by=NOT_A_LIST),
    ),
    _miss("no-token", _MISSING, "An entry does not say its token.", without(_SCORED, *_TOKEN, "token")),
    _miss(
        "logprob-no-number",
        _TYPE,
        "A logprob is text or null.",
        replaced(_SCORED, *_TOKEN, "logprob", by=NOT_A_NUMBER | NULL),
    ),
    _miss(
        "no-top-logprobs",
        _MISSING,
        "An entry has no list of rivals, not even an empty one.",
        without(_SCORED, *_TOKEN, "top_logprobs"),
    ),
    _miss(
        "bytes-as-text",
        _TYPE,
        "The bytes of a token are its text.",
        replaced(_SCORED, *_TOKEN, "bytes", by=NOT_A_LIST),
    ),
    _miss(
        "byte-too-large",
        _VALUE,
        "The bytes of a token are its code points.",
        at(
            replaced(_SCORED, *_TOKEN, "bytes", by=mapped(st.integers(256, 0x10FFFF), lambda code: [code])),
            *_TOKEN,
            "bytes",
            0,
        ),
    ),
    # token counts
    _miss(
        "no-usage", "chat.json.usage", "Nothing says what it cost.", without(_PLAIN, "usage"), Level.SHOULD
    ),
    _miss(
        "usage-null",
        "chat.json.usage",
        "The token counts are null.",
        replaced(_PLAIN, "usage", by=NULL),
        Level.SHOULD,
    ),
    _miss(
        "usage-no-object", _TYPE, "The token counts are a list.", replaced(_PLAIN, "usage", by=NOT_AN_OBJECT)
    ),
    _miss(
        "total-is-no-sum",
        "chat.json.usage",
        "The total is not the sum (xAI, Google).",
        altered(_PLAIN, "usage", "total_tokens", by=one_more),
    ),
    _miss("no-total", _MISSING, "The total is missing.", without(_PLAIN, "usage", "total_tokens")),
    _miss(
        "count-as-text",
        _TYPE,
        "A count is text.",
        altered(_PLAIN, "usage", "completion_tokens", by=str),
    ),
    _miss(
        "count-not-whole",
        _TYPE,
        "A count has a fraction.",
        replaced(_PLAIN, "usage", "prompt_tokens", by=NOT_WHOLE),
    ),
    _miss("count-null", _TYPE, "A count is null.", replaced(_PLAIN, "usage", "completion_tokens", by=NULL)),
    _miss(
        "count-negative",
        _VALUE,
        "A count is below 0.",
        at(replaced(_PLAIN, "usage", by=st.just(_BELOW_ZERO)), "usage", "prompt_tokens"),
    ),
    _miss(
        "details-no-object",
        _TYPE,
        "The details are a number.",
        replaced(_PLAIN, "usage", "prompt_tokens_details", by=NOT_AN_OBJECT),
    ),
    _miss(
        "detail-no-number",
        _TYPE,
        "A detail is text.",
        at(
            replaced(
                _PLAIN,
                "usage",
                "completion_tokens_details",
                by=NOT_A_NUMBER.map(lambda wrong: {"reasoning_tokens": wrong}),
            ),
            "usage",
            "completion_tokens_details",
            "reasoning_tokens",
        ),
    ),
)
