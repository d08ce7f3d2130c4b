"""What SGLang refuses and what it lets pass, with its words: pydantic's checks, then its own (SGLang 0.5.23)."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from chatfake.core.api_error import ApiError, shown
from chatfake.core.json_text import JsonObject, JsonValue, entries
from chatfake.core.tokens import count, prompt_tokens
from chatfake.dialects.format.request_rules import Requests
from chatfake.request.validation.schema import schema_problem

if TYPE_CHECKING:
    from chatfake.dialects.requests.pydantic_models import Chat, Problem, Sampling

#: pydantic's refusals, those of the engine, and those of the OpenAI layer, in this order.
VALIDATION, ENGINE, BAD_REQUEST = "Bad Request", "BadRequest", "BadRequestError"
_ROLES = ("system", "assistant", "tool", "function", "developer", "latest_reminder", "root")


def _told(found: "Sequence[Problem]") -> ApiError:
    """The first of pydantic's errors."""
    place = ".".join(map(str, ("body", *found[0]["loc"])))
    return _invalid(f"{place}: {found[0]['msg']}")


def _chosen(body: JsonObject) -> Iterator[ApiError]:
    """What validators of SGLang's own say among pydantic's refusals."""
    choice = body.get("tool_choice")
    if isinstance(choice, str) and choice not in ("auto", "required", "none"):
        yield _invalid("Input should be 'auto', 'required' or 'none'")
    for message in entries(body.get("messages")):
        role = message.get("role") if isinstance(message, dict) else None
        if isinstance(role, str) and role.lower() not in (*_ROLES, "user"):
            yield _invalid(f"'role' must be one of {', '.join(_ROLES)}")


def _invalid(message: str) -> ApiError:
    return ApiError(message=f"1 validation error: {message}", type=VALIDATION)


def _sampling(read: "Sampling") -> Iterator[ApiError]:
    heat, top_p, most = read.temperature, read.top_p, read.limit
    if heat is not None and heat < 0:
        yield _engine(f"temperature must be a non-negative finite number, got {heat}.")
    if top_p is not None and not 0 < top_p <= 1:
        yield _engine(f"top_p must be in (0, 1], got {top_p}.")
    for name in ("frequency_penalty", "presence_penalty"):
        value = getattr(read, name)
        if value is not None and not -2 <= value <= 2:
            yield _engine(f"{name} must be in [-2, 2], got {value}.")
    if most is not None and most < 0:
        yield _engine(f"max_new_tokens must be at least 0, got {most}.")


def _engine(message: str) -> ApiError:
    return ApiError(message=message, type=ENGINE)


def _bad(message: str) -> ApiError:
    return ApiError(message=message, type=BAD_REQUEST)


def _chat(body: JsonObject, read: "Chat") -> Iterator[ApiError]:
    yield from _chosen(body)
    if not body.get("messages"):
        yield _bad("Messages cannot be empty.")
    tools, choice = body.get("tools"), body.get("tool_choice")
    if choice == "required" and not tools:
        yield _bad("Tools cannot be empty if tool choice is set to required.")
    if isinstance(choice, dict):
        if not tools:
            yield _bad("Tools cannot be empty if tool choice is set to a specific tool.")
        name = _function(choice).get("name")
        if name not in [_function(tool).get("name") for tool in entries(tools)]:
            yield _bad(f"Tool '{shown(str(name))}' not found in tools list.")
    for number, tool in enumerate(entries(tools)):
        parameters = _function(tool).get("parameters")
        problem = schema_problem(parameters) if isinstance(parameters, dict) else None
        if problem is not None:
            yield _bad(f"Tool {number} function has invalid 'parameters' schema: {problem}")
    yield from _sampling(read)
    if read.n == 0:  # the usage is summed in steps of `n`
        yield _engine("range() arg 3 must not be zero")


def _too_long(most: int, cost: int, room: int) -> Iterator[ApiError]:
    if cost >= room:
        words = f"The input ({cost} tokens) is longer than the model's context length ({room} tokens)."
        yield _bad(words)
    if cost + most > room:
        words = f"Requested token count exceeds the model's maximum context length of {room} tokens"
        yield _bad(f"{words}: {cost} in the messages, {most} for the completion.")


def _chat_refusal(body: JsonValue, context_length: int) -> ApiError | None:
    from chatfake.dialects.requests.pydantic_models import Chat, read  # noqa: PLC0415  pydantic is not everyone's

    found = read(Chat, body)
    if isinstance(found, list) or not isinstance(body, dict):
        return _told(found) if isinstance(found, list) else None
    return next(_chat(body, found), None) or next(
        _too_long(found.limit or 0, prompt_tokens(body), context_length), None
    )


def _completion_refusal(body: JsonValue, context_length: int) -> ApiError | None:
    from chatfake.dialects.requests.pydantic_models import PromptCompletion, read  # noqa: PLC0415  as above

    found = read(PromptCompletion, body)
    if isinstance(found, list):
        return _told(found)
    if not found.prompt:
        return _bad("Prompt cannot be empty")
    cost = count(found.prompt) if isinstance(found.prompt, str) else 1
    return next(_sampling(found), None) or next(_too_long(found.limit or 0, cost, context_length), None)


def _embedding_refusal(body: JsonValue, _: int) -> ApiError | None:
    from chatfake.dialects.requests.pydantic_models import Embedding, read  # noqa: PLC0415  as above

    found = read(Embedding, body)
    if isinstance(found, list) or not isinstance(body, dict):
        return _told(found) if isinstance(found, list) else None
    form = body.get("encoding_format", "float")
    if form not in ("float", "base64"):
        return _bad(f"encoding_format must be either 'float' or 'base64', got {shown(repr(form))}")
    if not found.input:
        return _bad("Input cannot be empty")
    if isinstance(found.input, str):
        return None if found.input.strip() else _bad("Input cannot be empty or whitespace only")
    if not isinstance(found.input, list):
        return _invalid("Input should be a valid string")
    for place, one in enumerate(entries(body["input"])):
        if isinstance(one, str) and not one.strip():
            return _bad(f"Input at index {place} cannot be empty or whitespace only")
    return None


def _function(tool: JsonValue) -> JsonObject:
    function = tool.get("function") if isinstance(tool, dict) else None
    return function if isinstance(function, dict) else {}


def _named(named: str, _: str) -> str:
    """The answer bears the name that was asked for, whatever is loaded."""
    return named


def _normalized(body: JsonObject) -> JsonObject:
    from chatfake.dialects.requests.pydantic_models import coerced  # noqa: PLC0415  as above

    return coerced(body)


SGLANG_REQUESTS = Requests(
    chat=_chat_refusal,
    completions=_completion_refusal,
    embeddings=_embedding_refusal,
    normalize=_normalized,
    default_model=lambda _: "default",
    unknown_model=_named,
)
