"""What an error owes beyond its shape."""

from collections.abc import Iterator

from chatschema.core.describe import ABSENT, seen
from chatschema.core.violation import JsonObject, Level, Violation
from chatschema.judging.contract import Rule
from chatschema.judging.violation_kind import violation

__all__ = ["ERROR_RULES"]


def all_four_members_are_there(body: JsonObject) -> Iterator[Violation]:
    """message, type, param and code: 79 of 79 recorded OpenAI errors."""
    error = body.get("error")
    if not isinstance(error, dict):
        return
    for name in ("type", "param", "code"):
        if name not in error:
            yield _violation(name, f"The member {name} is missing.", "a string or null", ABSENT)


def code_is_text(body: JsonObject) -> Iterator[Violation]:
    """The SDKs type `code` as a string; vLLM and OpenRouter send the HTTP status as a number."""
    error = body.get("error")
    if isinstance(error, dict) and isinstance(error.get("code"), int | float):
        yield _violation("code", "code is not a string.", "a string or null", seen(error["code"]))


ERROR_RULES: tuple[Rule, ...] = (all_four_members_are_there, code_is_text)


def _violation(name: str, message: str, expected: str, what: str) -> Violation:
    return violation(
        "chat.errors.shape", f"$.error.{name}", message, expected, what, Level.SHOULD, reference="Error"
    )
