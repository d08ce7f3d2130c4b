"""What the members of a request owe each other, and what the specification adds."""

from collections.abc import Iterator

from chatschema.common.sampling_rules import biases, refused, stream_options, unknown
from chatschema.core.describe import ABSENT, seen
from chatschema.core.json_text import whole
from chatschema.core.violation import JsonObject, Level, Violation
from chatschema.judging.contract import Rule

from .request import CompletionRequest

__all__ = ["REQUEST_RULES"]

_REFERENCE = "CreateCompletionRequest"
_BEST = "completions.request.best-of"
_KNOWN = frozenset(CompletionRequest.model_fields)


def members_are_known(request: JsonObject) -> Iterator[Violation]:
    """Whatever the specification does not have."""
    yield from unknown(request, _KNOWN, rule="completions.request.unknown", reference=_REFERENCE)


def options_have_their_stream(request: JsonObject) -> Iterator[Violation]:
    """Options of a stream go with a stream."""
    yield from stream_options(request, rule="completions.request.stream-options", reference=_REFERENCE)


def biases_are_of_tokens(request: JsonObject) -> Iterator[Violation]:
    """A bias is given to a token by its number."""
    yield from biases(request, rule="completions.request.logit-bias", reference=_REFERENCE)


def best_is_of_enough(request: JsonObject) -> Iterator[Violation]:
    """OpenAI: "best_of must be greater than n". Equal is the default, and so no mistake."""
    best, n = request.get("best_of"), request.get("n")
    wanted = n if whole(n) else 1
    if whole(best) and 0 < best < wanted:
        yield refused(
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
        yield refused(
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
        yield refused(
            "completions.spec-complete",
            "$.prompt",
            "The specification requires the member prompt.",
            "a text, texts or tokens",
            ABSENT,
            level=Level.SHOULD,
            reference=_REFERENCE,
        )


REQUEST_RULES: tuple[Rule, ...] = (
    best_is_of_enough,
    best_is_not_streamed,
    biases_are_of_tokens,
    options_have_their_stream,
    prompt_is_there,
    members_are_known,
)
