"""Regular expressions of script files, which may come from anyone and are searched in whatever anyone sends.

`re` would go back and try again: `(a+)+b` on thirty letters takes it minutes, and nothing can stop it. These run on
Rust's engine inside pydantic, whose time is at most the length of the text times the size of the expression. What it
has not, look-around and back references, it refuses itself; here is refused what it would take and read otherwise.
"""

import re
from collections.abc import Callable

from pydantic_core import SchemaError, SchemaValidator, core_schema

LONGEST_PATTERN = 1_000
#: Characters and classes of an expression whose counted repeats are written out.
MOST_PLACES = 2_000
#: Places times characters of one search. Of a text for which they would not do, the beginning is searched.
MOST_STEPS = 20_000_000
LONGEST_SEARCHED = 100_000

#: An escape, or a class of characters: one place, whatever stands in it.
_PLACE = re.compile(r"\\[pPuUx]\{[^}]*\}|\\.|\[\^?\]?(?:\\.|(?!&&|--|~~)[^][\\])*\]", re.DOTALL)
_TOKEN = re.compile(r"\{(\d+),?(\d*)\}|(.)", re.DOTALL)
#: What may not stand in an expression when its escapes and classes are taken out.
_NOT_UNDERSTOOD = (
    (
        re.compile(r"[*+?}][*+{]"),
        "a repeat of a repeat, or a possessive one, is not understood; put a group around it",
    ),
    (re.compile(r"\(\?[A-Za-z]*x"), "the flag x is not understood"),
    (re.compile(r"\["), "a class with [, &&, -- or ~~ in it is not understood; put a backslash before it"),
)


class PatternError(ValueError):
    """A clause that says what is wrong with an expression."""


def compile_search(pattern: str) -> Callable[[str], bool]:
    """A function that says whether the expression is found somewhere in a text. Raises `PatternError`."""
    if len(pattern) > LONGEST_PATTERN:
        raise PatternError(f"it has more than {LONGEST_PATTERN} characters")
    try:
        found = SchemaValidator(core_schema.str_schema(pattern=_whole(pattern))).isinstance_python
    except SchemaError as error:
        raise PatternError(str(error).splitlines()[-1].partition("rror: ")[2].rstrip(".")) from None
    outline = _PLACE.sub(".", pattern)
    for clue, clause in _NOT_UNDERSTOOD:
        if clue.search(outline):
            raise PatternError(clause)
    places = _places(outline)
    if places > MOST_PLACES:
        raise PatternError(f"written out it has more than {MOST_PLACES} places")
    longest = min(MOST_STEPS // places, LONGEST_SEARCHED)
    return lambda text: found(_whole(text[:longest]))


def _whole(text: str) -> str:
    """JSON can carry half a character, which the engine does not take."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _places(outline: str) -> int:
    """How many an expression has, its counted repeats written out. Its groups are closed."""
    sizes, last = [1], 0
    for least, most, other in _TOKEN.findall(outline):
        if other == "(":
            sizes.append(1)
        elif other == ")":
            last = sizes.pop()
            sizes[-1] += last
        elif other:
            last = 1
            sizes[-1] += last
        else:
            sizes[-1] += last * max(int(least), int(most or 0))
    return sizes[0]
