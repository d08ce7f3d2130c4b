"""What the vectors of one answer owe each other."""

from collections.abc import Iterator
from functools import partial
from math import isfinite

from chatschema.common.head_rules import model_has_a_name
from chatschema.common.usage_rules import counts_are_meant
from chatschema.core.describe import seen, seen_member
from chatschema.core.json_text import objects, whole
from chatschema.core.violation import JsonObject, JsonValue, Level, Violation
from chatschema.judging.contract import Rule
from chatschema.judging.violation_kind import violation

from .vector import decoded, dimensions

__all__ = ["EMBEDDINGS_RULES"]

_REFERENCE = "CreateEmbeddingResponse"
_violation = partial(violation, reference=_REFERENCE)
_INDEX = "embeddings.count-and-index"


def vectors_are_there(answer: JsonObject) -> Iterator[Violation]:
    """Nobody can ask for none: OpenAI refuses an empty list of inputs."""
    if answer.get("data") == []:
        yield _violation(_INDEX, "$.data", "The answer has no vector.", "one vector for each input", seen([]))


def indexes_count_up(answer: JsonObject) -> Iterator[Violation]:
    """A client finds the vector of its input by index: 0 to n-1, each once.

    All 58 recorded answers of OpenAI have them in order too, and many clients do not look.
    """
    data = answer.get("data")
    count = len(data) if isinstance(data, list) else 0
    earlier: set[int] = set()
    in_order = True
    for number, (place, one) in enumerate(objects(answer, "data")):
        index = one.get("index")
        if not whole(index) or index < 0:
            continue
        expected = f"0 to {count - 1}, each once"
        if index in earlier:
            yield _violation(
                _INDEX, f"{place}.index", "Two vectors have the same index.", expected, seen(index)
            )
        elif index >= count:
            message = "The index skips one that is not there."
            yield _violation(_INDEX, f"{place}.index", message, expected, seen(index))
        elif index != number and in_order:
            in_order = False  # told once
            message, level = "The vectors are not in the order of their inputs.", Level.SHOULD
            yield _violation(_INDEX, f"{place}.index", message, seen(number), seen(index), level)
        earlier.add(int(index))


def vectors_are_of_one_length(answer: JsonObject) -> Iterator[Violation]:
    """Vectors of different length cannot be compared, nor put into one matrix."""
    wanted: int | None = None
    for place, one in objects(answer, "data"):
        vector = one.get("embedding")
        length = _length(vector)
        if length is None:
            continue
        wanted = length if wanted is None else wanted
        if length != wanted:
            yield _violation(
                "embeddings.dimensions",
                f"{place}.embedding",
                "The vector has another length than the first.",
                f"{wanted} numbers",
                f"{length} numbers",
            )


def base64_holds_numbers(answer: JsonObject) -> Iterator[Violation]:
    """JSON has no word for NaN and infinity, but float32 has: one of them spoils every comparison."""
    for place, one in objects(answer, "data"):
        vector = one.get("embedding")
        if not isinstance(vector, str) or not vector:
            continue
        try:
            wrong = [number for number in decoded(vector) if not isfinite(number)]
        except ValueError:
            continue  # the shape rule reports it
        if wrong:
            yield _violation(
                "embeddings.base64",
                f"{place}.embedding",
                "The base64 holds what is no finite number.",
                "finite numbers",
                f"{wrong[0]} ({len(wrong)} in all)",
            )


def vectors_are_not_zero(answer: JsonObject) -> Iterator[Violation]:
    """A vector of zeros has no direction: its similarity to anything is 0/0. It is what a failed pooling leaves."""
    for place, one in objects(answer, "data"):
        vector = one.get("embedding")
        if isinstance(vector, list):
            zero = bool(vector) and not any(vector)
        else:
            zero = isinstance(vector, str) and bool(vector) and not vector.rstrip("=").strip("A")
        if zero:
            message, expected = "Every number of the vector is 0.", "a vector with a direction"
            yield _violation(
                "embeddings.zeros", f"{place}.embedding", message, expected, seen(vector), Level.SHOULD
            )


def model_is_right(answer: JsonObject) -> Iterator[Violation]:
    """A model with a name."""
    yield from model_has_a_name(answer, family="embeddings", reference=_REFERENCE)


def usage_is_right(answer: JsonObject) -> Iterator[Violation]:
    """The total is what the inputs have: 58 of 58 OpenAI answers."""
    usage = answer.get("usage")
    if not isinstance(usage, dict):
        message, expected = "The answer does not say what it cost.", "an object with the token counts"
        what = seen_member(answer, "usage")
        yield _violation("embeddings.spec-complete", "$.usage", message, expected, what, Level.SHOULD)
        return
    yield from counts_are_meant(
        usage, path="$.usage", rule="embeddings.usage", details="embeddings.usage", reference=_REFERENCE
    )
    prompt, total = usage.get("prompt_tokens"), usage.get("total_tokens")
    if whole(prompt) and whole(total) and prompt != total:
        level = Level.MUST if total < prompt else Level.SHOULD
        message = "The total is not prompt_tokens."
        yield _violation(
            "embeddings.usage", "$.usage.total_tokens", message, seen(prompt), seen(total), level
        )


EMBEDDINGS_RULES: tuple[Rule, ...] = (
    vectors_are_there,
    indexes_count_up,
    vectors_are_of_one_length,
    base64_holds_numbers,
    vectors_are_not_zero,
    model_is_right,
    usage_is_right,
)


def _length(vector: JsonValue) -> int | None:
    if isinstance(vector, str):
        return dimensions(vector) if vector else None
    return len(vector) if isinstance(vector, list) and vector else None
