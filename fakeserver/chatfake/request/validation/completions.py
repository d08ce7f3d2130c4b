"""Refuses what `POST /v1/completions` of OpenAI refuses."""

from collections.abc import Iterator
from functools import partial

from chatfake.core.api_error import ApiError, ContextExceededError, empty_array, wrong_type
from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.core.tokens import count
from chatfake.request.validation import members
from chatfake.request.validation.members import SAMPLING, Range, Table, typed
from chatfake.request.validation.rules import Rule, first_refusal, model_named

#: A batch of prompts that OpenAI takes at once.
MAX_PROMPTS = 2048

_TABLE = Table(
    numbers={
        **SAMPLING,
        "n": Range("integer", 1, 128),
        "best_of": Range("integer", 1, 20),
        "max_tokens": Range("integer", 0),
        "logprobs": Range("integer", 0, 5),
        "seed": Range("integer"),
    },
    types={
        **typed(bool, "a boolean", "stream echo"),
        **typed(str, "a string", "suffix user"),
        **typed(dict, "an object", "logit_bias stream_options"),
    },
    others=("model", "prompt", "stop"),
)


def _prompt(body: JsonObject) -> Iterator[ApiError]:
    """A text, a list of texts, a list of tokens, or a list of such lists."""
    prompt = body.get("prompt")
    if prompt is None or isinstance(prompt, str):
        return
    if not isinstance(prompt, list):
        yield wrong_type(
            "prompt",
            "one of a string, array of strings, array of integers, or array of integer arrays",
            prompt,
        )
    elif not prompt:
        yield empty_array("prompt")
    elif len(prompt) > MAX_PROMPTS and not _token(prompt[0]):
        yield ApiError(message=f"A batch has at most {MAX_PROMPTS} prompts.", param="prompt")
    elif not (
        _texts(prompt)
        or _tokens(prompt)
        or all(isinstance(one, list) and one and _tokens(one) for one in prompt)
    ):
        yield ApiError(
            message="Invalid value for 'prompt': neither texts nor tokens.",
            param="prompt",
            code="invalid_value",
        )


def _texts(prompt: list[JsonValue]) -> bool:
    return all(isinstance(one, str) for one in prompt)


def _tokens(prompt: list[JsonValue]) -> bool:
    return all(_token(one) for one in prompt)


def _token(one: JsonValue) -> bool:
    return isinstance(one, int) and not isinstance(one, bool) and one >= 0


def _best_of(body: JsonObject) -> Iterator[ApiError]:
    best, n = body.get("best_of"), body.get("n", 1)
    if isinstance(best, int) and isinstance(n, int) and best < n:
        yield ApiError(
            message=f"Invalid value for 'best_of': must be at least n ({n}), but got {best}.", param="best_of"
        )
    if isinstance(best, int) and best > 1 and body.get("stream") is True:
        yield ApiError(message="best_of is not supported with stream.", param="best_of")


_RULES: tuple[Rule, ...] = (
    model_named,
    partial(members.known, table=_TABLE),
    _prompt,
    partial(members.numbers, table=_TABLE),
    partial(members.types, table=_TABLE),
    members.stop,
    members.stream_options,
    _best_of,
)


def completion_refusal(body: JsonValue, context_length: int) -> ApiError | None:
    """The answer to an invalid request; None when the body is valid."""
    found = first_refusal(body, _RULES)
    if found is not None or not isinstance(body, dict):
        return found
    prompt, most = body.get("prompt") or "", body.get("max_tokens")
    longest = (
        max((count(one) if isinstance(one, str) else 1 for one in prompt), default=0)
        if isinstance(prompt, list)
        else count(str(prompt))
    )
    asked = most if isinstance(most, int) else 16
    if longest + asked > context_length:
        return ContextExceededError(
            message=f"This model's maximum context length is {context_length} tokens, however you requested "
            f"{longest + asked} tokens ({longest} in your prompt; {asked} for the completion). Please reduce your "
            "prompt; or completion length.",
            code="context_length_exceeded",
            limit=context_length,
            prompt=longest,
            output=asked,
        )
    return None
