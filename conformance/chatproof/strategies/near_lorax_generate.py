"""Near misses of what LoRAX's `/generate` answers."""

from functools import partial
from typing import cast

from hypothesis import strategies as st

from chatproof.strategies.lorax_generate import best_of_responses, detailed_responses
from chatproof.strategies.near_miss import Miss, altered, at, catalogue, defect, replaced, without
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

__all__ = ["NEAR_LORAX_GENERATE"]

_ANSWER, _BEST_OF = detailed_responses(), best_of_responses()
_TOKEN = ("details", "tokens", 0)
_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"
_DETAILS, _COMPLETE = "lorax.generate.details", "lorax.spec-complete"

#: OpenAI's reasons among them.
_REASONS: st.SearchStrategy[JsonValue] = st.sampled_from(
    ("stop", "content_filter", "eos", "", "EndOfSequenceToken", 0)
)
_NOT_A_BOOLEAN: st.SearchStrategy[JsonValue] = st.sampled_from(("true", 0, 1, None, [], {}))

_miss = partial(defect, Kind.LORAX_GENERATE)


def _listed(answer: JsonValue) -> Miss:
    return Miss(data=[answer], path="$")


def _unsaid(answer: JsonObject) -> Miss:
    """The tokens say nothing that looks like a mark, of which one cannot be sure that it is text."""
    details = cast("JsonObject", answer["details"])
    said: list[JsonValue] = [
        {**cast("JsonObject", token), "text": "a", "special": False}
        for token in cast("list[JsonValue]", details["tokens"])
    ]
    changed: JsonObject = {
        "generated_text": "b",
        "details": {**details, "tokens": said, "finish_reason": "length"},
    }
    return Miss(data=changed, path="$.generated_text")


NEAR_LORAX_GENERATE = catalogue(
    _miss("no-text", _MISSING, "There are details and no text.", without(_ANSWER, "generated_text")),
    _miss("text-null", _TYPE, "The text is null.", replaced(_ANSWER, "generated_text", by=NOT_TEXT | NULL)),
    _miss(
        "details-no-object", _TYPE, "The details are a list.", replaced(_ANSWER, "details", by=NOT_AN_OBJECT)
    ),
    _miss(
        "details-null",
        _COMPLETE,
        "The details are null where nobody asked for them; the router leaves them out.",
        replaced(_ANSWER, "details", by=NULL),
        Level.SHOULD,
    ),
    _miss("no-finish-reason", _MISSING, "No reason to end.", without(_ANSWER, "details", "finish_reason")),
    _miss(
        "wrong-finish-reason",
        _VALUE,
        "The reason is one of OpenAI's.",
        replaced(_ANSWER, "details", "finish_reason", by=_REASONS),
    ),
    _miss(
        "no-prompt-tokens", _MISSING, "No count of the prompt.", without(_ANSWER, "details", "prompt_tokens")
    ),
    _miss(
        "prompt-tokens-not-whole",
        _TYPE,
        "A count has a fraction.",
        replaced(_ANSWER, "details", "prompt_tokens", by=NOT_WHOLE | NULL),
    ),
    _miss("no-count", _MISSING, "No count of the tokens.", without(_ANSWER, "details", "generated_tokens")),
    _miss(
        "count-off-by-one",
        _DETAILS,
        "The end of the sequence is not counted, or twice.",
        altered(_ANSWER, "details", "generated_tokens", by=one_more),
    ),
    _miss(
        "skipped-off-by-one",
        _DETAILS,
        "The count of skipped tokens is not theirs.",
        altered(_ANSWER, "details", "skipped_tokens", by=one_more),
        Level.SHOULD,
    ),
    _miss(
        "no-skipped-tokens",
        _COMPLETE,
        "The server is older than 0.12.1.",
        without(_ANSWER, "details", "skipped_tokens"),
        Level.SHOULD,
    ),
    _miss("no-seed", _MISSING, "No seed, not even null.", without(_ANSWER, "details", "seed")),
    _miss(
        "seed-too-large",
        _VALUE,
        "The seed has more than 64 bits.",
        replaced(_ANSWER, "details", "seed", by=st.just(2**64)),
    ),
    _miss(
        "no-prefill", _MISSING, "The prompt's tokens are left out.", without(_ANSWER, "details", "prefill")
    ),
    _miss(
        "prefill-null",
        _TYPE,
        "The prompt's tokens are null.",
        replaced(_ANSWER, "details", "prefill", by=NULL),
    ),
    _miss("no-tokens", _MISSING, "There are no tokens.", without(_ANSWER, "details", "tokens")),
    _miss(
        "tokens-no-list",
        _TYPE,
        "The tokens are no list.",
        replaced(_ANSWER, "details", "tokens", by=NOT_A_LIST),
    ),
    _miss("another-text", _DETAILS, "The text is not what its tokens make.", st.builds(_unsaid, _ANSWER)),
    _miss("no-id", _MISSING, "A token has no id.", without(_ANSWER, *_TOKEN, "id")),
    _miss("id-as-text", _TYPE, "A token's id is text.", altered(_ANSWER, *_TOKEN, "id", by=str)),
    _miss("no-logprob", _MISSING, "A token has no log probability.", without(_ANSWER, *_TOKEN, "logprob")),
    _miss(
        "logprob-as-text",
        _TYPE,
        "A log probability is text, as where NaN was written as one.",
        replaced(_ANSWER, *_TOKEN, "logprob", by=NOT_A_NUMBER),
    ),
    _miss(
        "no-special",
        _MISSING,
        "A token does not say whether it is text.",
        without(_ANSWER, *_TOKEN, "special"),
    ),
    _miss(
        "special-as-number",
        _TYPE,
        "Whether a token is special is a number.",
        replaced(_ANSWER, *_TOKEN, "special", by=_NOT_A_BOOLEAN),
    ),
    _miss(
        "skipped-as-number",
        _TYPE,
        "Whether a token was skipped is a number.",
        replaced(_ANSWER, *_TOKEN, "skipped", by=_NOT_A_BOOLEAN),
    ),
    _miss(
        "no-skipped",
        _COMPLETE,
        "The server is older than 0.12.1.",
        without(_ANSWER, *_TOKEN, "skipped"),
        Level.SHOULD,
    ),
    _miss(
        "alternatives-null",
        _COMPLETE,
        "Alternatives are null; the router leaves them out.",
        replaced(_ANSWER, *_TOKEN, "alternative_tokens", by=NULL),
        Level.SHOULD,
    ),
    _miss(
        "alternative-without-logprob",
        _MISSING,
        "An alternative has no log probability; without one it is null.",
        at(
            replaced(_ANSWER, *_TOKEN, "alternative_tokens", by=st.just([{"id": 1, "text": "x"}])),
            *_TOKEN,
            "alternative_tokens",
            0,
            "logprob",
        ),
    ),
    _miss(
        "no-other-sequence",
        _VALUE,
        "There is a list of other sequences, and none in it.",
        replaced(_ANSWER, "details", "best_of_sequences", by=st.just([])),
    ),
    _miss(
        "sequence-without-text",
        _MISSING,
        "Another sequence has no text.",
        without(_BEST_OF, "details", "best_of_sequences", 0, "generated_text"),
    ),
    _miss(
        "sequence-off-by-one",
        _DETAILS,
        "Another sequence's count is not that of its tokens.",
        altered(_BEST_OF, "details", "best_of_sequences", 0, "generated_tokens", by=one_more),
    ),
    _miss(
        "not-the-best",
        "lorax.generate.best-of",
        "Another sequence is likelier than the answer.",
        at(
            replaced(
                _BEST_OF, *("details", "best_of_sequences", 0, "tokens", 0), "logprob", by=st.just(99.5)
            ),
            "details",
            "best_of_sequences",
            0,
        ),
        Level.SHOULD,
    ),
    _miss(
        "in-a-list",
        _TYPE,
        "`/generate` answers as `/` does.",
        st.builds(_listed, _ANSWER),
    ),
)
