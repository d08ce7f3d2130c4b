"""What SGLang refuses and what it lets pass, with its words: pydantic's checks, then its own (SGLang 0.5.23)."""

from collections.abc import Iterator, Mapping

from chatfake.core.api_error import ApiError, shown
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.core.tokens import count, prompt_tokens
from chatfake.dialects.format.request_rules import Requests
from chatfake.dialects.requests.pydantic_checks import (
    CHAT,
    COMPLETIONS,
    Check,
    Location,
    Problem,
    Problems,
    as_float,
    as_int,
    coerced,
    problems,
)
from chatfake.request.validation.schema import schema_problem

__all__ = ["BAD_REQUEST", "SGLANG_REQUESTS", "VALIDATION"]

#: pydantic's refusals, those of the engine, and those of the OpenAI layer, in this order.
VALIDATION, ENGINE, BAD_REQUEST = "Bad Request", "BadRequest", "BadRequestError"
_ROLES = ("system", "assistant", "tool", "function", "developer", "latest_reminder", "root")


def _messages(loc: Location, value: JsonValue) -> Problems:
    yield from CHAT["messages"](loc, value)
    for place, message in enumerate(value if isinstance(value, list) else []):
        role = message.get("role") if isinstance(message, dict) else None
        if isinstance(role, str) and role.lower() not in (*_ROLES, "user"):
            allowed = ", ".join(repr(one) for one in _ROLES)
            yield Problem(
                type="value_error",
                loc=(*loc, place, "ChatCompletionMessageGenericParam", "role"),
                msg=f"Value error, 'role' must be one of {allowed} (case-insensitive).",
                input=role,
            )


def _tool_choice(loc: Location, value: JsonValue) -> Problems:
    if isinstance(value, str) and value not in ("auto", "required", "none"):
        expected = "'auto', 'required' or 'none'"
        yield Problem(
            type="literal_error",
            loc=(*loc, "literal['auto','required','none']"),
            msg=f"Input should be {expected}",
            input=value,
            ctx={"expected": expected},
        )


def _without_limits(loc: Location, value: JsonValue) -> Problems:
    """Any number of stop sequences."""
    for place, one in enumerate(value if isinstance(value, list) else []):
        yield from CHAT["model"]((*loc, "list[str]", place), one)
    if not isinstance(value, list):
        yield from CHAT["model"]((*loc, "str"), value)


_CHAT: Mapping[str, Check] = {
    **CHAT,
    "messages": _messages,
    "tool_choice": _tool_choice,
    "stop": _without_limits,
}
_COMPLETIONS: Mapping[str, Check] = {**COMPLETIONS, "stop": _without_limits}


def _told(found: list[Problem]) -> ApiError:
    """The text of FastAPI's error, and the list that it was made of."""
    errors = [_error(problem) for problem in found]
    plural = "" if len(found) == 1 else "s"
    lines = "".join(f"  {error}\n" for error in errors)
    return ApiError(
        message=f"{len(found)} validation error{plural}:\n{lines} {errors}"[:4000], type=VALIDATION
    )


def _error(problem: Problem) -> dict[str, object]:
    value = problem.input
    error: dict[str, object] = {
        "type": problem.type,
        "loc": problem.loc,
        "msg": problem.msg,
        "input": shown(value) if isinstance(value, str) else value,
    }
    return error if problem.ctx is None else {**error, "ctx": dict(problem.ctx)}


def _sampling(body: JsonObject) -> Iterator[ApiError]:
    heat, top_p = as_float(body.get("temperature")), as_float(body.get("top_p"))
    most = as_int(body.get("max_completion_tokens", body.get("max_tokens")))
    if heat is not None and heat < 0:
        yield _engine(f"temperature must be a non-negative finite number, got {heat}.")
    if top_p is not None and not 0 < top_p <= 1:
        yield _engine(f"top_p must be in (0, 1], got {top_p}.")
    for name in ("frequency_penalty", "presence_penalty"):
        value = as_float(body.get(name))
        if value is not None and not -2 <= value <= 2:
            yield _engine(f"{name} must be in [-2, 2], got {value}.")
    if most is not None and most < 0:
        yield _engine(f"max_new_tokens must be at least 0, got {most}.")


def _engine(message: str) -> ApiError:
    return ApiError(message=message, type=ENGINE)


def _bad(message: str) -> ApiError:
    return ApiError(message=message, type=BAD_REQUEST)


def _chat(body: JsonObject) -> Iterator[ApiError]:
    if not body.get("messages"):
        yield _bad("Messages cannot be empty.")
    tools, choice = body.get("tools"), body.get("tool_choice")
    if choice == "required" and not tools:
        yield _bad("Tools cannot be empty if tool choice is set to required.")
    if isinstance(choice, dict):
        if not tools:
            yield _bad("Tools cannot be empty if tool choice is set to a specific tool.")
        name = _function(choice).get("name")
        if name not in [_function(tool).get("name") for tool in _each(tools)]:
            yield _bad(f"Tool '{shown(str(name))}' not found in tools list.")
    for number, tool in enumerate(_each(tools)):
        parameters = _function(tool).get("parameters")
        problem = schema_problem(parameters) if isinstance(parameters, dict) else None
        if problem is not None:
            yield _bad(f"Tool {number} function has invalid 'parameters' schema: {problem}")
    yield from _sampling(body)
    if as_int(body.get("n")) == 0:  # the usage is summed in steps of `n`
        yield _engine("range() arg 3 must not be zero")


def _too_long(body: JsonObject, cost: int, room: int) -> Iterator[ApiError]:
    most = as_int(body.get("max_completion_tokens", body.get("max_tokens"))) or 0
    if cost >= room:
        words = f"The input ({cost} tokens) is longer than the model's context length ({room} tokens)."
        yield _bad(words)
    if cost + most > room:
        yield _bad(
            f"Requested token count exceeds the model's maximum context length of {room} tokens. You requested a "
            f"total of {cost + most} tokens: {cost} tokens from the input messages and {most} tokens for the "
            "completion. Please reduce the number of tokens in the input messages or the completion to fit within "
            "the limit."
        )


def _chat_refusal(body: JsonValue, context_length: int) -> ApiError | None:
    wrong = list(problems(body, _CHAT, ("messages",)))
    if wrong or not isinstance(body, dict):
        return _told(wrong)
    return next(_chat(body), None) or next(_too_long(body, prompt_tokens(body), context_length), None)


def _completion_refusal(body: JsonValue, context_length: int) -> ApiError | None:
    wrong = list(problems(body, _COMPLETIONS, ("prompt",)))
    if wrong or not isinstance(body, dict):
        return _told(wrong)
    prompt = body["prompt"]
    if not prompt:
        return _bad("Prompt cannot be empty")
    cost = count(prompt) if isinstance(prompt, str) else 1
    return next(_sampling(body), None) or next(_too_long(body, cost, context_length), None)


_EMBEDDINGS = {"model": COMPLETIONS["model"], "user": COMPLETIONS["user"], "dimensions": COMPLETIONS["n"]}


def _embedding_refusal(body: JsonValue, _: int) -> ApiError | None:
    wrong = list(problems(body, _EMBEDDINGS, ("input",)))
    if wrong or not isinstance(body, dict):
        return _told(wrong)
    given, form = body["input"], body.get("encoding_format", "float")
    if form not in ("float", "base64"):
        return _bad(f"encoding_format must be either 'float' or 'base64', got {shown(repr(form))}")
    if not given:
        return _bad("Input cannot be empty")
    if isinstance(given, str):
        return None if given.strip() else _bad("Input cannot be empty or whitespace only")
    if not isinstance(given, list):
        return _told(list(COMPLETIONS["suffix"](("body", "input", "str"), given)))
    for place, one in enumerate(given):
        if isinstance(one, str) and not one.strip():
            return _bad(f"Input at index {place} cannot be empty or whitespace only")
    return None


def _each(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _function(tool: JsonValue) -> JsonObject:
    function = tool.get("function") if isinstance(tool, dict) else None
    return function if isinstance(function, dict) else {}


def _named(named: str, _: str) -> str:
    """The answer bears the name that was asked for, whatever is loaded."""
    return named


SGLANG_REQUESTS = Requests(
    chat=_chat_refusal,
    completions=_completion_refusal,
    embeddings=_embedding_refusal,
    normalize=coerced,
    default_model=lambda _: "default",
    unknown_model=_named,
)
