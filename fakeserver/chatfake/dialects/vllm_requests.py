"""What vLLM refuses and what it lets pass, with its words (vLLM 0.32.0, recorded).

pydantic speaks first, and of all members at once; it is lax, so that "0.5" is a number and "yes" is true. Then come
vLLM's own checks, of which the first speaks. Of the many errors of a union (a message, a response format) those of
the branch that the request means are told.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from chatfake.dialects.requests import Requests
from chatfake.dialects.vllm_errors import BAD_REQUEST, VALIDATION
from chatfake.jsontext import JsonObject, JsonValue
from chatfake.refusal import Refusal, shown
from chatfake.tokens import count, prompt_tokens

__all__ = ["VLLM_REQUESTS"]

#: pydantic tells of so many errors and counts the others.
MOST_TOLD = 10
_TRUE, _FALSE = ("true", "t", "yes", "y", "on", "1"), ("false", "f", "no", "n", "off", "0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One of pydantic's errors."""

    type: str
    loc: str
    msg: str
    input: JsonValue
    ctx: Mapping[str, object] | None = None

    @property
    def text(self) -> str:
        """As vLLM prints it."""
        told: dict[str, object] = {
            "type": self.type,
            "loc": self.loc,
            "msg": self.msg,
            "input": _input(self.input),
        }
        return repr(told if self.ctx is None else {**told, "ctx": dict(self.ctx)})


def _input(value: JsonValue) -> str:
    if isinstance(value, dict | list):
        return f"<{type(value).__name__} of {len(value)} items>"
    return shown(str(value))


Problems: TypeAlias = Iterator[Problem]


def _missing(loc: str, within: JsonValue) -> Problem:
    return Problem(type="missing", loc=loc, msg="Field required", input=within)


# -- pydantic -----------------------------------------------------------------------------------------------


def _integer(loc: str, value: JsonValue) -> Problems:
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


def _number(loc: str, value: JsonValue) -> Problems:
    if isinstance(value, str) and _as_float(value) is None:
        msg = "Input should be a valid number, unable to parse string as a number"
        yield Problem(type="float_parsing", loc=loc, msg=msg, input=value)
    elif isinstance(value, dict | list):
        yield Problem(type="float_type", loc=loc, msg="Input should be a valid number", input=value)


def _truth(loc: str, value: JsonValue) -> Problems:
    if isinstance(value, bool) or (isinstance(value, int | float) and value in (0, 1)):
        return
    if isinstance(value, str) and value.lower() in (*_TRUE, *_FALSE):
        return
    if isinstance(value, str | int):
        msg = "Input should be a valid boolean, unable to interpret input"
        yield Problem(type="bool_parsing", loc=loc, msg=msg, input=value)
    else:
        yield Problem(type="bool_type", loc=loc, msg="Input should be a valid boolean", input=value)


def _text(loc: str, value: JsonValue) -> Problems:
    if not isinstance(value, str):
        yield Problem(type="string_type", loc=loc, msg="Input should be a valid string", input=value)


def _list(loc: str, value: JsonValue) -> Problems:
    if not isinstance(value, list):
        yield Problem(type="list_type", loc=loc, msg="Input should be a valid list", input=value)


def _object(loc: str, value: JsonValue) -> Problems:
    if not isinstance(value, dict):
        yield Problem(type="dict_type", loc=loc, msg="Input should be a valid dictionary", input=value)


def _stop(loc: str, value: JsonValue) -> Problems:
    if isinstance(value, list) and len(value) > 4:
        yield from _text(loc, value)
        yield Problem(
            type="too_long",
            loc=loc,
            msg=f"List should have at most 4 items after validation, not {len(value)}",
            input=value,
            ctx={"field_type": "List", "max_length": 4, "actual_length": len(value)},
        )
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _text(f"{loc}.{place}", one)
    elif not isinstance(value, str):
        yield from _text(loc, value)
        yield from _list(loc, value)


def _messages(loc: str, value: JsonValue) -> Problems:
    yield from _list(loc, value)
    for place, message in enumerate(value if isinstance(value, list) else []):
        here = f"{loc}.{place}"
        if not isinstance(message, dict):
            yield Problem(type="dict_type", loc=here, msg="Input should be a valid dictionary", input=message)
            continue
        role = message.get("role")
        branch = f"{here}.ChatCompletion{str(role).capitalize() if role else 'Developer'}MessageParam"
        if "role" not in message:
            yield _missing(f"{branch}.role", message)
        content = message.get("content", "")
        if content is None and role == "assistant":
            continue
        if not isinstance(content, str | list):
            yield from _text(f"{branch}.content", content)
            yield Problem(
                type="iterable_type",
                loc=f"{branch}.content",
                msg="Input should be iterable",
                input=content,
            )


def _tools(loc: str, value: JsonValue) -> Problems:
    yield from _list(loc, value)
    for place, tool in enumerate(value if isinstance(value, list) else []):
        here = f"{loc}.{place}"
        if not isinstance(tool, dict):
            yield from _object(here, tool)
        elif "function" not in tool:
            yield _missing(f"{here}.function", tool)
        elif not isinstance(function := tool["function"], dict):
            yield from _object(f"{here}.function", function)
        elif "name" not in function:
            yield _missing(f"{here}.function.name", function)


def _format(loc: str, value: JsonValue) -> Problems:
    if not isinstance(value, dict):
        yield from _object(loc, value)
        return
    kinds = "'text', 'json_object' or 'json_schema'"
    schema = value.get("json_schema")
    if value.get("type") not in ("text", "json_object", "json_schema", "structural_tag"):
        yield Problem(
            type="literal_error",
            loc=f"{loc}.type",
            msg=f"Input should be {kinds}",
            input=value.get("type"),
            ctx={"expected": kinds},
        )
    elif isinstance(schema, dict) and "name" not in schema:
        yield _missing(f"{loc}.json_schema.name", schema)


Check: TypeAlias = Callable[[str, JsonValue], Problems]
_SAMPLING: Mapping[str, Check] = {
    "model": _text,
    "frequency_penalty": _number,
    "presence_penalty": _number,
    "logit_bias": _object,
    "max_tokens": _integer,
    "n": _integer,
    "seed": _integer,
    "stop": _stop,
    "stream": _truth,
    "stream_options": _object,
    "temperature": _number,
    "top_p": _number,
    "user": _text,
}
_CHAT: Mapping[str, Check] = {
    **_SAMPLING,
    "messages": _messages,
    "logprobs": _truth,
    "top_logprobs": _integer,
    "max_completion_tokens": _integer,
    "response_format": _format,
    "tools": _tools,
    "parallel_tool_calls": _truth,
}
_COMPLETIONS: Mapping[str, Check] = {
    **_SAMPLING,
    "best_of": _integer,
    "echo": _truth,
    "logprobs": _integer,
    "suffix": _text,
}


def _problems(body: JsonValue, checks: Mapping[str, Check], required: tuple[str, ...]) -> Problems:
    if not isinstance(body, dict):
        msg = "Input should be a valid dictionary or object to extract fields from"
        yield Problem(type="model_attributes_type", loc="body", msg=msg, input=body)
        return
    for name in required:
        if name not in body:
            yield _missing(f"body.{name}", body)
    for name, check in checks.items():
        if body.get(name) is not None:
            yield from check(f"body.{name}", body[name])


def _told(problems: list[Problem]) -> Refusal:
    number = len(problems)
    lines = [problem.text for problem in problems[:MOST_TOLD]]
    if number > MOST_TOLD:
        lines.append(f"...and {number - MOST_TOLD} more errors")
    head = f"{number} validation error{'' if number == 1 else 's'}:"
    return Refusal(message="\n  ".join([head, *lines]), param=problems[0].loc, type=VALIDATION)


# -- vLLM's own checks --------------------------------------------------------------------------------------


def _bad(message: str, param: str | None = None, value: object = None) -> Refusal:
    notes = [] if param is None else [f"parameter={param}"]
    notes += [] if value is None else [f"value={shown(str(value))}"]
    written = f"{message} ({', '.join(notes)})" if notes else message
    return Refusal(message=written, param=param, type=BAD_REQUEST)


def _sampling(body: JsonObject) -> Iterator[Refusal]:
    n, most = _as_int(body.get("n")), _as_int(body.get("max_completion_tokens", body.get("max_tokens")))
    if n is not None and n < 1:
        yield _bad(f"n must be at least 1, got {n}.")
    for name in ("presence_penalty", "frequency_penalty"):
        value = _as_float(body.get(name))
        if value is not None and not -2 <= value <= 2:
            yield _bad(f"{name} must be in [-2, 2], got {value}.")
    heat, top_p = _as_float(body.get("temperature")), _as_float(body.get("top_p"))
    if heat is not None and heat < 0:
        yield _bad(f"temperature must be non-negative, got {heat}.", "temperature", heat)
    if heat is not None and heat > 2:
        yield _bad(f"temperature must be in [0, 2], got {heat}.", "temperature", heat)
    if top_p is not None and not 0 < top_p <= 1:
        yield _bad(f"top_p must be in (0, 1], got {top_p}.", "top_p", top_p)
    if most is not None and most < 1:
        yield _bad(f"max_tokens must be at least 1, got {most}.", "max_tokens", most)
    stop = body.get("stop")
    if stop == "" or (isinstance(stop, list) and "" in stop):
        yield _bad("stop cannot contain an empty string.")
    bias = body.get("logit_bias")
    strange = [key for key in bias if not key.isdecimal()] if isinstance(bias, dict) else []
    if strange:
        words = f"logit_bias contains key(s) that cannot be converted to integer token IDs: {strange}"
        yield _bad(words, "logit_bias", strange)
    if body.get("stream_options") is not None and not _as_bool(body.get("stream")):
        yield _bad("Stream options can only be defined when `stream=True`.", "stream_options")


def _chat(body: JsonObject) -> Iterator[Refusal]:
    if "messages" in body and body["messages"] is None:
        yield _bad("'NoneType' object is not iterable")
    yield from _sampling(body)
    yield from _logprobs(body)
    yield from _tool_choice(body)
    form = body.get("response_format")
    if isinstance(form, dict) and form.get("type") == "json_schema":
        schema = form.get("json_schema")
        if schema is None:
            words = "When response_format type is 'json_schema', the 'json_schema' field must be provided."
            yield _bad(words, "response_format")
        elif isinstance(schema, dict) and schema.get("schema") is None:
            yield _bad("You must use one kind of structured outputs constraint but none are specified")
    if body.get("messages") == []:
        yield _bad("Cannot apply chat template to an empty conversation. Provide at least one message.")


def _logprobs(body: JsonObject) -> Iterator[Refusal]:
    top = _as_int(body.get("top_logprobs"))
    if top is None:
        return
    if not _as_bool(body.get("logprobs")):
        yield _bad("when using `top_logprobs`, `logprobs` must be set to true.", "top_logprobs")
    if top > 20:
        words = f"Requested sample logprobs of {top}, which is greater than max allowed: 20"
        yield _bad(words, "logprobs", top)


def _tool_choice(body: JsonObject) -> Iterator[Refusal]:
    tools, choice = body.get("tools"), body.get("tool_choice")
    if tools == []:
        words = (
            "`tools` must not be an empty array. Either provide at least one tool or omit the field entirely."
        )
        yield _bad(words, "tools")
    if choice is None or choice == "none":
        return
    if not tools:
        yield _bad("When using `tool_choice`, `tools` must be set.", "tool_choice")
    if isinstance(choice, str) and choice not in ("auto", "required"):
        words = f"Invalid value for `tool_choice`: {shown(choice)}! "
        yield _bad(f'{words}Only named tools, "none", "auto" or "required" are supported.', "tool_choice")
    if isinstance(choice, dict) and _named(choice) not in [_named(tool) for tool in _each(tools)]:
        words = "The tool specified in `tool_choice` does not match any of the specified `tools`"
        yield _bad(words, "tool_choice")


def _prompt(body: JsonObject) -> Iterator[Refusal]:
    if not body.get("prompt"):
        yield _bad("Either prompt or prompt_embeds must be provided and non-empty.", "prompt")
    yield from _sampling(body)
    if body.get("suffix"):
        yield _bad("suffix is only supported for models with FIM completion rendering", "suffix")


def _too_long(body: JsonObject, cost: int, room: int) -> Iterator[Refusal]:
    most = _as_int(body.get("max_completion_tokens", body.get("max_tokens")))
    if most is not None and most > room:
        words = f"max_tokens={most} cannot be greater than max_model_len={room}. Please request fewer output tokens."
        yield _bad(words, "max_tokens", most)
    words = f"This model's maximum context length is {room} tokens. However, "
    if cost >= room:
        yield _bad(
            f"{words}your prompt contains {cost} input tokens. Please reduce the length of the input prompt.",
            "input_tokens",
            cost,
        )
    if most is not None and cost + most > room:
        yield _bad(
            f"{words}you requested {most} output tokens and your prompt contains {cost} input tokens, for a total of "
            f"{cost + most} tokens. Please reduce the length of the input prompt or the number of requested output "
            "tokens.",
            "input_tokens",
            cost,
        )


def _chat_refusal(body: JsonValue, context_length: int) -> Refusal | None:
    problems = list(_problems(body, _CHAT, ("messages",)))
    if problems or not isinstance(body, dict):
        return _told(problems)
    found = next(_chat(body), None)
    return found or next(_too_long(body, prompt_tokens(body), context_length), None)


def _completion_refusal(body: JsonValue, context_length: int) -> Refusal | None:
    problems = list(_problems(body, _COMPLETIONS, ()))
    if problems or not isinstance(body, dict):
        return _told(problems)
    prompt = body.get("prompt")
    cost = count(prompt) if isinstance(prompt, str) else 1
    return next(_prompt(body), None) or next(_too_long(body, cost, context_length), None)


def _taken(body: JsonObject) -> JsonObject:
    """What pydantic makes of the members that it takes in another form."""
    taken = dict(body)
    for name in ("stream", "logprobs", "echo", "parallel_tool_calls"):
        if isinstance(body.get(name), str):
            taken[name] = _as_bool(body[name])
    for name in ("n", "max_tokens", "max_completion_tokens", "top_logprobs", "best_of", "seed"):
        if isinstance(body.get(name), str | float):
            taken[name] = _as_int(body[name])
    return taken


def _as_bool(value: JsonValue) -> bool:
    return value.lower() in _TRUE if isinstance(value, str) else bool(value)


def _as_float(value: JsonValue) -> float | None:
    if not isinstance(value, str | int | float):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _as_int(value: JsonValue) -> int | None:
    number = _as_float(value)
    return int(number) if number is not None and number.is_integer() else None


def _each(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _named(tool: JsonValue) -> JsonValue:
    function = tool.get("function") if isinstance(tool, dict) else None
    return function.get("name") if isinstance(function, dict) else None


VLLM_REQUESTS = Requests(
    chat=_chat_refusal, completions=_completion_refusal, taken=_taken, default_model="tiny"
)
