"""What the router refuses of a request that it could read, in its order and its words (router/src/validation.rs)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chatfake.core.api_error import ApiError
from chatfake.core.json_text import JsonObject
from chatfake.dialects.requests.lorax_errors import generation_failed, invalid
from chatfake.handling.settings import Settings
from chatfake.lorax.generate_request import Adapter, GenerateRequest

_STRATEGIES = ("linear", "ties", "dare_linear", "dare_ties")
_SIGNS = ("total", "frequency")
_SOURCES = ("hub", "local", "s3", "pbase")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What `/info` shows; all but the context are the launcher's defaults."""

    total_tokens: int
    input_length: int
    best_of: int = 2
    stop_sequences: int = 4
    concurrent_requests: int = 1024


def limits_of(settings: Settings) -> Limits:
    """Those of this server."""
    return Limits(total_tokens=settings.context_length, input_length=max(settings.context_length - 1, 1))


def request_failure(request: GenerateRequest, limits: Limits) -> ApiError | None:
    """The first thing that is wrong; None when nothing is."""
    problem = next(_problems(request, limits), None)
    return invalid(problem) if problem is not None else source_failure(request.adapter)


def source_failure(adapter: Adapter) -> ApiError | None:
    """Where there is no such place that adapters come from (router/client/src/client.rs)."""
    if not adapter.name or adapter.source.lower() in _SOURCES:
        return None
    return generation_failed(f"Invalid source '{adapter.source}' when downloading adapter '{adapter.name}'")


def _problems(request: GenerateRequest, limits: Limits) -> Iterator[str]:
    best_of = request.integer("best_of") or 1
    if request.stream:
        yield from _stream_problems(request)
    elif best_of > limits.best_of:
        yield f"`best_of` must be > 0 and <= {limits.best_of}. Given: {best_of}"
    yield from _adapter_problems(request.parameters)
    named = ("temperature", "top_k", "top_p", "typical_p")
    sampling = request.flag("do_sample") or any(request.parameters.get(name) is not None for name in named)
    if best_of > 1 and not sampling:
        yield "you must use sampling when `best_of` is > 1"
    yield from _range_problems(request)
    if len(request.stops) > limits.stop_sequences:
        yield f"`stop` supports up to {limits.stop_sequences} stop sequences. Given: {len(request.stops)}"
    if best_of > 1 and request.integer("seed") is not None:
        yield "`seed` must not be set when `best_of` > 1"
    yield from _length_problems(request, limits)


def _stream_problems(request: GenerateRequest) -> Iterator[str]:
    if request.parameters.get("best_of") not in (None, 1):
        yield "`best_of` != 1 is not supported when streaming tokens"
    if request.flag("decoder_input_details"):
        yield "`decoder_input_details` == true is not supported when streaming tokens"


def _adapter_problems(parameters: JsonObject) -> Iterator[str]:
    merged = parameters.get("merged_adapters")
    if not isinstance(merged, dict):
        return
    if parameters.get("adapter_id") is not None:
        yield "at most one of `adapter_id` or `adapters` may be provided"
    ids, weights = merged.get("ids"), merged.get("weights", [])
    if not ids:
        yield "at least one adapter ID must be provided when setting `adapters`"
    elif isinstance(ids, list) and isinstance(weights, list) and len(ids) != len(weights):
        yield "number of adapter IDs must match number of adapter weights"
    yield from _merge_problems(merged)


def _merge_problems(merged: JsonObject) -> Iterator[str]:
    """The router takes these two for granted, and an unknown name is its end."""
    for name, known in (("merge_strategy", _STRATEGIES), ("majority_sign_method", _SIGNS)):
        value = merged.get(name)
        if isinstance(value, str) and value.lower() not in known:
            yield f"`{name}` must be one of {', '.join(known)}"


_PENALTY = "must be >= -2.0 and <= 2.0"
_PART = "must be > 0.0 and < 1.0"  # of top_p, which may be 1 all the same
_POSITIVE = "must be strictly positive"

#: In the router's order: what must hold of a number, and what is said where it does not.
_RANGES: tuple[tuple[str, Callable[[float], bool], str], ...] = (
    ("temperature", lambda value: value >= 0, "must be non-negative"),
    ("repetition_penalty", lambda value: value > 0, _POSITIVE),
    ("frequency_penalty", lambda value: -2 <= value <= 2, _PENALTY),
    ("presence_penalty", lambda value: -2 <= value <= 2, _PENALTY),
    ("top_p", lambda value: 0 < value <= 1, _PART),
    ("typical_p", lambda value: 0 < value < 1, _PART),
    ("top_k", lambda value: value > 0, _POSITIVE),
    ("return_k_alternatives", lambda value: value > 0, _POSITIVE),
    ("max_new_tokens", lambda value: value > 0, _POSITIVE),
)


def _range_problems(request: GenerateRequest) -> Iterator[str]:
    for name, holds, sentence in _RANGES:
        value = request.number(name)
        if value is not None and not holds(value):
            yield f"`{name}` {sentence}"


def _length_problems(request: GenerateRequest, limits: Limits) -> Iterator[str]:
    if not request.inputs:
        yield "`inputs` cannot be empty"
    truncate, most = request.integer("truncate"), request.integer("max_new_tokens")
    if truncate is not None and not 0 < truncate <= limits.input_length:
        yield (f"`truncate` must be strictly positive and less than {limits.input_length}. Given: {truncate}")
    yield from _too_long(request.input_length, most, limits)


def _too_long(length: int, most: int | None, limits: Limits) -> Iterator[str]:
    if most is not None and length + most > limits.total_tokens:
        yield (
            f"`inputs` tokens + `max_new_tokens` must be <= {limits.total_tokens}. Given: {length} `inputs` tokens "
            f"and {most} `max_new_tokens`"
        )
    if length > limits.input_length:
        yield f"`inputs` must have less than {limits.input_length} tokens. Given: {length}"


def text_failure(length: int, limits: Limits) -> ApiError | None:
    """A text to embed or to classify, checked as if one token were asked for."""
    problem = next(_too_long(length, 1, limits), None)
    return None if problem is None else invalid(problem)


def merge_failure(parameters: JsonObject) -> ApiError | None:
    """Of the adapters that a text is embedded with nothing else is checked."""
    merged = parameters.get("merged_adapters")
    problem = next(_merge_problems(merged), None) if isinstance(merged, dict) else None
    return None if problem is None else invalid(problem)
