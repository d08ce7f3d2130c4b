"""What JSON Schema cannot say: values that a schema accepts and the judge refuses. There are none the other way.

All of it is JSON by RFC 8259, which leaves to each reader what it makes of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from sys import float_info
from typing import TypeAlias

from chatschema.core.json_text import MAX_DEPTH
from chatschema.core.violation import JsonValue

__all__ = ["DIFFERENCES", "Difference", "sayable"]

Scalar: TypeAlias = str | float | bool | None

#: From here on a whole number that is written with a fraction or an exponent is no integer to pydantic.
_LARGE = 2**63


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One sort of value on which a schema and the judge differ."""

    name: str
    value: str  #: what it is
    reason: str  #: what a reader loses with it
    nearest: Callable[
        [Scalar], Scalar
    ]  #: a scalar on which both agree: itself, where it is none of this sort


def sayable(value: JsonValue, depth: int = 1) -> JsonValue:
    """The value without what `DIFFERENCES` lists: on this a schema and the judge have the same verdict."""
    match value:
        case dict() | list() if depth > MAX_DEPTH:
            return None
        case dict():
            return {str(_nearest(name)): sayable(member, depth + 1) for name, member in value.items()}
        case list():
            return [sayable(item, depth + 1) for item in value]
        case _:
            return _nearest(value)


def _nearest(value: Scalar) -> Scalar:
    for difference in DIFFERENCES:
        value = difference.nearest(value)
    return value


def _whole_characters(value: Scalar) -> Scalar:
    return value.encode(errors="replace").decode() if isinstance(value, str) else value


def _in_a_double(value: Scalar) -> Scalar:
    if isinstance(value, str | None) or abs(value) <= float_info.max:
        return value
    return 1e15 if value > 0 else -1e15


def _written_whole(value: Scalar) -> Scalar:
    return int(value) if isinstance(value, float) and abs(value) >= _LARGE else value


def _without_line_end(value: Scalar) -> Scalar:
    return value.removesuffix("\n") if isinstance(value, str) else value


def _any_scalar(value: Scalar) -> Scalar:
    return value


DIFFERENCES = (
    Difference(
        name="half-a-character",
        value='half of a surrogate pair (`"\\ud800"`) in a name of a member, or in a string of limited length or form',
        reason="it cannot be written as UTF-8: a program that forwards it fails",
        nearest=_whole_characters,
    ),
    Difference(
        name="beyond-a-double",
        value="a number that no double holds (`1e400`, or an integer of 400 digits), where any number may stand",
        reason="most readers make infinity of it, which cannot be written as JSON",
        nearest=_in_a_double,
    ),
    Difference(
        name="large-with-exponent",
        value="a whole number of 2^63 or more with a fraction or an exponent (`1e19`), where an integer is asked for",
        reason="as a double it is not exact, and other readers refuse it; `10000000000000000000` is accepted",
        nearest=_written_whole,
    ),
    Difference(
        name="line-end-after-pattern",
        value='a line end after a text that is held to a pattern (`"get_weather\\n"` as the name of a tool)',
        reason="only validators on Python's `re` accept it (jsonschema does): there `$` may stand before a line end",
        nearest=_without_line_end,
    ),
    Difference(
        name="depth",
        value=f"a value that is nested more than {MAX_DEPTH} levels deep, where anything may stand",
        reason="many readers of JSON end their program there",
        nearest=_any_scalar,
    ),
)
