"""Near misses of completions: the answer, and one chunk of it.

Where servers are named, they were recorded with the defect.
"""

from functools import partial
from typing import cast

from hypothesis import strategies as st

from chatproof.strategies.near.near_miss import Miss, added, catalogue, defect, put
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.text import (
    plain_text_completions,
    scored_text_completions,
    several_text_completions,
)
from chatproof.strategies.valid.text_streams import text_chunks
from chatschema import JsonObject, JsonValue, Kind, Level

__all__ = ["NEAR_COMPLETION"]

_PLAIN = plain_text_completions()
_SCORED = scored_text_completions()
_CHUNK = text_chunks().filter(lambda chunk: bool(chunk["choices"]))
_CHOICE = ("choices", 0)
_SCORES = (*_CHOICE, "logprobs")
_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"
_LOGPROBS, _USAGE, _COMPLETE = "completions.logprobs", "completions.usage", "completions.spec-complete"

#: Lists that have to be as long as the tokens.
_LISTS = st.sampled_from(("token_logprobs", "top_logprobs", "text_offset"))

_miss = partial(defect, Kind.TEXT)
_chunk = partial(defect, Kind.TEXT_CHUNK)


def _shorter(answer: JsonObject, name: str) -> Miss:
    scores = cast("JsonObject", cast("list[JsonObject]", answer["choices"])[0]["logprobs"])
    items = cast("list[JsonValue]", scores[name])
    return Miss(data=put(answer, *_SCORES, name, by=items[:-1]), path=f"$.choices[0].logprobs.{name}")


NEAR_COMPLETION = catalogue(
    *rows(
        __file__,
        plain=_PLAIN,
        several_text_completions=several_text_completions(),
        scored=_SCORED,
        chunk=_CHUNK,
    ),
    _miss(
        "logprobs-shorter",
        _LOGPROBS,
        "One of the lists has an entry less than there are tokens.",
        st.builds(_shorter, _SCORED, _LISTS),
    ),
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
    _chunk(
        "delta",
        _MISSING,
        "A chunk has a delta as in a chat, and no text.",
        added(
            _CHUNK, *_CHOICE, by=st.just({"index": 0, "delta": {}, "logprobs": None, "finish_reason": None})
        ).map(lambda miss: Miss(data=miss.data, path="$.choices[0].text")),
    ),
)
