"""What TGI refuses and what it lets pass: what serde does not take, then what its validation says (TGI 3.3.6-dev0)."""

from collections.abc import Iterator, Mapping

from chatfake.core.api_error import ApiError, shown
from chatfake.core.json_text import JsonObject, JsonValue, entries
from chatfake.core.tokens import count, prompt_tokens
from chatfake.dialects.format.request_rules import Requests, the_served
from chatfake.dialects.requests.serde import (
    ANY,
    BOOL,
    F32,
    STRING,
    Mistakes,
    Shape,
    maybe,
    mistake,
    names,
    record,
    several,
    whole,
)

#: What serde refuses is told as plain text; the others are the `error_type` of a JSON body.
SERDE, VALIDATION, TOOL = "serde", "validation", "tool_error"
#: The launcher's defaults.
MOST_STOPS, MOST_ALTERNATIVES = 4, 5
_NATURAL = whole("an unsigned integer", 0)
_SHARED: Mapping[str, Shape] = {
    "stream": BOOL,
    "logprobs": maybe(BOOL),
    "model": maybe(STRING),
    "stop": maybe(several(STRING)),
    **dict.fromkeys(
        ("frequency_penalty", "presence_penalty", "temperature", "top_p", "repetition_penalty"), maybe(F32)
    ),
    **dict.fromkeys(("max_tokens", "max_completion_tokens", "n", "top_logprobs", "seed"), maybe(_NATURAL)),
}
_ROLE = record("Message", {"role": STRING}, {})


def _message(value: JsonValue, path: str) -> Mistakes:
    """A text, parts that it knows, or calls."""
    yield from _ROLE(value, path)
    found = value if isinstance(value, dict) else {}
    content = found.get("content")
    kinds = [part.get("type") if isinstance(part, dict) else None for part in entries(content)]
    said = isinstance(content, str | list) and all(kind in ("text", "image_url") for kind in kinds)
    if not said and not isinstance(found.get("tool_calls"), list):
        yield from mistake(path, "data did not match any variant of untagged enum MessageBody")


def _function(value: JsonValue, path: str) -> Mistakes:
    if isinstance(value, dict) and not {"parameters", "arguments"} & set(value):
        yield from mistake(path, "missing field `arguments`")


def _prompt(value: JsonValue, path: str) -> Mistakes:
    if value != "" and (not value or not all(isinstance(one, str) for one in entries(value))):
        yield from mistake(path, "data did not match any variant of untagged enum Prompt")


_TOOL = record("Tool", {"type": ANY, "function": _function}, {})
_GRAMMAR = names("json", "json_object", "regex", "json_schema")
_FORMAT = record("GrammarType", {"type": _GRAMMAR, "value": ANY}, {})
_CHAT = record(
    "ChatRequest",
    {"messages": several(_message)},
    {**_SHARED, "tools": maybe(several(_TOOL)), "response_format": maybe(_FORMAT)},
)
_COMPLETION = record("CompletionRequest", {"prompt": _prompt}, _SHARED)


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
    stops, top = entries(body.get("stop")), body.get("top_logprobs")
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
    tools, choice = entries(body.get("tools")), body.get("tool_choice")
    if tools and body.get("response_format") is not None:
        yield "Grammar and tools are mutually exclusive"
    named = choice.get("function") if isinstance(choice, dict) else {"name": choice}
    name = named.get("name") if isinstance(named, dict) else None
    functions = [tool.get("function") for tool in tools if isinstance(tool, dict)]
    names = [one.get("name") for one in functions if isinstance(one, dict)]
    if tools and name not in (None, "none", "auto", "required", *names):
        yield f"Tool with name {shown(str(name))} not found"


def _unread(body: JsonValue, form: Shape) -> ApiError | None:
    found = next(form(body, ""), None)
    words = "Failed to deserialize the JSON body into the target type"
    return None if found is None else _said(SERDE, f"{words}: {found[1]}")


def _said(kind: str, message: str) -> ApiError:
    return ApiError(message=message, type=kind, status=422)


def _chat(body: JsonValue, context_length: int) -> ApiError | None:
    found = _unread(body, _CHAT)
    if found is not None or not isinstance(body, dict):
        return found
    for problem in _tool_problems(body):
        return _said(TOOL, f"Tool error: {problem}")
    for problem in (*_validated(body), *_room(body, prompt_tokens(body), context_length)):
        return _said(VALIDATION, f"Input validation error: {problem}")
    return None


def _completions(body: JsonValue, context_length: int) -> ApiError | None:
    found = _unread(body, _COMPLETION)
    if found is not None or not isinstance(body, dict):
        return found
    if body.get("suffix") is not None:
        words = "Suffix is not supported and can be achieved by preprocessing the prompt."
        return _said("suffix not supported", words)
    prompt = body.get("prompt")
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


def _as_named(named: str, _: str) -> str:
    return named


TGI_REQUESTS = Requests(
    chat=_chat, completions=_completions, normalize=_taken, default_model=the_served, unknown_model=_as_named
)
