"""Near misses of one chunk by itself."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.near_miss import catalogue
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.members import counts_of, mapped, texts
from chatproof.strategies.valid.streams import AZURE_PREAMBLE
from chatschema import JsonObject, JsonValue

__all__ = ["NEAR_CHUNK"]

_OBJECTS = st.sampled_from(["chat.completion", "chat.completion.done", "text_completion", "", None])


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


NEAR_CHUNK = catalogue(*rows(__file__, text=_TEXT, call=_CALL, usage=_USAGE, azure=_AZURE))
