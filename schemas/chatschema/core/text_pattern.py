"""JSON texts that are one and the same but for the values of a few members.

`pattern` cuts a text at such values, and `TextPattern.read` takes them out of another text without parsing the rest.
What it reads is what a parser would: let T be the text that the pattern was made of, T' one that `read` accepts.

1. T and T' are the same up to the first value. A JSON parser reads from left to right and knows nothing but what it
   has read, so at this point it is in the same state in both, at the place of the same member.
2. `read` calls that parser there, on T' itself. So the value, and where it ends, are the parser's own; escapes,
   surrogates, control characters, long numbers, NaN and members that stand twice are judged by it.
3. After a value of whatever type the parser's state is the same, and what follows is the same literal, which holds
   the end of the value's object as far as the next value. By induction over the values, T' is T's value with the
   values that were read in their places, it has the same members in the same order, and it ends where T does.
4. Where the values of T stand is not guessed at. `_spans` gives every string of T its number as its text and parses
   that: it is T's tree with each member's name replaced by the number of the string in which the name is written.

Only depth is left: a value that is read may be nested deeper than T's. `read` refuses a text with more brackets than
`MAX_DEPTH`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from .json_text import FLAWLESS, MAX_DEPTH, NotJsonError
from .violation import JsonValue

__all__ = ["Place", "TextPattern", "pattern"]

#: The way from the top of a value to one of its members.
Place: TypeAlias = tuple[str | int, ...]

_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')
_COLON = re.compile(r"[ \t\n\r]*:[ \t\n\r]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPattern:
    """What such texts have in common: how they start, and what follows each value."""

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
