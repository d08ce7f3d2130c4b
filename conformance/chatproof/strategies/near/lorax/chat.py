"""Near misses of what LoRAX's `/v1/chat/completions` answers. Some of them are right in an answer of OpenAI's."""

from functools import partial

from hypothesis import strategies as st

from chatproof.strategies.near.near_miss import catalogue, defect, replaced
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.lorax.openai import (
    lorax_calling_completions,
    lorax_chat_chunks,
    lorax_last_chat_chunks,
    lorax_spoken_completions,
)
from chatschema import JsonValue, Kind

__all__ = ["NEAR_LORAX_CHAT"]

_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"
_SAID, _CALLED = lorax_spoken_completions(), lorax_calling_completions()
_CHUNK, _LAST = lorax_chat_chunks(), lorax_last_chat_chunks()
_MESSAGE = ("choices", 0, "message")

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

NEAR_LORAX_CHAT = catalogue(
    *rows(__file__, said=_SAID, called=_CALLED, chunk=_CHUNK, ended=_ENDED, last=_LAST),
    _chat(
        "two-calls",
        _VALUE,
        "There are two calls with one id.",
        replaced(_CALLED, *_MESSAGE, "tool_calls", by=st.just([_ONE_CALL, _ONE_CALL])),
    ),
)
