"""Near misses of whole streams: the order of the events, the head that they share, the life of a choice."""

from functools import partial

from hypothesis import strategies as st

from chatproof.strategies.near.bad_values import NULL
from chatproof.strategies.near.chat.broken import (
    Broken,
    Events,
    broken,
    each,
    inserted,
    last_choice,
    numbered,
    said,
    sent,
)
from chatproof.strategies.near.near_miss import catalogue, defect, dropped, put, replaced
from chatproof.strategies.valid.chat import several_completions, spoken_completions
from chatproof.strategies.valid.streams import AZURE_PREAMBLE
from chatschema import JsonObject, JsonValue, Kind, Level

__all__ = ["NEAR_STREAM"]

_STREAM = said(spoken_completions())
_TWO = said(several_completions())
_CHOICE = ("choices", 0)
_DELTA = (*_CHOICE, "delta")
_HEAD, _ROLE, _FINISH, _DONE = (
    "chat.sse.same-head",
    "chat.sse.role-first",
    "chat.sse.finish-once",
    "chat.sse.done",
)

_ERROR: JsonValue = {
    "error": {"message": "out of memory", "type": "server_error", "param": None, "code": None}
}
_MORE: JsonValue = {"index": 0, "delta": {"content": "!"}, "logprobs": None, "finish_reason": None}
_ROLES = st.sampled_from(["user", "bot", "model", "ai", ""])

_miss = partial(defect, Kind.STREAM)


def _other_ids(stream: Events) -> Broken:
    return numbered(stream, lambda chunk, n: put(chunk, "id", by=f"chatcmpl-{n}")), (1, "id")


def _clock(stream: Events) -> Broken:
    return numbered(stream, lambda chunk, n: put(chunk, "created", by=n)), (1, "created")


def _other_model(stream: Events) -> Broken:
    last = last_choice(stream)
    return put(stream, last, "model", by="gpt-next"), (last, "model")


def _no_role(stream: Events) -> Broken:
    return each(stream, _silent), (1, *_DELTA)


def _silent(chunk: JsonObject) -> JsonObject:
    try:
        return dropped(chunk, *_DELTA, "role")
    except KeyError:
        return chunk


def _no_finish(stream: Events) -> Broken:
    return put(stream, last_choice(stream), *_CHOICE, "finish_reason", by=None), (len(stream) - 1,)


def _finish_twice(stream: Events) -> Broken:
    place = last_choice(stream) + 1
    again = put(stream[place - 1], *_DELTA, by={})
    return inserted(stream, place, again), (place, *_CHOICE, "finish_reason")


def _text_after_finish(stream: Events) -> Broken:
    place = last_choice(stream) + 1
    return inserted(stream, place, put(stream[place - 1], *_CHOICE, by=_MORE)), (place, *_DELTA)


def _one_unfinished(stream: Events) -> Broken:
    """Only the last of two choices has no finish_reason."""
    last = last_choice(stream)
    chunk = stream[last]
    choices = chunk["choices"] if isinstance(chunk, dict) else None
    number = len(choices) - 1 if isinstance(choices, list) else 0
    return put(stream, last, "choices", number, "finish_reason", by=None), (len(stream) - 1,)


def _wrong_sum(stream: Events) -> Broken:
    """Usage comes in the last chunk, alone or not."""
    place = len(stream) - 2
    usage = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 15}
    return put(stream, place, "usage", by={**usage}), (place, "usage", "total_tokens")


def _fails(stream: Events) -> Broken:
    return [*stream[:2], _ERROR], (2,)


def _fails_and_is_done(stream: Events) -> Broken:
    return [*stream[:2], _ERROR, "[DONE]"], (2,)


def _fails_in_a_chunk(stream: Events) -> Broken:
    chunk = put(stream[1], "error", by={"message": "Provider returned error", "code": 502})
    return [stream[0], chunk, "[DONE]"], (1,)


NEAR_STREAM = catalogue(
    # one head
    _miss("id-changes", _HEAD, "Each chunk has an id of its own.", broken(_STREAM, _other_ids)),
    _miss("created-changes", _HEAD, "Each chunk has its own time (Ollama).", broken(_STREAM, _clock)),
    _miss("model-changes", _HEAD, "The last chunk names another model.", broken(_STREAM, _other_model)),
    _miss(
        "empty-head",
        _HEAD,
        "The first chunk has no choices and an empty head (Azure).",
        broken(_STREAM, lambda stream: (inserted(stream, 0, AZURE_PREAMBLE), (0, "id"))),
        Level.SHOULD,
    ),
    # the role
    _miss("no-role", _ROLE, "No delta has a role (Cloudflare).", broken(_STREAM, _no_role), Level.SHOULD),
    _miss(
        "role-unknown",
        _ROLE,
        "The role is not assistant.",
        sent(replaced(_STREAM, 0, *_DELTA, "role", by=_ROLES)),
    ),
    _miss(
        "role-null",
        _ROLE,
        "Later deltas have a role that is null (Alibaba).",
        sent(replaced(_STREAM, 1, *_DELTA, "role", by=NULL)),
        Level.SHOULD,
    ),
    # the end of a choice
    _miss("no-finish", _FINISH, "No chunk has a finish_reason.", broken(_STREAM, _no_finish)),
    _miss(
        "one-unfinished", _FINISH, "One of two choices has no finish_reason.", broken(_TWO, _one_unfinished)
    ),
    _miss(
        "finish-twice", _FINISH, "The finish_reason comes twice (OpenRouter).", broken(_STREAM, _finish_twice)
    ),
    _miss(
        "text-after-finish",
        _FINISH,
        "Text comes after the finish_reason.",
        broken(_STREAM, _text_after_finish),
    ),
    _miss(
        "no-choice",
        _FINISH,
        "The stream has usage, [DONE], and no choice.",
        broken(_STREAM, lambda stream: ([put(stream[0], "choices", by=[]), "[DONE]"], (1,))),
    ),
    # the end of the stream
    _miss(
        "no-done",
        _DONE,
        "The stream ends without [DONE] (transformers, Perplexity, Writer).",
        broken(_STREAM, lambda stream: (stream[:-1], (len(stream) - 1,))),
    ),
    _miss(
        "done-twice",
        _DONE,
        "[DONE] comes twice.",
        broken(_STREAM, lambda stream: ([*stream, "[DONE]"], (len(stream),))),
    ),
    _miss(
        "chunk-after-done",
        _DONE,
        "A chunk comes after [DONE].",
        broken(_STREAM, lambda stream: ([*stream, stream[-2]], (len(stream),))),
    ),
    # failures under a good status
    _miss(
        "error-first",
        "chat.sse.error-before",
        "The request is refused inside the stream.",
        broken(_STREAM, lambda stream: ([_ERROR, *stream], (0,))),
    ),
    _miss(
        "error-in-the-middle",
        "chat.sse.error",
        "An error object ends the stream (OpenRouter).",
        broken(_STREAM, _fails),
    ),
    _miss(
        "error-then-done",
        "chat.sse.error",
        "An error object comes, and [DONE] after it as if all were well.",
        broken(_STREAM, _fails_and_is_done),
    ),
    _miss(
        "error-in-a-chunk",
        "chat.sse.error",
        "A chunk carries an error (OpenRouter).",
        broken(_STREAM, _fails_in_a_chunk),
    ),
    _miss(
        "usage-is-no-sum",
        "chat.json.usage",
        "The total is not the sum (xAI, Google).",
        broken(_STREAM, _wrong_sum),
    ),
)
