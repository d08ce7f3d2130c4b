"""The checks that servers made with FastAPI leave to pydantic: of all members at once, and lax.

"0.5" is a number and "yes" is true. Of the many errors of a union (a message, a response format) those of the branch
that the request means are told.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from chatfake.core.json_text import JsonObject, JsonValue

__all__ = [
    "CHAT", "COMPLETIONS", "Check", "Location", "Problem", "Problems", "as_bool", "as_float", "as_int", "coerced",
    "missing", "of_list", "of_object", "of_text", "problems",
]  # fmt: skip

_TRUE, _FALSE = ("true", "t", "yes", "y", "on", "1"), ("false", "f", "no", "n", "off", "0")


#: Where in the body: `("body", "messages", 0, "role")`.
Location: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One of pydantic's errors."""

    type: str
    loc: Location
    msg: str
    input: JsonValue
    ctx: Mapping[str, object] | None = None


Problems: TypeAlias = Iterator[Problem]


def missing(loc: Location, within: JsonValue) -> Problem:
    return Problem(type="missing", loc=loc, msg="Field required", input=within)


# -- pydantic -----------------------------------------------------------------------------------------------


def _integer(loc: Location, value: JsonValue) -> Problems:
    if isinstance(value, bool):
        return
    if isinstance(value, float) and not value.is_integer():
        msg = "Input should be a valid integer, got a number with a fractional part"
        yield Problem(type="int_from_float", loc=loc, msg=msg, input=value)
    elif isinstance(value, str) and not value.strip().lstrip("+-").isdecimal():
        msg = "Input should be a valid integer, unable to parse string as an integer"
        yield Problem(type="int_parsing", loc=loc, msg=msg, input=value)
    elif not isinstance(value, int | float | str):
        yield Problem(type="int_type", loc=loc, msg="Input should be a valid integer", input=value)


def _number(loc: Location, value: JsonValue) -> Problems:
    if isinstance(value, str) and as_float(value) is None:
        msg = "Input should be a valid number, unable to parse string as a number"
        yield Problem(type="float_parsing", loc=loc, msg=msg, input=value)
    elif isinstance(value, dict | list):
        yield Problem(type="float_type", loc=loc, msg="Input should be a valid number", input=value)


def _truth(loc: Location, value: JsonValue) -> Problems:
    if isinstance(value, bool) or (isinstance(value, int | float) and value in (0, 1)):
        return
    if isinstance(value, str) and value.lower() in (*_TRUE, *_FALSE):
        return
    if isinstance(value, str | int):
        msg = "Input should be a valid boolean, unable to interpret input"
        yield Problem(type="bool_parsing", loc=loc, msg=msg, input=value)
    else:
        yield Problem(type="bool_type", loc=loc, msg="Input should be a valid boolean", input=value)


def of_text(loc: Location, value: JsonValue) -> Problems:
    if not isinstance(value, str):
        yield Problem(type="string_type", loc=loc, msg="Input should be a valid string", input=value)


def of_list(loc: Location, value: JsonValue) -> Problems:
    if not isinstance(value, list):
        yield Problem(type="list_type", loc=loc, msg="Input should be a valid list", input=value)


def of_object(loc: Location, value: JsonValue) -> Problems:
    if not isinstance(value, dict):
        yield Problem(type="dict_type", loc=loc, msg="Input should be a valid dictionary", input=value)


def _stop(loc: Location, value: JsonValue) -> Problems:
    if isinstance(value, list) and len(value) > 4:
        yield from of_text(loc, value)
        yield Problem(
            type="too_long",
            loc=loc,
            msg=f"List should have at most 4 items after validation, not {len(value)}",
            input=value,
            ctx={"field_type": "List", "max_length": 4, "actual_length": len(value)},
        )
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from of_text((*loc, place), one)
    elif not isinstance(value, str):
        yield from of_text(loc, value)
        yield from of_list(loc, value)


def _messages(loc: Location, value: JsonValue) -> Problems:
    yield from of_list(loc, value)
    for place, message in enumerate(value if isinstance(value, list) else []):
        here = (*loc, place)
        if not isinstance(message, dict):
            yield Problem(type="dict_type", loc=here, msg="Input should be a valid dictionary", input=message)
            continue
        role = message.get("role")
        branch = (*here, f"ChatCompletion{str(role).capitalize() if role else 'Developer'}MessageParam")
        if "role" not in message:
            yield missing((*branch, "role"), message)
        content = message.get("content", "")
        if content is None and role == "assistant":
            continue
        if not isinstance(content, str | list):
            yield from of_text((*branch, "content"), content)
            yield Problem(
                type="iterable_type",
                loc=(*branch, "content"),
                msg="Input should be iterable",
                input=content,
            )


def _tools(loc: Location, value: JsonValue) -> Problems:
    yield from of_list(loc, value)
    for place, tool in enumerate(value if isinstance(value, list) else []):
        here = (*loc, place)
        if not isinstance(tool, dict):
            yield from of_object(here, tool)
        elif "function" not in tool:
            yield missing((*here, "function"), tool)
        elif not isinstance(function := tool["function"], dict):
            yield from of_object((*here, "function"), function)
        elif "name" not in function:
            yield missing((*here, "function", "name"), function)


def _format(loc: Location, value: JsonValue) -> Problems:
    if not isinstance(value, dict):
        yield from of_object(loc, value)
        return
    kinds = "'text', 'json_object' or 'json_schema'"
    schema = value.get("json_schema")
    if value.get("type") not in ("text", "json_object", "json_schema", "structural_tag"):
        yield Problem(
            type="literal_error",
            loc=(*loc, "type"),
            msg=f"Input should be {kinds}",
            input=value.get("type"),
            ctx={"expected": kinds},
        )
    elif isinstance(schema, dict) and "name" not in schema:
        yield missing((*loc, "json_schema", "name"), schema)


Check: TypeAlias = Callable[[Location, JsonValue], Problems]
_SAMPLING: Mapping[str, Check] = {
    "model": of_text,
    "frequency_penalty": _number,
    "presence_penalty": _number,
    "logit_bias": of_object,
    "max_tokens": _integer,
    "n": _integer,
    "seed": _integer,
    "stop": _stop,
    "stream": _truth,
    "stream_options": of_object,
    "temperature": _number,
    "top_p": _number,
    "user": of_text,
}
CHAT: Mapping[str, Check] = {
    **_SAMPLING,
    "messages": _messages,
    "logprobs": _truth,
    "top_logprobs": _integer,
    "max_completion_tokens": _integer,
    "response_format": _format,
    "tools": _tools,
    "parallel_tool_calls": _truth,
}
COMPLETIONS: Mapping[str, Check] = {
    **_SAMPLING,
    "best_of": _integer,
    "echo": _truth,
    "logprobs": _integer,
    "suffix": of_text,
}


def problems(body: JsonValue, checks: Mapping[str, Check], required: tuple[str, ...]) -> Problems:
    if not isinstance(body, dict):
        msg = "Input should be a valid dictionary or object to extract fields from"
        yield Problem(type="model_attributes_type", loc=("body",), msg=msg, input=body)
        return
    for name in required:
        if name not in body:
            yield missing(("body", name), body)
    for name, check in checks.items():
        if body.get(name) is not None:
            yield from check(("body", name), body[name])


# -- what it makes of them --------------------------------------------------------------------------------------


def coerced(body: JsonObject) -> JsonObject:
    """What pydantic makes of the members that it takes in another form."""
    taken = dict(body)
    for name in ("stream", "logprobs", "echo", "parallel_tool_calls"):
        if isinstance(body.get(name), str):
            taken[name] = as_bool(body[name])
    for name in ("n", "max_tokens", "max_completion_tokens", "top_logprobs", "best_of", "seed"):
        if isinstance(body.get(name), str | float):
            taken[name] = as_int(body[name])
    return taken


def as_bool(value: JsonValue) -> bool:
    return value.lower() in _TRUE if isinstance(value, str) else bool(value)


def as_float(value: JsonValue) -> float | None:
    if not isinstance(value, str | int | float):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def as_int(value: JsonValue) -> int | None:
    number = as_float(value)
    return int(number) if number is not None and number.is_integer() else None
