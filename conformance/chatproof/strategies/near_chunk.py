"""Near misses of one chunk by itself."""

from functools import partial

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near_miss import Miss, added, altered, catalogue, defect, replaced, without
from chatproof.strategies.parts import counts_of, mapped, texts
from chatproof.strategies.streams import AZURE_PREAMBLE
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
from chatschema import JsonObject, JsonValue, Kind, Level

__all__ = ["NEAR_CHUNK"]

_CHOICE = ("choices", 0)
_DELTA = (*_CHOICE, "delta")
_FRAGMENT = (*_DELTA, "tool_calls", 0)
_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"

_OBJECTS = any_of(["chat.completion", "chat.completion.done", "text_completion", "", None])
_REASONS = any_of(["eos", "", "error", "end_turn", "STOP", 0])
_ROLES = any_of(["user", "bot", "model", "ai", ""])
_ARGUMENTS = any_of([{}, {"city": "Oslo"}, [], 0, True])

_miss = partial(defect, Kind.CHUNK)


def _chunk(number: int, choices: list[JsonValue]) -> JsonObject:
    head: JsonObject = {"id": f"chatcmpl-{number:x}", "created": number, "model": "gpt-4o-2024-08-06"}
    return {**head, "object": "chat.completion.chunk", "choices": choices}


def _with_delta(number: int, delta: JsonObject) -> JsonObject:
    return _chunk(number, [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": None}])


def _text(number: int, text: str) -> JsonObject:
    return _with_delta(number, {"content": text})


def _fragment(number: int, text: str) -> JsonObject:
    function: JsonObject = {"name": "f", "arguments": text}
    return _with_delta(
        number, {"tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": function}]}
    )


def _counted(number: int) -> JsonObject:
    return {**_chunk(number, []), "usage": counts_of(number)}


_NUMBERS = st.integers(0, 10**9)
_TEXT: SearchStrategy[JsonObject] = st.builds(_text, _NUMBERS, texts())
_CALL: SearchStrategy[JsonObject] = st.builds(_fragment, _NUMBERS, texts())
_USAGE: SearchStrategy[JsonObject] = mapped(_NUMBERS, _counted)
_AZURE: SearchStrategy[JsonObject] = mapped(_NUMBERS, lambda number: {**AZURE_PREAMBLE, "created": number})


NEAR_CHUNK = catalogue(
    # its head
    _miss("no-id", _MISSING, "The chunk has no id (Google).", without(_TEXT, "id")),
    _miss("empty-id", _VALUE, "The id is empty.", replaced(_TEXT, "id", by=st.just(""))),
    _miss("no-object", _MISSING, "Nothing says what it is.", without(_TEXT, "object")),
    _miss(
        "wrong-object",
        _VALUE,
        "`object` is a whole answer's, or the server's own (Perplexity).",
        replaced(_TEXT, "object", by=_OBJECTS),
    ),
    _miss("no-created", _MISSING, "The chunk has no time.", without(_TEXT, "created")),
    _miss("created-as-text", _TYPE, "The time is text (Writer).", altered(_TEXT, "created", by=str)),
    _miss("created-not-whole", _TYPE, "The time has a fraction.", replaced(_TEXT, "created", by=NOT_WHOLE)),
    _miss("no-model", _MISSING, "The chunk does not name its model.", without(_TEXT, "model")),
    _miss(
        "model-no-text",
        _TYPE,
        "The model is null or an object.",
        replaced(_TEXT, "model", by=NOT_TEXT | NULL),
    ),
    _miss(
        "empty-head",
        "chat.sse.same-head",
        "A first chunk without choices has an empty head (Azure).",
        mapped(_AZURE, lambda chunk: Miss(data=chunk, path="$.id")),
        Level.SHOULD,
    ),
    _miss(
        "empty-head-of-other-object",
        _VALUE,
        "A chunk with an empty head is of another kind.",
        replaced(_AZURE, "object", by=_OBJECTS.filter(bool) | NULL),
    ),
    # its choice
    _miss("no-choices", _MISSING, "There is no member choices.", without(_TEXT, "choices")),
    _miss(
        "choices-no-list",
        _TYPE,
        "`choices` is null or an object.",
        replaced(_TEXT, "choices", by=NOT_A_LIST | NULL),
    ),
    _miss(
        "choice-no-object",
        _TYPE,
        "A choice is its text alone.",
        replaced(_TEXT, *_CHOICE, by=NOT_AN_OBJECT | NULL),
    ),
    _miss("no-index", _MISSING, "The choice has no index.", without(_TEXT, *_CHOICE, "index")),
    _miss(
        "index-no-number",
        _TYPE,
        "The index is text.",
        replaced(_TEXT, *_CHOICE, "index", by=NOT_A_NUMBER | NULL),
    ),
    _miss(
        "index-negative",
        _VALUE,
        "The index is below 0.",
        replaced(_TEXT, *_CHOICE, "index", by=st.integers(-9, -1)),
    ),
    _miss(
        "finish-reason-unknown",
        _VALUE,
        "The finish_reason is none of the five.",
        replaced(_TEXT, *_CHOICE, "finish_reason", by=_REASONS),
    ),
    _miss(
        "finish-reason-absent",
        "chat.json.spec-complete",
        "The finish_reason is absent and not null (transformers, xAI, Alibaba).",
        without(_TEXT, *_CHOICE, "finish_reason"),
        Level.SHOULD,
    ),
    _miss(
        "message-in-chunk",
        "shape.forbidden",
        "A chunk has a message beside its delta.",
        added(_TEXT, *_CHOICE, "message", by=any_of([{}, {"content": "x"}, None])),
    ),
    _miss(
        "logprobs-no-object",
        _TYPE,
        "`logprobs` is a list.",
        replaced(_TEXT, *_CHOICE, "logprobs", by=NOT_AN_OBJECT),
    ),
    # its delta
    _miss("no-delta", _MISSING, "The choice has no delta.", without(_TEXT, *_DELTA)),
    _miss(
        "delta-no-object",
        _TYPE,
        "The delta is its text, or null.",
        replaced(_TEXT, *_DELTA, by=NOT_AN_OBJECT | NULL),
    ),
    _miss("role-unknown", _VALUE, "The role is not assistant.", replaced(_TEXT, *_DELTA, "role", by=_ROLES)),
    _miss(
        "role-null",
        "chat.sse.role-first",
        "The role is null (Alibaba).",
        replaced(_TEXT, *_DELTA, "role", by=NULL),
        Level.SHOULD,
    ),
    _miss(
        "content-no-text",
        _TYPE,
        "The content is a list of parts.",
        replaced(_TEXT, *_DELTA, "content", by=NOT_TEXT),
    ),
    _miss(
        "refusal-no-text",
        _TYPE,
        "`refusal` is true, or an object.",
        replaced(_TEXT, *_DELTA, "refusal", by=NOT_TEXT),
    ),
    _miss(
        "calls-empty",
        "chat.tools.absent-is-absent",
        "There is no fragment, and an empty list or null for it.",
        replaced(_TEXT, *_DELTA, "tool_calls", by=any_of([[], None])),
        Level.SHOULD,
    ),
    # a fragment of a call
    _miss(
        "calls-no-list",
        _TYPE,
        "`tool_calls` is one fragment.",
        replaced(_TEXT, *_DELTA, "tool_calls", by=NOT_A_LIST),
    ),
    _miss(
        "fragment-no-object",
        _TYPE,
        "A fragment is its text.",
        replaced(_CALL, *_FRAGMENT, by=NOT_AN_OBJECT | NULL),
    ),
    _miss(
        "fragment-without-index",
        _MISSING,
        "A fragment does not say of which call (Google, Mistral, Ollama).",
        without(_CALL, *_FRAGMENT, "index"),
    ),
    _miss(
        "fragment-index-no-number",
        _TYPE,
        "A fragment's index is text or null.",
        replaced(_CALL, *_FRAGMENT, "index", by=NOT_A_NUMBER | NULL),
    ),
    _miss(
        "fragment-type-unknown",
        _VALUE,
        "A fragment's type is neither function nor custom.",
        replaced(_CALL, *_FRAGMENT, "type", by=any_of(["tool", "", 0])),
    ),
    _miss(
        "fragment-arguments-as-object",
        _TYPE,
        "A fragment's arguments are the object itself.",
        replaced(_CALL, *_FRAGMENT, "function", "arguments", by=_ARGUMENTS),
    ),
    # its usage
    _miss(
        "usage-no-object", _TYPE, "The token counts are a list.", replaced(_USAGE, "usage", by=NOT_AN_OBJECT)
    ),
    _miss(
        "total-is-no-sum",
        "chat.json.usage",
        "The total is not the sum (xAI, Google).",
        altered(_USAGE, "usage", "total_tokens", by=one_more),
    ),
    _miss("count-as-text", _TYPE, "A count is text.", altered(_USAGE, "usage", "prompt_tokens", by=str)),
    _miss(
        "in-a-list",
        _TYPE,
        "The chunk is the one item of a list.",
        mapped(_TEXT, lambda chunk: Miss(data=[chunk], path="$")),
    ),
)
