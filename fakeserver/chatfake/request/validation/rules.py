"""The table of rules, in the order in which they speak; the first refusal is the answer."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from chatfake.core.api_error import NO_MODEL, ApiError, ContextExceededError, wrong_type
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.core.tokens import prompt_tokens
from chatfake.request.validation import formats, members, messages, tools

#: Yields what is wrong with a body; most rules have at most one thing to say.
Rule = Callable[[JsonObject], Iterator[ApiError]]


def model_named(body: JsonObject) -> Iterator[ApiError]:
    model = body.get("model")
    if model is None or model == "":
        yield NO_MODEL
    elif not isinstance(model, str):
        yield wrong_type("model", "a string", model)


def where(member: str, rule: Rule) -> Rule:
    """A rule about a member, which is asked only where that is there."""
    return lambda body: rule(body) if member in body else iter(())


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "model": model_named,
        "unknown-members": members.known,
        "messages": messages.shape,
        "messages.conversation": messages.conversation,
        "numbers": members.numbers,
        "types": members.types,
        "max-tokens.twice": members.one_limit,
        "stop": members.stop,
        "stream-options": members.stream_options,
        "top-logprobs": members.top_logprobs,
        "tools": where("tools", tools.shape),
        "tool-choice": where("tool_choice", tools.choice),
        "parallel-tool-calls": where("parallel_tool_calls", tools.parallel),
        "response-format": where("response_format", formats.shape),
        "response-format.json-word": where("response_format", formats.json_word),
    }
)


def refusal_of(
    body: JsonValue, context_length: int, rules: Iterable[Rule] = tuple(RULES.values())
) -> ApiError | None:
    """The answer to an invalid request; None when the body is valid. Top-level nulls are as absent."""
    found = first_refusal(body, rules)
    if found is not None or not isinstance(body, dict):
        return found
    return _too_long({key: value for key, value in body.items() if value is not None}, context_length)


def first_refusal(body: JsonValue, rules: Iterable[Rule]) -> ApiError | None:
    """What the first rule that has something to say says; top-level nulls are as absent."""
    if not isinstance(body, dict):
        return wrong_type("body", "an object", body)
    present: JsonObject = {key: value for key, value in body.items() if value is not None}
    return next((refusal for rule in rules for refusal in rule(present)), None)


def _too_long(body: JsonObject, context_length: int) -> ApiError | None:
    """Last, for it needs a sound body: the prompt and what may be said must fit the context."""
    cost = prompt_tokens(body)
    name = "max_completion_tokens" if "max_completion_tokens" in body else "max_tokens"
    asked = body.get(name, 1)
    most = asked if isinstance(asked, int) else 1
    limit = f"This model's maximum context length is {context_length} tokens. However, "
    if most > context_length:
        return ApiError(
            message=f"{name} is too large: {most}. This model supports at most {context_length} completion "
            f"tokens, whereas you provided {most}.",
            param=name,
            code="invalid_value",
        )
    if cost >= context_length:
        return ContextExceededError(
            message=f"{limit}your messages resulted in {cost} tokens. Please reduce the length of the messages.",
            param="messages",
            code="context_length_exceeded",
            limit=context_length,
            prompt=cost,
        )
    if cost + most > context_length:
        return ContextExceededError(
            message=f"{limit}you requested {cost + most} tokens ({cost} in the messages, {most} in the "
            "completion). Please reduce the length of the messages or completion.",
            param="messages",
            code="context_length_exceeded",
            limit=context_length,
            prompt=cost,
            output=most,
        )
    return None
