"""Near misses of what LoRAX's `/v1/chat/completions` answers. Some of them are right in an answer of OpenAI's."""

from functools import partial

from hypothesis import strategies as st

from chatproof.strategies.lorax_openai import (
    lorax_calling_completions,
    lorax_chat_chunks,
    lorax_last_chat_chunks,
    lorax_spoken_completions,
)
from chatproof.strategies.near_miss import altered, at, catalogue, defect, replaced, without
from chatproof.strategies.wrong import NOT_TEXT, NULL, one_more
from chatschema import JsonValue, Kind, Level

__all__ = ["NEAR_LORAX_CHAT"]

_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"
_SAID, _CALLED = lorax_spoken_completions(), lorax_calling_completions()
_CHUNK, _LAST = lorax_chat_chunks(), lorax_last_chat_chunks()
_DELTA = ("choices", 0, "delta")
_MESSAGE = ("choices", 0, "message")
_CALL = (*_MESSAGE, "tool_calls", 0)

_REASONS = st.sampled_from(("tool_calls", "stop_sequence", "eos_token", "", None))
_IDS = st.sampled_from(("chatcmpl-1", "", "cmpl-1", None))
_ONE_CALL: JsonValue = {
    "id": "0",
    "type": "function",
    "function": {"description": None, "name": "f", "arguments": "{}"},
}


#: Last chunks of a sequence that ended by itself.
_ENDED: st.SearchStrategy[JsonValue] = st.just(
    {
        "id": "null",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "null",
        "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "total_tokens": 3, "completion_tokens": 2},
    }
)

_chat = partial(defect, Kind.LORAX_CHAT)
_chunk = partial(defect, Kind.LORAX_CHAT_CHUNK)

NEAR_LORAX_CHAT = catalogue(
    # a chat
    _chat("openai-id", _VALUE, "The id is one.", replaced(_SAID, "id", by=_IDS)),
    _chat(
        "openai-object",
        _VALUE,
        "The object is what OpenAI calls it.",
        replaced(_SAID, "object", by=st.sampled_from(("chat.completion", "", None))),
    ),
    _chat("no-created", _MISSING, "The answer has no time.", without(_SAID, "created")),
    _chat("created-as-text", _TYPE, "The time is text.", altered(_SAID, "created", by=str)),
    _chat("no-model", _MISSING, "The answer does not name its model.", without(_SAID, "model")),
    _chat("no-choices", _VALUE, "There is no choice.", replaced(_SAID, "choices", by=st.just([]))),
    _chat(
        "choices-from-one",
        _VALUE,
        "The choices are numbered from 1.",
        altered(_SAID, "choices", 0, "index", by=one_more),
    ),
    _chat(
        "wrong-finish-reason",
        _VALUE,
        "The reason is one that is never sent.",
        replaced(_SAID, "choices", 0, "finish_reason", by=_REASONS),
    ),
    _chat(
        "no-finish-reason",
        _MISSING,
        "There is no reason to end.",
        without(_SAID, "choices", 0, "finish_reason"),
    ),
    _chat("no-role", _MISSING, "The message has no role.", without(_SAID, *_MESSAGE, "role")),
    _chat(
        "content-no-text",
        _TYPE,
        "The content is a list of parts.",
        replaced(_SAID, *_MESSAGE, "content", by=NOT_TEXT),
    ),
    _chat(
        "no-content", "chat.json.content", "The message says nothing.", without(_SAID, *_MESSAGE, "content")
    ),
    _chat(
        "empty-calls",
        _VALUE,
        "There is a list of calls, and none in it.",
        replaced(_SAID, *_MESSAGE, "tool_calls", by=st.just([])),
    ),
    _chat(
        "two-calls",
        _VALUE,
        "There are two calls with one id.",
        replaced(_CALLED, *_MESSAGE, "tool_calls", by=st.just([_ONE_CALL, _ONE_CALL])),
    ),
    _chat(
        "call-id",
        _VALUE,
        "A call has an id of its own.",
        replaced(_CALLED, *_CALL, "id", by=st.sampled_from(("call_1", "", "1"))),
    ),
    _chat(
        "no-description",
        _MISSING,
        "A call has no description, not even null.",
        without(_CALLED, *_CALL, "function", "description"),
    ),
    _chat(
        "arguments-as-object",
        _TYPE,
        "The arguments are an object, as 0.12.0 sent them.",
        replaced(_CALLED, *_CALL, "function", "arguments", by=NOT_TEXT | NULL),
    ),
    _chat(
        "empty-name",
        _VALUE,
        "A call names no function.",
        replaced(_CALLED, *_CALL, "function", "name", by=st.just("")),
    ),
    _chat("no-usage", _MISSING, "The answer does not say what it cost.", without(_SAID, "usage")),
    _chat("usage-null", _TYPE, "The usage is null.", replaced(_SAID, "usage", by=NULL)),
    _chat("no-total", _MISSING, "The usage has no total.", without(_SAID, "usage", "total_tokens")),
    _chat(
        "total-off-by-one",
        "chat.json.usage",
        "The total is not the sum.",
        altered(_SAID, "usage", "total_tokens", by=one_more),
    ),
    _chat(
        "fingerprint-null",
        _TYPE,
        "The fingerprint is null, as OpenAI sends it.",
        replaced(_SAID, "system_fingerprint", by=NULL),
    ),
    _chat(
        "no-fingerprint",
        "lorax.spec-complete",
        "The server is older than 0.12.",
        without(_SAID, "system_fingerprint"),
        Level.SHOULD,
    ),
    # its chunks
    _chunk("openai-id", _VALUE, "The id is one.", replaced(_CHUNK, "id", by=_IDS)),
    _chunk("created", _VALUE, "The time is not 0.", replaced(_CHUNK, "created", by=st.just(1764000000))),
    _chunk(
        "model", _VALUE, "The model is named.", replaced(_CHUNK, "model", by=st.sampled_from(("m", "", None)))
    ),
    _chunk(
        "no-choices",
        _VALUE,
        "There is no choice, as where OpenAI sends the usage.",
        replaced(_CHUNK, "choices", by=st.just([])),
    ),
    _chunk(
        "second-choice",
        _VALUE,
        "The chunk is of a second choice.",
        replaced(_CHUNK, "choices", 0, "index", by=st.just(1)),
    ),
    _chunk(
        "no-finish-reason",
        _MISSING,
        "The reason is left out until the end.",
        without(_CHUNK, "choices", 0, "finish_reason"),
    ),
    _chunk(
        "wrong-finish-reason",
        _VALUE,
        "The reason is one that is never sent.",
        replaced(_CHUNK, "choices", 0, "finish_reason", by=st.sampled_from(("tool_calls", "eos_token", ""))),
    ),
    _chunk("no-delta", _MISSING, "The chunk has no delta.", without(_CHUNK, *_DELTA)),
    _chunk("no-content", "lorax.stream.shape", "The delta has no text.", without(_CHUNK, *_DELTA, "content")),
    _chunk(
        "content-null",
        "lorax.stream.shape",
        "The delta's text is null.",
        replaced(_CHUNK, *_DELTA, "content", by=NULL),
    ),
    _chunk(
        "no-role",
        "lorax.stream.shape",
        "The role is in the first delta alone, as OpenAI has it.",
        without(_CHUNK, *_DELTA, "role"),
        Level.SHOULD,
    ),
    _chunk(
        "wrong-role",
        _VALUE,
        "The role is another.",
        replaced(_CHUNK, *_DELTA, "role", by=st.sampled_from(("user", "", 0))),
    ),
    _chunk(
        "end-shown",
        "lorax.stream.shape",
        "The end of the sequence is shown, as before 0.9.",
        at(
            replaced(_ENDED, *_DELTA, by=st.just({"role": "assistant", "content": "</s>"})),
            *_DELTA,
            "content",
        ),
        Level.SHOULD,
    ),
    _chunk(
        "no-usage",
        "lorax.stream.last-event",
        "The last chunk has no usage, as before 0.11.",
        without(_LAST, "usage"),
        Level.SHOULD,
    ),
    _chunk(
        "early-usage",
        "lorax.stream.last-event",
        "Usage comes with every chunk.",
        replaced(
            _CHUNK, "usage", by=st.just({"prompt_tokens": 0, "total_tokens": 0, "completion_tokens": 0})
        ),
        Level.SHOULD,
    ),
    _chunk(
        "total-off-by-one",
        "chat.json.usage",
        "The total is not the sum.",
        altered(_LAST, "usage", "total_tokens", by=one_more),
    ),
)
