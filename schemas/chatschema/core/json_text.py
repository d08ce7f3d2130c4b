"""JSON text to values, without the two things that Python's parser lets pass: NaN and duplicate members; and ways in.

`_load` is the definition. Nearly every text is right, so `load` first tries a parser that is made once and stops at
whatever would need a word; the definition then finds the word. `objects` and `whole` pass over whatever has the wrong
shape.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias, TypeGuard, cast

from .describe import seen
from .violation import JsonObject, JsonValue, Level, Violation

__all__ = [
    "FLAWLESS",
    "MAX_DEPTH",
    "Found",
    "JsonText",
    "NotJsonError",
    "load",
    "nested",
    "objects",
    "too_deep",
    "whole",
]

#: Deeper than any answer (arguments are text, so a reply is some ten levels), shallow enough for every recursion.
MAX_DEPTH = 100

_REFERENCE = "RFC 8259"
_MOST_DUPLICATES = 10
_BLANKS = " \t\n\r"


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
    try:
        value, end = FLAWLESS.raw_decode(text)
    except (ValueError, RecursionError):
        return _load(text)
    if text[end:].strip(_BLANKS) or nested(text, value):
        return _load(text)
    return JsonText(value=value)


def nested(text: str, value: JsonValue) -> bool:
    """Whether the value of a text is too deep: `too_deep`, and cheap for nearly every text.

    Counting brackets costs far less than walking, and nearly every answer has fewer of them than this.
    """
    if text.count("{") + text.count("[") <= MAX_DEPTH:
        return False
    # level by level: what was read holds nothing twice, so a level is no larger than the text
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [
            item
            for here in level
            for item in (here.values() if type(here) is dict else here if type(here) is list else ())
            if type(item) is dict or type(item) is list
        ]
        if not level:
            return False
    return True


def _load(text: str) -> JsonText:
    duplicates: dict[str, None] = {}

    def members(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
        found = dict(pairs)
        if len(found) < len(pairs) and len(duplicates) < _MOST_DUPLICATES:
            counts = Counter(name for name, _ in pairs)
            duplicates.update(dict.fromkeys(name for name, count in counts.items() if count > 1))
        return found

    try:
        value = cast("JsonValue", json.loads(text, object_pairs_hook=members, parse_constant=_no_constant))
    except RecursionError:
        raise NotJsonError(f"nested deeper than {MAX_DEPTH} levels") from None
    except json.JSONDecodeError as error:
        raise NotJsonError(f"{error.msg.removesuffix(' at')} at character {error.pos}") from None
    except NotJsonError:
        raise
    except ValueError:  # Python refuses to read an integer of more than 4300 digits
        raise NotJsonError("a number too long to read") from None
    if nested(text, value):
        raise NotJsonError(f"nested deeper than {MAX_DEPTH} levels")
    return JsonText(value=value, duplicates=tuple(duplicates)[:_MOST_DUPLICATES])


def too_deep(value: object) -> bool:
    """Whether a value is nested deeper than `MAX_DEPTH` (a value that contains itself is)."""
    stack = [(value, 1)]
    while stack:
        here, depth = stack.pop()
        if isinstance(here, dict):
            inner = cast("Iterable[object]", here.values())
        elif isinstance(here, list):
            inner = cast("Iterable[object]", here)
        else:
            continue
        if depth > MAX_DEPTH:
            return True
        stack += [(item, depth + 1) for item in inner if isinstance(item, (dict, list))]
    return False


def _no_constant(name: str) -> NoReturn:
    raise NotJsonError(f"{name} is no JSON number")


def _members_once(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise NotJsonError("a member twice")
    return found


#: Reads a value that stands anywhere in a text (`raw_decode`); raises ValueError where it has a flaw of any kind, and
#: RecursionError where Python cannot follow. How deep it is nested is not looked at otherwise.
FLAWLESS = json.JSONDecoder(object_pairs_hook=_members_once, parse_constant=_no_constant)


#: A JSON path and the object that stands there.
Found: TypeAlias = tuple[str, JsonObject]


def objects(holder: Mapping[str, JsonValue], name: str, *, at: str = "$") -> Iterator[Found]:
    """The objects in the list `holder[name]`, each with its path."""
    items = holder.get(name)
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            yield f"{at}.{name}[{index}]", item


def whole(value: JsonValue) -> TypeGuard[int]:
    """Whether JSON Schema would call it an integer (`3` and `3.0`, not `true`)."""
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, int) and not isinstance(value, bool)
