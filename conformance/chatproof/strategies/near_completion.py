"""Near misses of completions: the answer, and one chunk of it.

Where servers are named, they were recorded with the defect.
"""

from functools import partial
from typing import cast

from hypothesis import strategies as st

from chatproof.strategies.given import given
from chatproof.strategies.near_miss import Miss, added, altered, catalogue, defect, put, replaced, without
from chatproof.strategies.text import (
    plain_text_completions,
    scored_text_completions,
    several_text_completions,
)
from chatproof.strategies.text_streams import text_chunks
from chatproof.strategies.wrong import (
    NOT_A_LIST,
    NOT_A_NUMBER,
    NOT_AN_OBJECT,
    NOT_TEXT,
    NOT_WHOLE,
    NULL,
    one_more,
)
from chatschema import JsonObject, JsonValue, Kind, Level

__all__ = ["NEAR_COMPLETION"]

_PLAIN = plain_text_completions()
_SCORED = scored_text_completions()
_CHUNK = text_chunks().filter(lambda chunk: bool(chunk["choices"]))
_CHOICE = ("choices", 0)
_SCORES = (*_CHOICE, "logprobs")
_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"
_LOGPROBS, _USAGE, _COMPLETE = "completions.logprobs", "completions.usage", "completions.spec-complete"

_OBJECTS = given("text.completion", "chat.completion", "completion", "", None)
_REASONS = given("eos", "", "error", "tool_calls", "STOP", 0, {})
#: Lists that have to be as long as the tokens.
_LISTS = st.sampled_from(("token_logprobs", "top_logprobs", "text_offset"))

_miss = partial(defect, Kind.TEXT)
_chunk = partial(defect, Kind.TEXT_CHUNK)


def _shorter(answer: JsonObject, name: str) -> Miss:
    scores = cast("JsonObject", cast("list[JsonObject]", answer["choices"])[0]["logprobs"])
    items = cast("list[JsonValue]", scores[name])
    return Miss(data=put(answer, *_SCORES, name, by=items[:-1]), path=f"$.choices[0].logprobs.{name}")


NEAR_COMPLETION = catalogue(
    # the answer
    _miss("no-id", _MISSING, "The answer has no id (Writer).", without(_PLAIN, "id")),
    _miss("empty-id", _VALUE, "The id is empty (TGI).", replaced(_PLAIN, "id", by=st.just(""))),
    _miss(
        "wrong-object",
        _VALUE,
        "`object` is another one (Together: `text.completion`).",
        replaced(_PLAIN, "object", by=_OBJECTS),
    ),
    _miss("no-created", _MISSING, "The answer has no time.", without(_PLAIN, "created")),
    _miss("created-as-text", _TYPE, "The time is text.", altered(_PLAIN, "created", by=str)),
    _miss(
        "created-not-whole",
        _TYPE,
        "The time has a fraction, as `time.time()` gives it.",
        replaced(_PLAIN, "created", by=NOT_WHOLE),
    ),
    _miss("no-model", _MISSING, "The answer does not name its model.", without(_PLAIN, "model")),
    _miss("no-choices", _MISSING, "There is no member choices.", without(_PLAIN, "choices")),
    _miss("choices-empty", _VALUE, "There is no choice.", replaced(_PLAIN, "choices", by=st.just([]))),
    _miss(
        "choices-no-list",
        _TYPE,
        "`choices` is null or an object.",
        replaced(_PLAIN, "choices", by=NOT_A_LIST | NULL),
    ),
    # its choices
    _miss(
        "choice-no-object",
        _TYPE,
        "A choice is its text alone.",
        replaced(_PLAIN, *_CHOICE, by=NOT_AN_OBJECT | NULL),
    ),
    _miss(
        "no-text",
        _MISSING,
        "A choice has no text; a chat's message may stand in its place (Portkey).",
        without(_PLAIN, *_CHOICE, "text"),
    ),
    _miss(
        "text-no-text",
        _TYPE,
        "The text is null or a list of parts.",
        replaced(_PLAIN, *_CHOICE, "text", by=NOT_TEXT | NULL),
    ),
    _miss("no-index", _MISSING, "A choice has no index (Writer).", without(_PLAIN, *_CHOICE, "index")),
    _miss(
        "index-no-number",
        _TYPE,
        "The index is text.",
        replaced(_PLAIN, *_CHOICE, "index", by=NOT_A_NUMBER | NULL),
    ),
    _miss(
        "index-twice",
        _VALUE,
        "Two choices have one index.",
        replaced(several_text_completions(), "choices", 1, "index", by=st.just(0)),
    ),
    _miss(
        "index-skips",
        _VALUE,
        "The only choice has index 1 or more.",
        replaced(_PLAIN, *_CHOICE, "index", by=st.integers(1, 9)),
    ),
    _miss(
        "no-finish-reason",
        _MISSING,
        "A choice does not say why it ended.",
        without(_PLAIN, *_CHOICE, "finish_reason"),
    ),
    _miss(
        "finish-reason-null",
        _VALUE,
        "The answer is whole and its finish_reason null.",
        replaced(_PLAIN, *_CHOICE, "finish_reason", by=NULL),
    ),
    _miss(
        "finish-reason-unknown",
        _VALUE,
        "The finish_reason is none of the three.",
        replaced(_PLAIN, *_CHOICE, "finish_reason", by=_REASONS),
    ),
    # log probabilities
    _miss(
        "logprobs-shorter",
        _LOGPROBS,
        "One of the lists has an entry less than there are tokens.",
        st.builds(_shorter, _SCORED, _LISTS),
    ),
    _miss(
        "logprobs-without-tokens",
        _LOGPROBS,
        "There are log probabilities, and nobody knows of what.",
        without(_SCORED, *_SCORES, "tokens"),
        Level.SHOULD,
    ),
    _miss(
        "logprob-no-number",
        _TYPE,
        "A log probability is text.",
        replaced(_SCORED, *_SCORES, "token_logprobs", 0, by=NOT_A_NUMBER),
    ),
    _miss(
        "rivals-as-a-list",
        _TYPE,
        "The rivals at a place are a list of objects, as in a chat.",
        replaced(_SCORED, *_SCORES, "top_logprobs", 0, by=st.just([{"token": "a", "logprob": -1}])),
    ),
    _miss(
        "offset-negative",
        _VALUE,
        "A token starts before the text.",
        replaced(_SCORED, *_SCORES, "text_offset", 0, by=st.integers(-9, -1)),
    ),
    _miss(
        "no-logprobs",
        _COMPLETE,
        "There is no member logprobs (transformers).",
        without(_PLAIN, *_CHOICE, "logprobs"),
        Level.SHOULD,
    ),
    # what it cost
    _miss("no-usage", _USAGE, "The answer has no usage.", without(_PLAIN, "usage"), Level.SHOULD),
    _miss(
        "usage-is-no-sum",
        _USAGE,
        "The total is not the sum.",
        altered(_PLAIN, "usage", "total_tokens", by=one_more),
    ),
    _miss("no-total", _MISSING, "The usage has no total.", without(_PLAIN, "usage", "total_tokens")),
    _miss(
        "no-completion-tokens",
        _COMPLETE,
        "Nothing was generated, and no count says so (OpenAI itself).",
        _PLAIN.map(
            lambda answer: Miss(
                data={**answer, "usage": {"prompt_tokens": 3, "total_tokens": 3}},
                path="$.usage.completion_tokens",
            )
        ),
        Level.SHOULD,
    ),
    # a chunk
    _chunk("no-id", _MISSING, "A chunk has no id.", without(_CHUNK, "id")),
    _chunk(
        "delta",
        _MISSING,
        "A chunk has a delta as in a chat, and no text.",
        added(
            _CHUNK, *_CHOICE, by=st.just({"index": 0, "delta": {}, "logprobs": None, "finish_reason": None})
        ).map(lambda miss: Miss(data=miss.data, path="$.choices[0].text")),
    ),
    _chunk(
        "finish-reason-absent",
        _COMPLETE,
        "A chunk leaves the finish_reason out until the end (transformers).",
        without(_CHUNK, *_CHOICE, "finish_reason"),
        Level.SHOULD,
    ),
    _chunk(
        "finish-reason-empty",
        _VALUE,
        "The finish_reason is empty until the end (TGI).",
        replaced(_CHUNK, *_CHOICE, "finish_reason", by=st.just("")),
    ),
)
