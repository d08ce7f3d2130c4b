"""Near misses of streams whose chunks have the wrong shape, each as a server that always does it."""

from collections.abc import Callable
from functools import partial

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.bad_values import NOT_A_LIST, NOT_A_NUMBER, NOT_AN_OBJECT, NOT_TEXT
from chatproof.strategies.near.chat.broken import (
    Broken,
    Events,
    broken,
    each,
    inserted,
    last_choice,
    said,
    sent,
)
from chatproof.strategies.near.near_miss import Miss, added, catalogue, defect, dropped, put, replaced
from chatproof.strategies.valid.chat import spoken_completions
from chatschema import JsonObject, JsonValue, Kind, Level

__all__ = ["NEAR_STREAM_SHAPE"]

_STREAM = said(spoken_completions())
_CHOICE = ("choices", 0)
_DELTA = (*_CHOICE, "delta")
_SHAPE = "chat.sse.shape"

_miss = partial(defect, Kind.STREAM)


def _always(change: Callable[[JsonObject], JsonObject], *steps: str | int) -> SearchStrategy[Miss]:
    """Every chunk put through `change`; it shows in the first."""
    return broken(_STREAM, lambda stream: (each(stream, change), (0, *steps)))


def _no_choices(stream: Events) -> Broken:
    return inserted(stream, 1, dropped(stream[0], "choices")), (1, "choices")


def _no_delta(stream: Events) -> Broken:
    last = last_choice(stream)
    return dropped(stream, last, *_DELTA), (last, *_DELTA)


def _null_delta(stream: Events) -> Broken:
    last = last_choice(stream)
    return put(stream, last, *_DELTA, by=None), (last, *_DELTA)


def _unknown_reason(stream: Events) -> Broken:
    place = (last_choice(stream), *_CHOICE, "finish_reason")
    return put(stream, *place, by="eos"), place


def _message_too(stream: Events) -> Broken:
    place = (last_choice(stream), *_CHOICE, "message")
    whole: JsonValue = {"role": "assistant", "content": "Hello!"}
    return put(stream, *place, by=whole), place


def _null_reasons_left_out(chunk: JsonObject) -> JsonObject:
    left_out = dropped(chunk, *_CHOICE, "finish_reason")
    return left_out if put(chunk, *_CHOICE, "finish_reason", by=None) == chunk else chunk


NEAR_STREAM_SHAPE = catalogue(
    _miss("no-id", _SHAPE, "No chunk has an id (Google).", _always(lambda chunk: dropped(chunk, "id"), "id")),
    _miss("empty-id", _SHAPE, "Every id is empty.", _always(lambda chunk: put(chunk, "id", by=""), "id")),
    _miss(
        "wrong-object",
        _SHAPE,
        "`object` is that of a whole answer.",
        _always(lambda chunk: put(chunk, "object", by="chat.completion"), "object"),
    ),
    _miss(
        "created-as-text",
        _SHAPE,
        "The time is text (Writer).",
        _always(lambda chunk: put(chunk, "created", by=str(chunk["created"])), "created"),
    ),
    _miss(
        "created-not-whole",
        _SHAPE,
        "The time has a fraction.",
        _always(lambda chunk: put(chunk, "created", by=1764000000.5), "created"),
    ),
    _miss(
        "no-model",
        _SHAPE,
        "No chunk names its model.",
        _always(lambda chunk: dropped(chunk, "model"), "model"),
    ),
    _miss("no-choices", _SHAPE, "A chunk has no member choices.", broken(_STREAM, _no_choices)),
    _miss(
        "no-index",
        _SHAPE,
        "No choice has an index.",
        _always(lambda chunk: dropped(chunk, *_CHOICE, "index"), *_CHOICE, "index"),
    ),
    _miss(
        "index-no-number",
        _SHAPE,
        "The index is text.",
        sent(replaced(_STREAM, 1, *_CHOICE, "index", by=NOT_A_NUMBER)),
    ),
    _miss("no-delta", _SHAPE, "The last choice has no delta.", broken(_STREAM, _no_delta)),
    _miss("delta-null", _SHAPE, "The last delta is null.", broken(_STREAM, _null_delta)),
    _miss(
        "message-too",
        "chat.sse.delta-not-message",
        "The last chunk carries the whole message beside its delta.",
        broken(_STREAM, _message_too),
    ),
    _miss(
        "content-no-text",
        _SHAPE,
        "A piece of the content is a list of parts (Mistral).",
        sent(replaced(_STREAM, 1, *_DELTA, "content", by=NOT_TEXT)),
    ),
    _miss(
        "finish-reason-unknown",
        _SHAPE,
        "The finish_reason is `eos` (Together).",
        broken(_STREAM, _unknown_reason),
    ),
    _miss(
        "finish-reason-absent",
        "chat.json.spec-complete",
        "The finish_reason is absent until the end, and not null (transformers, xAI, Alibaba).",
        _always(_null_reasons_left_out, *_CHOICE, "finish_reason"),
        Level.SHOULD,
    ),
    _miss(
        "logprobs-no-object",
        _SHAPE,
        "`logprobs` is a list.",
        sent(replaced(_STREAM, 1, *_CHOICE, "logprobs", by=NOT_AN_OBJECT)),
    ),
    _miss(
        "calls-empty",
        "chat.tools.absent-is-absent",
        "There is no call, and deltas have an empty list or null for it (vLLM).",
        sent(added(_STREAM, 1, *_DELTA, "tool_calls", by=st.sampled_from([[], None]))),
        Level.SHOULD,
    ),
    _miss(
        "calls-no-list",
        "chat.tools.sse-fragments",
        "`tool_calls` is one fragment.",
        sent(added(_STREAM, 1, *_DELTA, "tool_calls", by=NOT_A_LIST)),
    ),
)
