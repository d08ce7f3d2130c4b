"""JSON text to values, without the two things that Python's parser lets pass: NaN and duplicate members; and ways in.

`_load` is the definition. Nearly every text is right, so `load` first tries a parser that is made once and stops at
whatever would need a word; the definition then finds the word. `objects` and `whole` pass over whatever has the wrong
shape. A text that says what an earlier one said, but for a few values, need not be parsed again: `TextPattern`.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, auto
from typing import Any, NoReturn, TypeAlias, TypeGuard, cast

from .describe import seen
from .violation import JsonObject, JsonValue, Level, Violation

__all__ = [
    "FLAWLESS",
    "LEAST_EACH",
    "MAX_DEPTH",
    "MOST_ELEMENTS",
    "MOST_HOLDERS",
    "Found",
    "JsonText",
    "NotJsonError",
    "Place",
    "Size",
    "TextPattern",
    "TooMuchError",
    "holders_in",
    "load",
    "nested",
    "objects",
    "pattern",
    "size_of",
    "too_deep",
    "too_many_in",
    "whole",
]

#: Deeper than any answer (arguments are text, so a reply is some ten levels), shallow enough for every recursion.
MAX_DEPTH = 100
#: Members and items of a body all of whose errors are told.
MOST_ELEMENTS = 5_000
#: Objects and lists of a body whose rules are judged. A thousand tokens with twenty alternatives each have 43,000.
MOST_HOLDERS = 50_000
#: Characters to each object and list of a text that has more than that, or it is not read: one list in another takes
#: Python fifty times the bytes that it takes to write. The densest of recorded answers has one to 24.
LEAST_EACH = 16

_REFERENCE = "RFC 8259"
_MOST_DUPLICATES = 10
_BLANKS = " \t\n\r"


class NotJsonError(ValueError):
    """The text is no JSON, or is more than is read."""


class TooMuchError(NotJsonError):
    """It is nested deeper than `MAX_DEPTH`, has a number that Python does not read, or is little else than brackets."""


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
    if most := too_many_in(text):
        raise TooMuchError(f"more than {most:,} objects and lists in {len(text):,} characters")
    try:
        value, end = FLAWLESS.raw_decode(text)
    except (ValueError, RecursionError):
        return _load(text)
    if text[end:].strip(_BLANKS) or nested(text, value):
        return _load(text)
    return JsonText(value=value)


def holders_in(text: str, enough: int = 0) -> int:
    """How many objects and lists a JSON text has, without parsing it.

    Where there may be more than `enough`, brackets in strings are told apart; else they count as well.
    """
    count = text.count("{") + text.count("[")
    if count <= enough:
        return count
    outside = "".join(text.replace("\\\\", "").replace('\\"', "").split('"')[::2])
    return outside.count("{") + outside.count("[")


def too_many_in(text: str) -> int:
    """How many objects and lists a JSON text may have, where it has more than are read; 0 where it has not."""
    most = max(MOST_HOLDERS, len(text) // LEAST_EACH)
    return most if len(text) > most and holders_in(text, most) > most else 0


def nested(text: str, value: JsonValue) -> bool:
    """Whether the value of a text is too deep: `too_deep`, and cheap for nearly every text.

    Counting brackets costs far less than walking, and nearly every answer has fewer of them than this.
    """
    if text.count("{") + text.count("[") <= MAX_DEPTH:
        return False
    # level by level: what was read holds nothing twice, so a level is no larger than the text
    level: list[Any] = [value] if isinstance(value, dict | list) else []
    for _ in range(MAX_DEPTH + 1):
        level = [item for here in level for item in _holders_in(here)]
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
        raise TooMuchError(f"nested deeper than {MAX_DEPTH} levels") from None
    except json.JSONDecodeError as error:
        raise NotJsonError(f"{error.msg.removesuffix(' at')} at character {error.pos}") from None
    except NotJsonError:
        raise
    except ValueError:  # Python refuses to read an integer of more than 4300 digits
        raise TooMuchError("a number too long to read") from None
    if nested(text, value):
        raise TooMuchError(f"nested deeper than {MAX_DEPTH} levels")
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


class Size(IntEnum):
    """How much a value holds."""

    SMALL = auto()
    LARGE = auto()  #: more than `MOST_ELEMENTS`
    HUGE = auto()  #: more than `MOST_HOLDERS`


def size_of(value: object) -> Size:
    """How much a value holds; costs no more than walking through that much."""
    elements, holders = 0, 0
    stack: list[Any] = [value] if isinstance(value, dict | list) else []
    while stack:
        here = stack.pop()
        holders += 1
        elements += len(here)
        if holders > MOST_HOLDERS:
            return Size.HUGE
        stack += _holders_in(here)
    return Size.SMALL if elements <= MOST_ELEMENTS else Size.LARGE


def _holders_in(value: Any) -> list[Any]:
    """The objects and lists right inside one."""
    # what is read from a text is exactly one of these
    inner = cast("Iterable[Any]", value.values() if type(value) is dict else value)
    return [item for item in inner if type(item) is dict or type(item) is list]


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
    """The objects in the list `holder[name]`, each with its path; those of a long list end at its first other item."""
    items = holder.get(name)
    if not isinstance(items, list):
        return
    long = len(items) > MOST_ELEMENTS
    for index, item in enumerate(items):
        if isinstance(item, dict):
            yield f"{at}.{name}[{index}]", item
        elif long:
            return


def whole(value: JsonValue) -> TypeGuard[int]:
    """Whether JSON Schema would call it an integer (`3` and `3.0`, not `true`)."""
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, int) and not isinstance(value, bool)


#: The way from the top of a value to one of its members.
Place: TypeAlias = tuple[str | int, ...]

_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')
_COLON = re.compile(r"[ \t\n\r]*:[ \t\n\r]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPattern:
    """What texts have in common that are the same but for the values of a few members.

    That is how they start, and what follows each value. `pattern` cuts a text at such values, and `read` takes them
    out of another text without parsing the rest. What it reads is what a parser would: let T be the text that the
    pattern was made of, T' one that `read` accepts.

    1. T and T' are the same up to the first value. A JSON parser reads from left to right and knows nothing but what it
       has read, so at this point it is in the same state in both, at the place of the same member.
    2. `read` calls that parser there, on T' itself. So the value, and where it ends, are the parser's own; escapes,
       surrogates, control characters, long numbers, NaN and members that stand twice are judged by it.
    3. After a value of whatever type the parser's state is the same, and what follows is the same literal, which holds
       the end of the value's object as far as the next value. By induction over the values, T' is T's value with the
       values that were read in their places, it has the same members in the same order, and it ends where T does.
    4. Where the values of T stand is not guessed at. `_spans` gives every string of T its number as its text and parses
       that: it is T's tree with each member's name replaced by the number of the string in which the name is written.

    Only depth is left: a value that is read may be nested deeper than T's. `read` refuses a text with more brackets
    than `MAX_DEPTH`.
    """

    start: str
    after: tuple[str, ...]

    def read(self, text: str) -> list[JsonValue] | None:
        """The values in which `text` differs, in the order in which they stand; None where it differs in more."""
        if not text.startswith(self.start) or text.count("{") + text.count("[") > MAX_DEPTH:
            return None
        at, values = len(self.start), list[JsonValue]()
        try:
            for literal in self.after:
                value, at = FLAWLESS.raw_decode(text, at)
                if not text.startswith(literal, at):
                    return None
                at += len(literal)
                values.append(value)
        except (ValueError, RecursionError):
            return None
        return values if at == len(text) else None


def pattern(text: str, places: Sequence[Place]) -> TextPattern | None:
    """Cut a text, which is one JSON value, at the values of members that do not hold each other.

    The places are in the order in which they stand in the text. None where the text has a flaw or a place is not
    there.
    """
    try:
        spans = _spans(text, places)
    except (ValueError, LookupError, RecursionError):
        return None
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    if edges != sorted(edges):
        return None
    literals = [text[edges[at] : edges[at + 1]] for at in range(0, len(edges), 2)]
    return TextPattern(start=literals[0], after=tuple(literals[1:]))


def _spans(text: str, places: Sequence[Place]) -> list[tuple[int, int]]:
    value, end = FLAWLESS.raw_decode(text)
    if end != len(text):
        raise NotJsonError("more than one value")
    # no quote stands outside a string, so these are the strings of the text, all of them
    strings = list(_STRING.finditer(text))
    numbered, _ = FLAWLESS.raw_decode("".join(_numbered(_STRING.split(text))))
    spans: list[tuple[int, int]] = []
    for place in places:
        colon = _COLON.match(text, strings[_name_at(place, value, numbered)].end())
        if colon is None:
            raise LookupError(place)
        spans.append((colon.end(), FLAWLESS.raw_decode(text, colon.end())[1]))
    return spans


def _numbered(between: list[str]) -> Iterator[str]:
    yield between[0]
    for number, part in enumerate(between[1:]):
        yield f'"{number}"{part}'


def _name_at(place: Place, value: JsonValue, numbered: JsonValue) -> int:
    """Which string of the text is the name of the member at `place`."""
    number = ""
    for step in place:
        match value, numbered:
            case dict(), dict():
                # both have the same members in the same order
                number = list(numbered)[list(value).index(str(step))]
                value, numbered = value[str(step)], numbered[number]
            case list(), list():
                value, numbered, number = value[int(step)], numbered[int(step)], ""
            case _:
                raise LookupError(place)
    return int(number)
