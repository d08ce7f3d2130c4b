"""Near misses of chat completions that call tools."""

from functools import partial

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.near_miss import at, catalogue, defect, replaced
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.chat import calling_completions, plain_completions
from chatschema import JsonObject, JsonValue, Kind

__all__ = ["NEAR_CALLS"]

_PLAIN = plain_completions()
_CALLING = calling_completions()
_MESSAGE = ("choices", 0, "message")
_CALLS = (*_MESSAGE, "tool_calls")
_CALL = (*_CALLS, 0)
_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"

_ARGUMENTS: SearchStrategy[JsonValue] = st.sampled_from([{}, {"city": "Oslo"}, [], 0, True, None])

_miss = partial(defect, Kind.COMPLETION)


def _custom(text: JsonValue) -> JsonValue:
    return [{"id": "call_1", "type": "custom", "custom": {"name": "f", "input": text}}]


_OLD: JsonObject = {"role": "assistant", "content": None, "refusal": None}

NEAR_CALLS = catalogue(
    *rows(__file__, plain=_PLAIN, calling=_CALLING),
    _miss(
        "input-no-text",
        _TYPE,
        "A custom tool's input is an object.",
        at(replaced(_CALLING, *_CALLS, by=_ARGUMENTS.map(_custom)), *_CALL, "custom", "input"),
    ),
    _miss(
        "old-call-arguments-as-object",
        _TYPE,
        "The arguments of a function_call are the object itself.",
        at(
            replaced(
                _PLAIN,
                *_MESSAGE,
                by=_ARGUMENTS.map(lambda wrong: {**_OLD, "function_call": {"name": "f", "arguments": wrong}}),
            ),
            *_MESSAGE,
            "function_call",
            "arguments",
        ),
    ),
)
