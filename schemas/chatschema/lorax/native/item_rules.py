"""What small answers owe beyond their shape: errors, pieces of a text, entities, vectors, and the server's account."""

from collections.abc import Iterator

from chatschema.core.describe import seen
from chatschema.core.json_text import objects, whole
from chatschema.core.violation import JsonObject, Level, Violation
from chatschema.judging.contract import Rule
from chatschema.judging.violation_kind import violation

from .generate_rules import complete

__all__ = ["EMBEDDINGS_RULES", "ENTITY_RULES", "ERROR_RULES", "INFO_RULES", "PIECE_RULES"]

_VALIDATION = "Input validation error: "


def validation_error_says_so(body: JsonObject) -> Iterator[Violation]:
    """The validator's sentence stands behind the same words in every release."""
    error = body.get("error")
    if body.get("error_type") != "validation" or not isinstance(error, str) or error.startswith(_VALIDATION):
        return
    yield violation(
        "lorax.errors.validation",
        "$.error",
        "A validation error does not begin as one.",
        f'a text that begins with "{_VALIDATION}"',
        seen(error),
        Level.SHOULD,
        reference="router/src/infer.rs, InferError",
    )


def info_is_complete(info: JsonObject) -> Iterator[Violation]:
    """What later releases added."""
    yield from complete(info, "eager_prefill", at="$", since="0.11.0")
    yield from complete(info, "request_logger_url", at="$", since="0.9.0")


def piece_has_an_extent(piece: JsonObject) -> Iterator[Violation]:
    """A piece ends where it starts or later."""
    yield from _extent(piece, "start", "stop", "lorax.tokenize")


def entity_has_an_extent(entity: JsonObject) -> Iterator[Violation]:
    """The router cuts the word out of the text between these two."""
    yield from _extent(entity, "start", "end", "lorax.classify")


def vectors_are_numbered(answer: JsonObject) -> Iterator[Violation]:
    """From 0 on, in the order of the texts."""
    for number, (place, vector) in enumerate(objects(answer, "embeddings")):
        index = vector.get("index")
        if whole(index) and index >= 0 and index != number:
            yield violation(
                "embeddings.count-and-index",
                f"{place}.index",
                "The vectors are not in order.",
                seen(number),
                seen(index),
                reference="router/src/server.rs, compat_embed",
            )


ERROR_RULES: tuple[Rule, ...] = (validation_error_says_so,)
INFO_RULES: tuple[Rule, ...] = (info_is_complete,)
PIECE_RULES: tuple[Rule, ...] = (piece_has_an_extent,)
ENTITY_RULES: tuple[Rule, ...] = (entity_has_an_extent,)
EMBEDDINGS_RULES: tuple[Rule, ...] = (vectors_are_numbered,)


def _extent(item: JsonObject, first: str, last: str, rule: str) -> Iterator[Violation]:
    start, end = item.get(first), item.get(last)
    if whole(start) and whole(end) and 0 <= end < start:
        yield violation(
            rule,
            f"$.{last}",
            f"{last} is before {first}.",
            f"{seen(start)} or more",
            seen(end),
            reference="router/src/lib.rs",
        )
