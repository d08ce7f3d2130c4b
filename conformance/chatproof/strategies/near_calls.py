"""Near misses of chat completions that call tools."""

from functools import partial

from hypothesis import strategies as st

from chatproof.strategies.chat import calling_completions, plain_completions
from chatproof.strategies.near_miss import at, catalogue, defect, replaced, without
from chatproof.strategies.wrong import NOT_A_LIST, NOT_AN_OBJECT, NOT_TEXT, NULL, any_of
from chatschema import JsonObject, JsonValue, Kind, Level

__all__ = ["NEAR_CALLS"]

_PLAIN = plain_completions()
_CALLING = calling_completions()
_MESSAGE = ("choices", 0, "message")
_CALLS = (*_MESSAGE, "tool_calls")
_CALL = (*_CALLS, 0)
_FUNCTION = (*_CALL, "function")
_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"

_ARGUMENTS = any_of([{}, {"city": "Oslo"}, [], 0, True, None])
_TYPES = any_of(["tool", "", "Function", None, 0])

_miss = partial(defect, Kind.COMPLETION)


def _custom(text: JsonValue) -> JsonValue:
    return [{"id": "call_1", "type": "custom", "custom": {"name": "f", "input": text}}]


_TWINS: list[JsonValue] = [
    {"id": "call_1", "type": "function", "function": {"name": name, "arguments": "{}"}} for name in ("f", "g")
]
_OLD: JsonObject = {"role": "assistant", "content": None, "refusal": None}

NEAR_CALLS = catalogue(
    _miss(
        "calls-empty",
        "chat.tools.absent-is-absent",
        "There is no call, and an empty list or null for it (vLLM, NIM, Mistral).",
        replaced(_PLAIN, *_CALLS, by=any_of([[], None])),
        Level.SHOULD,
    ),
    _miss("calls-no-list", _TYPE, "`tool_calls` is one call.", replaced(_PLAIN, *_CALLS, by=NOT_A_LIST)),
    _miss("call-no-object", _TYPE, "A call is a name.", replaced(_CALLING, *_CALL, by=NOT_AN_OBJECT | NULL)),
    _miss("call-without-id", _MISSING, "A call has no id.", without(_CALLING, *_CALL, "id")),
    _miss("call-empty-id", _VALUE, "A call's id is empty.", replaced(_CALLING, *_CALL, "id", by=st.just(""))),
    _miss(
        "call-id-no-text",
        _TYPE,
        "A call's id is a number or null.",
        replaced(_CALLING, *_CALL, "id", by=NOT_TEXT | NULL),
    ),
    _miss(
        "call-id-twice",
        "chat.tools.shape",
        "Two calls of a message have one id.",
        at(replaced(_CALLING, *_CALLS, by=st.just(_TWINS)), *_CALLS, 1, "id"),
    ),
    _miss("call-without-type", _MISSING, "A call has no type (Mistral).", without(_CALLING, *_CALL, "type")),
    _miss(
        "call-type-unknown",
        _VALUE,
        "A call's type is neither function nor custom.",
        replaced(_CALLING, *_CALL, "type", by=_TYPES),
    ),
    _miss("call-without-function", _MISSING, "A call has no function.", without(_CALLING, *_FUNCTION)),
    _miss(
        "function-no-object",
        _TYPE,
        "The function is its name.",
        replaced(_CALLING, *_FUNCTION, by=NOT_AN_OBJECT | NULL),
    ),
    _miss(
        "call-without-name",
        _MISSING,
        "A call does not name its function.",
        without(_CALLING, *_FUNCTION, "name"),
    ),
    _miss(
        "call-empty-name",
        _VALUE,
        "A call's function has the empty name.",
        replaced(_CALLING, *_FUNCTION, "name", by=st.just("")),
    ),
    _miss(
        "arguments-as-object",
        _TYPE,
        "The arguments are the object itself, not its JSON text.",
        replaced(_CALLING, *_FUNCTION, "arguments", by=_ARGUMENTS),
    ),
    _miss(
        "no-arguments",
        _MISSING,
        "A call of a function without parameters has no arguments.",
        without(_CALLING, *_FUNCTION, "arguments"),
    ),
    _miss(
        "input-no-text",
        _TYPE,
        "A custom tool's input is an object.",
        at(replaced(_CALLING, *_CALLS, by=_ARGUMENTS.map(_custom)), *_CALL, "custom", "input"),
    ),
    _miss(
        "call-of-other-form",
        _MISSING,
        "A call says that it is custom, and has a function.",
        at(replaced(_CALLING, *_CALL, "type", by=st.just("custom")), *_CALL, "custom"),
    ),
    _miss(
        "no-content-beside-calls",
        "chat.tools.content-null",
        "Beside a call the content is absent and not null (Groq).",
        without(_CALLING, *_MESSAGE, "content"),
        Level.SHOULD,
    ),
    _miss(
        "old-call-without-name",
        _MISSING,
        "A function_call does not name its function.",
        at(
            replaced(_PLAIN, *_MESSAGE, by=st.just({**_OLD, "function_call": {"arguments": "{}"}})),
            *_MESSAGE,
            "function_call",
            "name",
        ),
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
