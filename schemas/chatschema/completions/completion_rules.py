"""What a JSON answer owes beyond its shape; a chunk shares most of it."""

from collections.abc import Iterator
from functools import partial

from chatschema.common.head_rules import head_is_meant
from chatschema.common.usage_rules import adds_up, counts_are_meant
from chatschema.core.describe import ABSENT, seen, seen_member
from chatschema.core.json_text import Found, objects, whole
from chatschema.core.violation import JsonObject, Level, Violation
from chatschema.judging.contract import Rule
from chatschema.judging.violation_kind import violation

__all__ = ["CHUNK_RULES", "COMPLETION_RULES"]

_REFERENCE = "CreateCompletionResponse"
_violation = partial(violation, reference=_REFERENCE)
_LISTS = ("tokens", "token_logprobs", "top_logprobs", "text_offset")


def choices_are_there(answer: JsonObject) -> Iterator[Violation]:
    """No recorded OpenAI answer is without choices (0 of 56), and clients read `choices[0]` unasked."""
    if answer.get("choices") == []:
        yield _violation(
            "shape.value", "$.choices", "The answer has no choices.", "at least one choice", seen([])
        )


def indexes_count_up(answer: JsonObject) -> Iterator[Violation]:
    """A client finds the texts of its prompts by index: 0 to n-1, each once, in whatever order they stand."""
    choices = list(objects(answer, "choices"))
    earlier: set[int] = set()
    for place, choice in choices:
        index = choice.get("index")
        if not whole(index) or index < 0:
            continue
        if index in earlier or index >= len(choices):
            message = (
                "Two choices have the same index."
                if index in earlier
                else "The index skips one that is not there."
            )
            yield _violation(
                "shape.value", f"{place}.index", message, f"0 to {len(choices) - 1}, each once", seen(index)
            )
        earlier.add(int(index))


def logprobs_are_of_one_length(answer: JsonObject) -> Iterator[Violation]:
    """Clients walk the lists together: what one of them lacks is an IndexError, or ascribed to the wrong token."""
    for place, logprobs in _logprobs(answer):
        lengths = {name: len(items) for name in _LISTS if isinstance(items := logprobs.get(name), list)}
        for name, length in lengths.items():
            first = next(iter(lengths))
            if length != lengths[first]:
                yield _violation(
                    "completions.logprobs",
                    f"{place}.{name}",
                    f"{name} has not one entry for each of {first}.",
                    f"a list of {lengths[first]}",
                    seen(logprobs[name]),
                )


def logprobs_have_tokens(answer: JsonObject) -> Iterator[Violation]:
    """Log probabilities without their tokens say nothing; llama.cpp sends a chat completion's form instead."""
    for place, logprobs in _logprobs(answer):
        for name in ("tokens", "token_logprobs"):
            if logprobs.get(name) is None:
                yield _violation(
                    "completions.logprobs",
                    f"{place}.{name}",
                    f"The log probabilities have no {name}.",
                    "a list with one entry a token",
                    seen_member(logprobs, name),
                    Level.SHOULD,
                )


def usage_is_there(answer: JsonObject) -> Iterator[Violation]:
    """56 of 56 recorded OpenAI answers say what they cost."""
    if not isinstance(answer.get("usage"), dict):
        yield _violation(
            "completions.usage",
            "$.usage",
            "The answer does not say what it cost.",
            "an object with the token counts",
            seen_member(answer, "usage"),
            Level.SHOULD,
        )


def usage_adds_up(answer: JsonObject) -> Iterator[Violation]:
    """Total is prompt plus completion, which is none where it is absent: 56 of 56 OpenAI answers."""
    usage = answer.get("usage")
    if not isinstance(usage, dict):
        return
    yield from counts_are_meant(usage, path="$.usage", details="completions.usage", reference=_REFERENCE)
    counts: JsonObject = {**usage, "completion_tokens": usage.get("completion_tokens") or 0}
    yield from adds_up(counts, path="$.usage", rule="completions.usage", reference=_REFERENCE)


def required_members_are_there(answer: JsonObject) -> Iterator[Violation]:
    """Members that the specification requires and clients live without."""
    holders = [(place, choice, "logprobs") for place, choice in objects(answer, "choices")]
    usage = answer.get("usage")
    if isinstance(usage, dict):
        holders.append(("$.usage", usage, "completion_tokens"))
    yield from _incomplete(holders)


def finish_reason_is_null_not_absent(chunk: JsonObject) -> Iterator[Violation]:
    """The member is there from the first chunk on: 683 of 683 OpenAI chunks; transformers leaves it out."""
    yield from _incomplete([(place, choice, "finish_reason") for place, choice in objects(chunk, "choices")])


def head_is_right(answer: JsonObject) -> Iterator[Violation]:
    """A time in seconds, and a model with a name."""
    yield from head_is_meant(answer, family="completions", reference=_REFERENCE)


_BOTH: tuple[Rule, ...] = (
    head_is_right,
    logprobs_are_of_one_length,
    logprobs_have_tokens,
    usage_adds_up,
    required_members_are_there,
)

COMPLETION_RULES: tuple[Rule, ...] = (choices_are_there, indexes_count_up, usage_is_there, *_BOTH)

CHUNK_RULES: tuple[Rule, ...] = (finish_reason_is_null_not_absent, *_BOTH)


def _logprobs(answer: JsonObject) -> Iterator[Found]:
    for place, choice in objects(answer, "choices"):
        logprobs = choice.get("logprobs")
        if isinstance(logprobs, dict):
            yield f"{place}.logprobs", logprobs


def _incomplete(holders: list[tuple[str, JsonObject, str]]) -> Iterator[Violation]:
    for place, holder, name in holders:
        if name not in holder:
            yield _violation(
                "completions.spec-complete",
                f"{place}.{name}",
                f"The specification requires the member {name}.",
                "a value or null",
                ABSENT,
                Level.SHOULD,
            )
