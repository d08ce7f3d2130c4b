"""What a body says of itself and nobody means: a time that is none, and a model without a name."""

from collections.abc import Iterator

from chatschema.core.describe import seen
from chatschema.core.violation import JsonObject, Level, Violation
from chatschema.judging.violation_kind import ViolationKind

__all__ = ["head_is_meant", "model_has_a_name"]

#: Seconds since 1970 -> what a time from there on is; up to the next it is no time of an answer.
_TIMES: tuple[tuple[float, str], ...] = (
    (float("-inf"), "The time lies before 1970."),
    (0, "The time is 0."),
    (1, ""),
    (10**11, "The time is in milliseconds."),
    (10**14, "The time is in microseconds."),
    (10**17, "The time is in nanoseconds, or none."),
    (10**19, "The time lies beyond every calendar."),
)


def head_is_meant(
    body: JsonObject, *, family: str, time: str = "created", reference: str
) -> Iterator[Violation]:
    """The shoulds `<family>.created` and `<family>.model`.

    Clients that sort by time or show a date go wrong, .NET's refuse a time beyond the year 9999; no recorded answer of
    OpenAI's has such a time, or a model without a name.
    """
    value = body.get(time)
    if isinstance(value, int | float) and not isinstance(value, bool) and not 1 <= value < _TIMES[3][0]:
        message = next((message for start, message in reversed(_TIMES) if value >= start), "")
        if message:
            kind = ViolationKind(f"{family}.created", message, "seconds since 1970", Level.SHOULD)
            yield kind.violation(f"$.{time}", seen(value), reference=reference)
    if body.get("model") == "":
        yield from model_has_a_name(body, family=family, reference=reference)


def model_has_a_name(body: JsonObject, *, family: str, reference: str) -> Iterator[Violation]:
    """The should `<family>.model`."""
    if body.get("model") == "":
        kind = ViolationKind(f"{family}.model", "The model has no name.", "the model's name", Level.SHOULD)
        yield kind.violation("$.model", seen(""), reference=reference)
