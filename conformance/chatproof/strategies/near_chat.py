"""Near misses of chat completions: the answer and its choices.

Where servers are named, they were recorded with the defect; the others are what mocks and gateways get wrong.
"""

from functools import partial

from hypothesis import strategies as st

from chatproof.strategies.chat import plain_completions, several_completions
from chatproof.strategies.near_miss import Miss, added, altered, catalogue, defect, replaced, without
from chatproof.strategies.parts import mapped
from chatproof.strategies.wrong import (
    NOT_A_LIST,
    NOT_A_NUMBER,
    NOT_AN_OBJECT,
    NOT_TEXT,
    NOT_WHOLE,
    NULL,
    any_of,
)
from chatschema import Kind

__all__ = ["NEAR_CHAT"]

_PLAIN = plain_completions()
_CHOICE = ("choices", 0)
_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"

_OBJECTS = any_of(["chat.completion.done", "chat.completion.chunk", "text_completion", "", None])
_REASONS = any_of(["eos", "", "error", "end_turn", "STOP", 0, {}])

_miss = partial(defect, Kind.COMPLETION)

NEAR_CHAT = catalogue(
    # the answer
    _miss("no-id", _MISSING, "The answer has no id.", without(_PLAIN, "id")),
    _miss("empty-id", _VALUE, "The id is empty.", replaced(_PLAIN, "id", by=st.just(""))),
    _miss("id-no-text", _TYPE, "The id is a number or null.", replaced(_PLAIN, "id", by=NOT_TEXT | NULL)),
    _miss("no-object", _MISSING, "Nothing says what it is.", without(_PLAIN, "object")),
    _miss(
        "wrong-object",
        _VALUE,
        "`object` is a chunk's, or the server's own (Perplexity: `chat.completion.done`).",
        replaced(_PLAIN, "object", by=_OBJECTS),
    ),
    _miss("no-created", _MISSING, "The answer has no time.", without(_PLAIN, "created")),
    _miss("created-as-text", _TYPE, "The time is text (Writer).", altered(_PLAIN, "created", by=str)),
    _miss(
        "created-not-whole",
        _TYPE,
        "The time has a fraction, as `time.time()` gives it.",
        replaced(_PLAIN, "created", by=NOT_WHOLE),
    ),
    _miss(
        "created-no-number",
        _TYPE,
        "The time is null, true or a list.",
        replaced(_PLAIN, "created", by=NOT_A_NUMBER | NULL),
    ),
    _miss("no-model", _MISSING, "The answer does not name its model.", without(_PLAIN, "model")),
    _miss(
        "model-no-text",
        _TYPE,
        "The model is null or an object.",
        replaced(_PLAIN, "model", by=NOT_TEXT | NULL),
    ),
    _miss(
        "fingerprint-no-text",
        _TYPE,
        "`system_fingerprint` is a number.",
        replaced(_PLAIN, "system_fingerprint", by=NOT_TEXT),
    ),
    _miss(
        "tier-no-text", _TYPE, "`service_tier` is a number.", replaced(_PLAIN, "service_tier", by=NOT_TEXT)
    ),
    _miss(
        "in-a-list",
        _TYPE,
        "The answer is the one item of a list, as Google's errors are.",
        mapped(_PLAIN, lambda answer: Miss(data=[answer], path="$")),
    ),
    # its choices
    _miss("no-choices", _MISSING, "There is no member choices.", without(_PLAIN, "choices")),
    _miss("choices-empty", _VALUE, "There is no choice.", replaced(_PLAIN, "choices", by=st.just([]))),
    _miss(
        "choices-no-list",
        _TYPE,
        "`choices` is null or an object.",
        replaced(_PLAIN, "choices", by=NOT_A_LIST | NULL),
    ),
    _miss(
        "choice-no-object",
        _TYPE,
        "A choice is its text alone.",
        replaced(_PLAIN, *_CHOICE, by=NOT_AN_OBJECT | NULL),
    ),
    _miss("no-index", _MISSING, "A choice has no index.", without(_PLAIN, *_CHOICE, "index")),
    _miss(
        "index-no-number",
        _TYPE,
        "The index is text.",
        replaced(_PLAIN, *_CHOICE, "index", by=NOT_A_NUMBER | NULL),
    ),
    _miss(
        "index-negative",
        _VALUE,
        "The index is below 0.",
        replaced(_PLAIN, *_CHOICE, "index", by=st.integers(-9, -1)),
    ),
    _miss(
        "index-twice",
        _VALUE,
        "Two choices have one index.",
        replaced(several_completions(), "choices", 1, "index", by=st.just(0)),
    ),
    _miss("no-message", _MISSING, "A choice has no message.", without(_PLAIN, *_CHOICE, "message")),
    _miss(
        "message-no-object",
        _TYPE,
        "The message is its text.",
        replaced(_PLAIN, *_CHOICE, "message", by=NOT_AN_OBJECT | NULL),
    ),
    _miss(
        "delta-in-json",
        "shape.forbidden",
        "A whole answer has a delta beside its message.",
        added(_PLAIN, *_CHOICE, "delta", by=any_of([{}, {"content": "x"}, None])),
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
        "The finish_reason is none of the five (Together: `eos`; Snowflake: empty).",
        replaced(_PLAIN, *_CHOICE, "finish_reason", by=_REASONS),
    ),
    _miss(
        "finish-without-call",
        "chat.tools.finish-reason",
        "The finish_reason tells of a call, and there is none.",
        replaced(_PLAIN, *_CHOICE, "finish_reason", by=any_of(["tool_calls", "function_call"])),
    ),
)
