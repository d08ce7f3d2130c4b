"""What the members of a request owe each other, and what the specification adds."""

from collections.abc import Iterator
from functools import partial

from chatschema.common.sampling_rules import biases, stream_options, unknown
from chatschema.core.describe import ABSENT, seen
from chatschema.core.json_text import whole
from chatschema.core.violation import JsonObject, Level, Violation
from chatschema.judging.contract import Rule
from chatschema.judging.violation_kind import violation

from .request import CompletionRequest

__all__ = ["REQUEST_RULES"]

_REFERENCE = "CreateCompletionRequest"
_BEST = "completions.request.best-of"
_KNOWN = frozenset(CompletionRequest.model_fields)


def best_is_of_enough(request: JsonObject) -> Iterator[Violation]:
    """OpenAI: "best_of must be greater than n". Equal is the default, and so no mistake."""
    best, n = request.get("best_of"), request.get("n")
    wanted = n if whole(n) else 1
    if whole(best) and 0 < best < wanted:
        yield violation(
            _BEST,
            "$.best_of",
            "More answers are wanted than are generated.",
            f"at least {wanted}",
            seen(best),
            reference=_REFERENCE,
        )


def best_is_not_streamed(request: JsonObject) -> Iterator[Violation]:
    """The specification: "Results cannot be streamed."; the best is known only at the end."""
    best, n = request.get("best_of"), request.get("n")
    if request.get("stream") is True and whole(best) and best > (n if whole(n) else 1):
        yield violation(
            _BEST,
            "$.best_of",
            "The best of several cannot be streamed.",
            "no best_of, or no stream",
            seen(best),
            reference=_REFERENCE,
        )


def prompt_is_there(request: JsonObject) -> Iterator[Violation]:
    """The specification requires it, and tells what happens without."""
    if "prompt" not in request:
        yield violation(
            "completions.spec-complete",
            "$.prompt",
            "The specification requires the member prompt.",
            "a text, texts or tokens",
            ABSENT,
            Level.SHOULD,
            reference=_REFERENCE,
        )


REQUEST_RULES: tuple[Rule, ...] = (
    best_is_of_enough,
    best_is_not_streamed,
    partial(biases, rule="completions.request.logit-bias", reference=_REFERENCE),
    partial(stream_options, rule="completions.request.stream-options", reference=_REFERENCE),
    prompt_is_there,
    partial(unknown, known=_KNOWN, rule="completions.request.unknown", reference=_REFERENCE),
)
