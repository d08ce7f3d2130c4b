"""Rules for the members beside messages and tools: names, types, ranges, and which need another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from chatfake.core.api_error import (
    ApiError,
    array_too_long,
    not_given,
    out_of_range,
    shown,
    unsupported,
    wrong_type,
)
from chatfake.core.json_text import JsonObject, JsonValue

MAX_STOPS = 4
#: By the name of a member: what Python reads its JSON type as, and what that is called.
Types: TypeAlias = Mapping[str, tuple[type | tuple[type, ...], str]]


@dataclass(frozen=True, slots=True)
class Range:
    """A number's type and bounds. OpenAI calls floats decimals."""

    kind: str
    low: int | None = None
    high: int | None = None


# the ranges of the API reference, chat completions
SAMPLING = {
    "temperature": Range("decimal", 0, 2),
    "top_p": Range("decimal", 0, 1),
    "presence_penalty": Range("decimal", -2, 2),
    "frequency_penalty": Range("decimal", -2, 2),
}
NUMBERS = {
    **SAMPLING,
    "n": Range("integer", 1, 128),
    "max_tokens": Range("integer", 1),
    "max_completion_tokens": Range("integer", 1),
    "top_logprobs": Range("integer", 0, 20),
    "seed": Range("integer"),
}


def typed(kind: type | tuple[type, ...], expected: str, names: str) -> Types:
    """Members of one JSON type, their names parted by spaces."""
    return dict.fromkeys(names.split(), (kind, expected))


TYPES: Types = {
    **typed(bool, "a boolean", "stream logprobs store parallel_tool_calls"),
    **typed(
        str,
        "a string",
        "user safety_identifier prompt_cache_key prompt_cache_retention reasoning_effort service_tier verbosity",
    ),
    **typed(
        dict,
        "an object",
        "logit_bias metadata audio prediction moderation prompt_cache_options web_search_options stream_options",
    ),
    **typed(list, "an array of objects", "functions"),
    **typed(list, "an array of strings", "modalities"),
    **typed((str, dict), "one of a string or object", "function_call"),
}

# members whose own rules judge their types
OTHERS = ("model", "messages", "stop", "tools", "tool_choice", "response_format")

VALUES = {
    "service_tier": ("auto", "default", "flex", "scale", "priority", "fast"),
    "reasoning_effort": ("none", "minimal", "low", "medium", "high", "xhigh", "max"),
    "verbosity": ("low", "medium", "high"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The members of one route's requests."""

    numbers: Mapping[str, Range]
    types: Types
    others: tuple[str, ...]  #: their own rules judge them
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])


CHAT = Table(numbers=NUMBERS, types=TYPES, others=OTHERS, values=VALUES)


def known(body: JsonObject, table: Table = CHAT) -> Iterator[ApiError]:
    """A member that the API does not have."""
    has = {*table.numbers, *table.types, *table.others}
    strange = [shown(name) for name in body if name not in has]
    if strange:
        plural = "s" if len(strange) > 1 else ""
        listed = ", ".join(strange[:5])
        yield ApiError(message=f"Unrecognized request argument{plural} supplied: {listed}")


def numbers(body: JsonObject, table: Table = CHAT) -> Iterator[ApiError]:
    """A number of the wrong type or out of its range."""
    for name, bounds in table.numbers.items():
        if name not in body:
            continue
        value = body[name]
        allowed = int if bounds.kind == "integer" else (int, float)
        if isinstance(value, bool) or not isinstance(value, allowed):
            yield wrong_type(name, "an integer" if bounds.kind == "integer" else "a decimal", value)
        elif bounds.low is not None and value < bounds.low:
            yield out_of_range(name, value, bounds.kind, "below", bounds.low)
        elif bounds.high is not None and value > bounds.high:
            yield out_of_range(name, value, bounds.kind, "above", bounds.high)


def types(body: JsonObject, table: Table = CHAT) -> Iterator[ApiError]:
    """A member of the wrong JSON type, or a string outside its enumeration."""
    for name, (kind, expected) in table.types.items():
        if name in body and not isinstance(body[name], kind):
            yield wrong_type(name, expected, body[name])
    for name, values in table.values.items():
        value = body.get(name)
        if isinstance(value, str) and value not in values:
            yield unsupported(name, value, values)


def one_limit(body: JsonObject) -> Iterator[ApiError]:
    """Both names of the token limit at once."""
    if "max_tokens" in body and "max_completion_tokens" in body:
        yield ApiError(
            message="Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
            param="max_tokens",
            code="invalid_parameter_combination",
        )


def stop(body: JsonObject) -> Iterator[ApiError]:
    """Stop sequences: a string, or up to four of them (30 recorded requests that OpenAI answered had an empty list)."""
    value = body.get("stop", "")
    if isinstance(value, str):
        return
    if not isinstance(value, list):
        yield wrong_type("stop", "one of a string or array of strings", value)
    elif len(value) > MAX_STOPS:
        yield array_too_long("stop", MAX_STOPS, len(value))
    else:
        for index, text in enumerate(value):
            if not isinstance(text, str):
                yield wrong_type(f"stop[{index}]", "a string", text)


def stream_options(body: JsonObject) -> Iterator[ApiError]:
    """Options of a stream that was not asked for, or of the wrong type."""
    options = body.get("stream_options")
    if options is None:
        return
    if body.get("stream") is not True:
        yield ApiError(
            message="The 'stream_options' parameter is only allowed when 'stream' is enabled.",
            param="stream_options",
        )
    for name in ("include_usage", "include_obfuscation"):
        value = options.get(name) if isinstance(options, dict) else None
        if value is not None and not isinstance(value, bool):
            yield wrong_type(f"stream_options.{name}", "a boolean", value)


def top_logprobs(body: JsonObject) -> Iterator[ApiError]:
    """Alternatives without log probabilities."""
    if "top_logprobs" in body and body.get("logprobs") is not True:
        yield ApiError(
            message="The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
            param="top_logprobs",
        )


def kind_refusal(item: JsonObject, path: str, kinds: tuple[str, ...]) -> ApiError | None:
    """What is wrong with the `type` of the thing at that path; None where it is one of these."""
    return word_refusal(item.get("type"), f"{path}.type", kinds)


def word_refusal(word: JsonValue, path: str, known: tuple[str, ...]) -> ApiError | None:
    """What is wrong with a required word; None where it is one of these."""
    if not isinstance(word, str):
        return not_given(path, "a string", word)
    return None if word in known else unsupported(path, word, known)
