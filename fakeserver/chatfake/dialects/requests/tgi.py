"""What TGI refuses and what it lets pass, with its words: serde's, then those of its validation (TGI 3.3.6-dev0).

serde tells where in the body it stopped; here that is always the end of it.
"""

from collections.abc import Iterator

from chatfake.core.api_error import ApiError, shown
from chatfake.core.json_text import JsonObject, JsonValue, dump
from chatfake.core.tokens import count, prompt_tokens
from chatfake.dialects.format.request_rules import Requests, the_served

__all__ = ["SERDE", "TGI_REQUESTS", "TOOL", "VALIDATION"]

#: What serde refuses is told as plain text; the others are the `error_type` of a JSON body.
SERDE, VALIDATION, TOOL = "serde", "validation", "tool_error"
#: The launcher's defaults.
MOST_STOPS, MOST_ALTERNATIVES = 4, 5
_FORMATS = ("json", "json_object", "regex", "json_schema")
_FLOATS = ("frequency_penalty", "presence_penalty", "temperature", "top_p", "repetition_penalty")
_NATURALS = ("max_tokens", "max_completion_tokens", "n", "top_logprobs", "seed")
_TRUTHS = ("stream", "logprobs")


def _name(value: JsonValue) -> str:
    """As serde calls a value that it did not expect."""
    match value:
        case None:
            return "null"
        case bool():
            return f"boolean `{str(value).lower()}`"
        case str():
            return f'string "{shown(value)}"'
        case int():
            return f"integer `{value}`"
        case float():
            return f"floating point `{value}`"
        case list():
            return "sequence"
        case _:
            return "map"


def _wrong(path: str, value: JsonValue, expected: str, what: str = "type") -> str:
    return f"{path}: invalid {what}: {_name(value)}, expected {expected}"


def _types(body: JsonObject) -> Iterator[str]:
    for name in _TRUTHS:
        value = body.get(name)
        if (value is not None or name == "stream") and name in body and not isinstance(value, bool):
            yield _wrong(name, value, "a boolean")
    for name in _FLOATS:
        value = body.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            yield _wrong(name, value, "f32")
    for name in _NATURALS:
        value, kind = body.get(name), "u64" if name == "seed" else "u32"
        if isinstance(value, int) and not isinstance(value, bool) and value < 0:
            yield _wrong(name, value, kind, "value")
        elif value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            yield _wrong(name, value, kind)
    model, stop = body.get("model"), body.get("stop")
    if model is not None and not isinstance(model, str):
        yield _wrong("model", model, "a string")
    if stop is not None and not isinstance(stop, list):
        yield _wrong("stop", stop, "a sequence")
    for place, one in enumerate(_each(stop)):
        if not isinstance(one, str):
            yield _wrong(f"stop[{place}]", one, "a string")


def _messages(body: JsonObject) -> Iterator[str]:
    if "messages" not in body:
        yield "missing field `messages`"
    messages = body.get("messages")
    if not isinstance(messages, list):
        yield _wrong("messages", messages, "a sequence")
    for place, message in enumerate(_each(messages)):
        yield from _message(message, f"messages[{place}]")


def _message(message: JsonValue, path: str) -> Iterator[str]:
    if not isinstance(message, dict):
        yield _wrong(path, message, "struct Message")
        return
    role, content = message.get("role"), message.get("content")
    if "role" not in message:
        yield f"{path}: missing field `role`"
    elif not isinstance(role, str):
        yield _wrong(f"{path}.role", role, "a string")
    parts = [part.get("type") if isinstance(part, dict) else None for part in _each(content)]
    told = isinstance(content, str | list) and all(kind in ("text", "image_url") for kind in parts)
    if not told and not isinstance(message.get("tool_calls"), list):
        yield f"{path}: data did not match any variant of untagged enum MessageBody"


def _tools(body: JsonObject) -> Iterator[str]:
    tools, form = body.get("tools"), body.get("response_format")
    if tools is not None and not isinstance(tools, list):
        yield _wrong("tools", tools, "a sequence")
    for place, tool in enumerate(_each(tools)):
        for name in ("type", "function"):
            if not isinstance(tool, dict) or name not in tool:
                yield f"tools[{place}]: missing field `{name}`"
        function = tool.get("function") if isinstance(tool, dict) else None
        if isinstance(function, dict) and not {"parameters", "arguments"} & set(function):
            yield f"tools[{place}].function: missing field `arguments`"
    if isinstance(form, dict):
        kind = form.get("type")
        if kind not in _FORMATS:
            listed = ", ".join(f"`{one}`" for one in _FORMATS)
            yield f"response_format.type: unknown variant `{shown(str(kind))}`, expected one of {listed}"
        elif "value" not in form:
            yield "response_format: missing field `value`"
    elif form is not None:
        yield _wrong("response_format", form, "adjacently tagged enum GrammarType")


def _validated(body: JsonObject) -> Iterator[str]:
    heat, top_p = _float(body, "temperature"), _float(body, "top_p")
    presence, frequency = _float(body, "presence_penalty"), _float(body, "frequency_penalty")
    if heat is not None and heat < 0:
        yield "`temperature` must be strictly positive"
    if presence is not None and presence <= -2:
        yield "`repetition_penalty` must be strictly positive"
    if frequency is not None and not -2 <= frequency <= 2:
        yield "`frequency_penalty` must be >= -2.0 and <= 2.0"
    if top_p is not None and not 0 < top_p < 1:
        yield "`top_p` must be > 0.0 and < 1.0"
    if _limit(body) == 0:
        yield "`max_new_tokens` must be strictly positive"
    stops, top = _each(body.get("stop")), body.get("top_logprobs")
    if len(stops) > MOST_STOPS:
        yield f"`stop` supports up to {MOST_STOPS} stop sequences. Given: {len(stops)}"
    if isinstance(top, int) and top > MOST_ALTERNATIVES:
        yield f"`top_n_tokens` must be >= 0 and <= {MOST_ALTERNATIVES}. Given: {top}"


def _room(body: JsonObject, cost: int, room: int) -> Iterator[str]:
    most = _limit(body) or 0
    if cost >= room:
        yield f"`inputs` must have less than {room} tokens. Given: {cost}"
    if cost + most > room:
        yield (
            f"`inputs` tokens + `max_new_tokens` must be <= {room}. "
            f"Given: {cost} `inputs` tokens and {most} `max_new_tokens`"
        )


def _tool_problems(body: JsonObject) -> Iterator[str]:
    tools, choice = _each(body.get("tools")), body.get("tool_choice")
    if tools and body.get("response_format") is not None:
        yield "Grammar and tools are mutually exclusive"
    named = choice.get("function") if isinstance(choice, dict) else {"name": choice}
    name = named.get("name") if isinstance(named, dict) else None
    functions = [tool.get("function") for tool in tools if isinstance(tool, dict)]
    names = [one.get("name") for one in functions if isinstance(one, dict)]
    if tools and name not in (None, "none", "auto", "required", *names):
        yield f"Tool with name {shown(str(name))} not found"


def _serde(problem: str, body: JsonValue) -> ApiError:
    where = f"at line 1 column {len(dump(body))}"
    return ApiError(
        message=f"Failed to deserialize the JSON body into the target type: {problem} {where}",
        type=SERDE,
        status=422,
    )


def _said(kind: str, message: str) -> ApiError:
    return ApiError(message=message, type=kind, status=422)


def _chat(body: JsonValue, context_length: int) -> ApiError | None:
    if not isinstance(body, dict):
        return _serde(f"invalid type: {_name(body)}, expected struct ChatRequest", body)
    for problem in (*_messages(body), *_types(body), *_tools(body)):
        return _serde(problem, body)
    for problem in _tool_problems(body):
        return _said(TOOL, f"Tool error: {problem}")
    for problem in (*_validated(body), *_room(body, prompt_tokens(body), context_length)):
        return _said(VALIDATION, f"Input validation error: {problem}")
    return None


def _completions(body: JsonValue, context_length: int) -> ApiError | None:
    if not isinstance(body, dict):
        return _serde(f"invalid type: {_name(body)}, expected struct CompletionRequest", body)
    prompt = body.get("prompt")
    texts = isinstance(prompt, str) or (bool(prompt) and all(isinstance(one, str) for one in _each(prompt)))
    for problem in (*([] if texts else ["missing field `prompt`"]), *_types(body)):
        return _serde(problem, body)
    if body.get("suffix") is not None:
        words = "Suffix is not supported and can be achieved by preprocessing the prompt."
        return _said("suffix not supported", words)
    cost = count(prompt) if isinstance(prompt, str) else 1
    if prompt == "":
        return _said(VALIDATION, "Input validation error: `inputs` cannot be empty")
    for problem in (*_validated(body), *_room(body, cost, context_length)):
        return _said(VALIDATION, f"Input validation error: {problem}")
    return None


def _taken(body: JsonObject) -> JsonObject:
    """What is there for compatibility alone is passed over; a choice that is no keyword names a tool."""
    unused = ("n", "best_of", "echo", "suffix", "parallel_tool_calls")
    taken = {name: value for name, value in body.items() if name not in unused}
    choice = taken.get("tool_choice")
    if isinstance(choice, str) and choice not in ("none", "auto", "required"):
        taken["tool_choice"] = {"type": "function", "function": {"name": choice}}
    if "prompt" in taken:
        taken.pop("logprobs", None)
    return taken


def _limit(body: JsonObject) -> int | None:
    most = body.get("max_tokens", body.get("max_completion_tokens"))
    return most if isinstance(most, int) else None


def _float(body: JsonObject, name: str) -> float | None:
    value = body.get(name)
    return value if isinstance(value, int | float) else None


def _each(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _as_named(named: str, _: str) -> str:
    return named


TGI_REQUESTS = Requests(
    chat=_chat, completions=_completions, normalize=_taken, default_model=the_served, unknown_model=_as_named
)
