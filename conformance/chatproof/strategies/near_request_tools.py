"""Near misses of the tools of a request, and of the choice among them."""

from functools import partial

from hypothesis import strategies as st

from chatproof.strategies.given import given
from chatproof.strategies.near_miss import added, at, catalogue, defect, put, replaced, without
from chatproof.strategies.requests import FUNCTION, function_requests, plain_chat_requests
from chatproof.strategies.wrong import NOT_A_LIST, NULL
from chatschema import Kind, Level

__all__ = ["NEAR_REQUEST_TOOLS"]

_PLAIN, _OLDER = plain_chat_requests(), function_requests()
_TOOLED = _PLAIN.map(lambda request: put(request, "tools", by=[FUNCTION]))
_FIRST = ("tools", 0)
_FUNCTION = (*_FIRST, "function")
_MISSING, _TYPE, _VALUE = "shape.missing", "shape.type", "shape.value"
_CHOICE, _PARAMETERS = "chat.request.tool-choice", "chat.request.parameters"

_miss = partial(defect, Kind.CHAT_REQUEST)


NEAR_REQUEST_TOOLS = catalogue(
    # tools
    _miss("tools-empty", _VALUE, "The list of tools is empty.", added(_PLAIN, "tools", by=given([]))),
    _miss("tools-no-list", _TYPE, "The tools are one tool.", added(_PLAIN, "tools", by=NOT_A_LIST)),
    _miss(
        "too-many-tools",
        _VALUE,
        "There are more than 128 tools.",
        added(_PLAIN, "tools", by=given([*([FUNCTION] * 129)])),
    ),
    _miss(
        "tool-empty",
        _MISSING,
        "A tool is an empty object.",
        at(replaced(_TOOLED, *_FIRST, by=given({})), *_FIRST, "type"),
    ),
    _miss("tool-untyped", _MISSING, "A tool says no type (Mistral).", without(_TOOLED, *_FIRST, "type")),
    _miss(
        "tool-unknown",
        _VALUE,
        "A tool is another server's.",
        replaced(_TOOLED, *_FIRST, "type", by=given("openrouter:web_search", "web_search", "", "retrieval")),
    ),
    _miss(
        "tool-flat",
        _MISSING,
        "A tool has its members as in a response.",
        at(replaced(_TOOLED, *_FIRST, by=given({"type": "function", "name": "f"})), *_FUNCTION),
    ),
    _miss("nameless-function", _MISSING, "A function has no name.", without(_TOOLED, *_FUNCTION, "name")),
    _miss(
        "bad-function-name",
        _VALUE,
        "The name has other characters, or too many.",
        replaced(_TOOLED, *_FUNCTION, "name", by=given("get weather", "f()", "", "ünïcode", "a.b", "f" * 65)),
    ),
    _miss(
        "parameters-as-text",
        _TYPE,
        "The parameters are text.",
        replaced(_TOOLED, *_FUNCTION, "parameters", by=given("{}", [])),
    ),
    _miss(
        "parameters-of-a-list",
        _PARAMETERS,
        "The parameters are those of a list or a text.",
        replaced(_TOOLED, *_FUNCTION, "parameters", "type", by=given("string", "array", None)),
    ),
    _miss(
        "strict-as-text",
        _TYPE,
        "`strict` is text.",
        replaced(_TOOLED, *_FUNCTION, "strict", by=given("yes", 1)),
    ),
    # the choice
    _miss(
        "choice-without-tools",
        _CHOICE,
        "A tool is chosen, and there are none.",
        added(_PLAIN, "tool_choice", by=given("auto", "required")),
    ),
    _miss(
        "no-choice-without-tools",
        _CHOICE,
        "No tool is chosen, and there are none.",
        added(_PLAIN, "tool_choice", by=given("none")),
        Level.SHOULD,
    ),
    _miss(
        "choice-unknown",
        _VALUE,
        "The choice is another server's (Mistral: any).",
        added(_TOOLED, "tool_choice", by=given("any", "", "get_weather")),
    ),
    _miss(
        "choice-untyped",
        _MISSING,
        "The choice says no type.",
        at(
            added(_TOOLED, "tool_choice", by=given({"function": {"name": "get_weather"}})),
            "tool_choice",
            "type",
        ),
    ),
    _miss(
        "choice-nameless",
        _MISSING,
        "The choice names no function.",
        at(added(_TOOLED, "tool_choice", by=given({"type": "function"})), "tool_choice", "function"),
    ),
    _miss(
        "choice-of-another",
        _CHOICE,
        "The chosen function is none of the tools.",
        at(
            added(_TOOLED, "tool_choice", by=given({"type": "function", "function": {"name": "nothing"}})),
            "tool_choice",
            "function",
            "name",
        ),
    ),
    _miss(
        "choice-of-another-kind",
        _CHOICE,
        "A custom tool is chosen that is a function.",
        at(
            added(_TOOLED, "tool_choice", by=given({"type": "custom", "custom": {"name": "get_weather"}})),
            "tool_choice",
            "custom",
            "name",
        ),
    ),
    _miss(
        "parallel-without-tools",
        _CHOICE,
        "Parallel calls are allowed or not, and there are no tools.",
        added(_PLAIN, "parallel_tool_calls", by=st.booleans()),
    ),
    _miss(
        "parallel-null",
        _TYPE,
        "parallel_tool_calls is null (llama_index, once).",
        added(_TOOLED, "parallel_tool_calls", by=NULL),
    ),
    # the older way
    _miss(
        "functions-empty",
        _VALUE,
        "The list of functions is empty.",
        replaced(_OLDER, "functions", by=given([])),
    ),
    _miss(
        "call-without-functions",
        _CHOICE,
        "A function is to be called, and there are none.",
        added(_PLAIN, "function_call", by=given("auto", {"name": "f"})),
    ),
    _miss(
        "call-of-another",
        _CHOICE,
        "A function is to be called that is none of the functions.",
        at(added(_OLDER, "function_call", by=given({"name": "nothing"})), "function_call", "name"),
    ),
)
