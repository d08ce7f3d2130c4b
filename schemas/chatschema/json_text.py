"""JSON text to values, without the two things that Python's parser lets pass: NaN and duplicate members."""

import json
from collections import Counter
from dataclasses import dataclass
from typing import NoReturn, cast

from .violation import JsonValue, Level, Violation
from .words import seen

__all__ = ["MAX_DEPTH", "JsonText", "NotJsonError", "load", "too_deep"]

#: Deeper than any answer (arguments are text, so a reply is some ten levels), shallow enough for every recursion.
MAX_DEPTH = 100

_REFERENCE = "RFC 8259"


class NotJsonError(ValueError):
    """The text is no JSON, or nested deeper than `MAX_DEPTH`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonText:
    """A parsed text and the names of members that came twice in one object (the last one won)."""

    value: JsonValue
    duplicates: tuple[str, ...] = ()

    def remarks(self) -> list[Violation]:
        """One should for each doubled name."""
        return [
            Violation(
                rule="http.no-junk",
                level=Level.SHOULD,
                path="$",
                message="A member stands twice in one object; parsers disagree on which one counts.",
                expected="each name once",
                seen=f"{seen(name)} twice",
                reference=f"{_REFERENCE} section 4",
            )
            for name in self.duplicates
        ]


def load(text: str) -> JsonText:
    """Parse one JSON value. Raises `NotJsonError` with a plain sentence."""
    duplicates: dict[str, None] = {}

    def members(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
        found = dict(pairs)
        if len(found) < len(pairs):
            counts = Counter(name for name, _ in pairs)
            duplicates.update(dict.fromkeys(name for name, count in counts.items() if count > 1))
        return found

    try:
        value = cast("JsonValue", json.loads(text, object_pairs_hook=members, parse_constant=_no_constant))
    except RecursionError:
        raise NotJsonError(f"nested deeper than {MAX_DEPTH} levels") from None
    except json.JSONDecodeError as error:
        raise NotJsonError(f"{error.msg} at character {error.pos}") from None
    except NotJsonError:
        raise
    except ValueError:  # Python refuses to read an integer of more than 4300 digits
        raise NotJsonError("a number too long to read") from None
    # counting brackets is far cheaper than walking, and nearly every answer has fewer than this
    if text.count("{") + text.count("[") > MAX_DEPTH and too_deep(value):
        raise NotJsonError(f"nested deeper than {MAX_DEPTH} levels")
    return JsonText(value=value, duplicates=tuple(duplicates)[:10])


def too_deep(value: object) -> bool:
    """Whether a value is nested deeper than `MAX_DEPTH` (a value that contains itself is)."""
    stack = [(value, 1)]
    while stack:
        here, depth = stack.pop()
        if not isinstance(here, (dict, list)):
            continue
        if depth > MAX_DEPTH:
            return True
        inner = (
            cast("dict[str, object]", here).values() if isinstance(here, dict) else cast("list[object]", here)
        )
        stack.extend((item, depth + 1) for item in inner)
    return False


def _no_constant(name: str) -> NoReturn:
    raise NotJsonError(f"{name} is no JSON number")
