"""What pydantic refuses, in our words: its errors become violations by one table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from chatschema.core.base import FORBIDDEN
from chatschema.core.describe import ABSENT, json_path, seen
from chatschema.core.violation import MOST, Violation

from .violation_kind import violation

__all__ = ["RULES", "Shapes", "violations_of"]

#: Known values of a tag that a message names.
MOST_TAGS = 6

#: Names of members that `Shapes` remembers; longer ones are nobody's.
_LONGEST = 100

#: pydantic's error type -> our rule, the sentence, and what was expected. `{name}` is the member, and the rest comes
#: from the error's own context. A type that is not here is a `shape.value`.
RULES: Mapping[str, tuple[str, str, str]] = {
    "missing": ("shape.missing", "The member {name} is missing.", "the member {name}"),
    "string_type": ("shape.type", "{name} is not a string.", "a string"),
    "string_unicode": (
        "shape.value",
        "{name} holds half of a surrogate pair.",
        "a string of whole characters",
    ),
    "string_too_short": ("shape.value", "{name} is empty.", "a string that is not empty"),
    "string_too_long": ("shape.value", "{name} is too long.", "at most {max_length} characters"),
    "string_pattern_mismatch": (
        "shape.value",
        "{name} is not written as it has to be.",
        "a string that matches {pattern}",
    ),
    "base64": (
        "shape.value",
        "{name} is no base64 of whole float32 numbers.",
        "base64 of little-endian float32",
    ),
    "int_type": ("shape.type", "{name} is not an integer.", "an integer"),
    "float_type": ("shape.type", "{name} is not a number.", "a number"),
    "bool_type": ("shape.type", "{name} is neither true nor false.", "a boolean"),
    "none_required": ("shape.type", "{name} is not null.", "null"),
    "finite_number": ("shape.value", "{name} is not a finite number.", "a finite number"),
    "greater_than_equal": ("shape.value", "{name} is too small.", "at least {ge}"),
    "less_than_equal": ("shape.value", "{name} is too large.", "at most {le}"),
    "greater_than": ("shape.value", "{name} is too small.", "more than {gt}"),
    "less_than": ("shape.value", "{name} is too large.", "less than {lt}"),
    "list_type": ("shape.type", "{name} is not a list.", "a list"),
    "too_short": ("shape.value", "{name} has too few items.", "at least {min_length} items"),
    "too_long": ("shape.value", "{name} has too many items.", "at most {max_length} items"),
    "dict_type": ("shape.type", "{name} is not an object.", "an object"),
    "model_type": ("shape.type", "{name} is not an object.", "an object"),
    "literal_error": ("shape.value", "{name} is none of the known values.", "{expected}"),
    "union_tag_not_found": ("shape.missing", "The member {name} is missing.", "the member {name}"),
    "union_tag_invalid": ("shape.value", "{name} is none of the known values.", "{expected}"),
    FORBIDDEN: ("shape.forbidden", "{name} belongs to the other form of the answer.", "no member {name}"),
}


@dataclass(slots=True)
class Shapes:
    """The shapes of many values of one form, such as the events of a stream."""

    refused: int = 0  #: values of a wrong shape
    _reported: set[tuple[object, ...]] = field(default_factory=set[tuple[object, ...]])

    def new_violations(self, error: ValidationError, reference: str) -> list[Violation]:
        """What `violations_of` says of one value; nothing where all of it was said of earlier ones.

        The same error at the same place makes the same violation but for what was seen. To know that it is the same
        costs a tenth of making it.
        """
        return [] if self._all_reported(error) else violations_of(error, reference)

    def _all_reported(self, error: ValidationError) -> bool:
        brief = error.errors(include_url=False, include_context=False, include_input=False)
        if any(item["type"].startswith("union_tag_") for item in brief):
            return False  # what is said of a tag depends on the value
        # beside the type and the place, only the sentence of an error that the table does not have makes a difference
        errors = {(item["type"], item["loc"], item["type"] in RULES or item["msg"]) for item in brief}
        if errors <= self._reported:
            return True
        longest = max(len(str(part)) for item in brief for part in (*item["loc"], ""))
        if len(self._reported) < MOST and longest < _LONGEST:
            self._reported |= errors
        return False


def violations_of(error: ValidationError, reference: str) -> list[Violation]:
    """What a value's shape violates, all of it musts: the first errors, as many as a judgement can tell.

    How many there are is `error.error_count()`.
    """
    return [_violation(detail, reference) for detail in error.errors(include_url=False)[:MOST]]


def _violation(detail: ErrorDetails, reference: str) -> Violation:
    kind = _kind(detail)
    place = tuple(_place(detail))
    rule, message, expected = RULES.get(
        kind, ("shape.value", "{name}: " + _plain(detail["msg"]), "another value")
    )
    words = {**_context(detail), "name": str(place[-1]) if place else "the value"}
    return violation(
        rule,
        json_path(place),
        message.format_map(words),
        expected.format_map(words),
        _seen(detail),
        reference=reference,
    )


def _plain(words: str) -> str:
    """Words in which a brace is a brace."""
    return words.replace("{", "{{").replace("}", "}}")


def _kind(detail: ErrorDetails) -> str:
    if detail["type"].startswith("union_tag_") and not isinstance(detail["input"], dict):
        return "model_type"
    return detail["type"]


def _place(detail: ErrorDetails) -> Iterator[str | int]:
    # a union's tag stands in the location as if it were a member
    yield from (part for part in detail["loc"] if not (isinstance(part, str) and part.startswith("<")))
    if detail["type"].startswith("union_tag_") and isinstance(detail["input"], dict):
        yield _discriminator(detail)


def _discriminator(detail: ErrorDetails) -> str:
    """The member that decides; `base.Tagged` names its function after it."""
    return str(detail.get("ctx", {}).get("discriminator", "type")).removesuffix("()")


def _seen(detail: ErrorDetails) -> str:
    match detail:
        case {"type": "missing", "loc": ("error",), "input": dict()}:
            return seen(detail["input"])  # an error has many forms, and which it is tells who sent it
        case {"type": "missing" | "union_tag_not_found", "input": dict()}:
            return ABSENT
        case {"type": "union_tag_invalid", "input": dict()}:
            return seen(cast("dict[str, object]", detail["input"]).get(_discriminator(detail)))
        case _:
            return seen(detail["input"])


def _context(detail: ErrorDetails) -> dict[str, Any]:
    context = detail.get("ctx", {})
    if "expected_tags" in context:
        tags = str(context["expected_tags"]).replace("'<", '"').replace(">'", '"').split(", ")
        known = [tag for tag in tags if tag != '""']
        return {"expected": ", ".join(known[:MOST_TAGS]) + (", …" if len(known) > MOST_TAGS else "")}
    if "expected" in context:
        return {"expected": str(context["expected"]).replace("'", '"')}
    return context
