"""Whether a regular expression is found in a text, in time that both their lengths bound.

`re` goes back and tries again: `(a+)+b` on thirty letters takes it minutes, and nothing can stop it. A script comes
from anywhere, so its expressions run here, all their ways at once (Thompson, "Regular Expression Search Algorithm",
1968). What one character is, `re` itself says: classes, flags and case are its own.
"""

import importlib
import re
from collections.abc import Callable
from typing import Any

__all__ = ["PatternError", "finder"]

LONGEST_PATTERN = 1_000
#: Places of an expression, its counted repeats written out.
MOST_PLACES = 2_000
#: Steps of one search; of a text for which they would not do, the beginning is searched.
MOST_STEPS = 2_000_000

_LEAVES = ("LITERAL", "NOT_LITERAL", "ANY", "IN", "AT")
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT")


class PatternError(ValueError):
    """A clause that says what is wrong with an expression."""


def finder(pattern: str) -> Callable[[str], bool]:
    """A function that says whether the expression is found somewhere in a text.

    Raises `PatternError` for one that is none, is too large, or has look-around, back references, conditions,
    atomic groups or possessive repeats.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise PatternError(f"it has more than {LONGEST_PATTERN} characters")
    try:
        re.compile(pattern)
        # the tree is private to the standard library, hence behind a name and a guard
        tree: Any = importlib.import_module("re._parser").parse(pattern)
    except RecursionError:
        raise PatternError("it is nested too deep") from None
    except (re.error, OverflowError, Warning) as error:
        raise PatternError(str(error)) from None
    return _Automaton(tree).found


class _Automaton:
    """Places, each with what it wants of the text and where it leads to; place 0 is the end.

    A place without a leaf leads on for nothing. A leaf is an expression of one character or of none.
    """

    def __init__(self, tree: Any) -> None:
        self._parser = importlib.import_module("re._parser")
        self._compile = importlib.import_module("re._compiler").compile
        self._leaves: list[re.Pattern[str] | None] = [None]
        self._empty = [False]
        self._next: list[tuple[int, ...]] = [()]
        self._start = self._sequence(tree, 0, int(tree.state.flags))

    def found(self, text: str) -> bool:
        """Whether some part of the text matches."""
        text = text[: MOST_STEPS // len(self._next)]
        here: set[int] = set()
        for position in range(len(text) + 1):
            reached = self._closure({*here, self._start}, text, position)
            if 0 in reached:
                return True
            here = {
                place
                for one in reached
                if (leaf := self._leaves[one]) and not self._empty[one] and leaf.match(text, position)
                for place in self._next[one]
            }
        return False

    def _closure(self, places: set[int], text: str, position: int) -> set[int]:
        """All places that can be reached without a character."""
        left = list(places)
        while left:
            one = left.pop()
            leaf = self._leaves[one]
            if leaf is not None and not (self._empty[one] and leaf.match(text, position)):
                continue
            new = [place for place in self._next[one] if place not in places]
            places.update(new)
            left += new
        return places

    # -- from the tree to places, from the end to the beginning ---------------------------------------------

    def _sequence(self, tree: Any, end: int, flags: int) -> int:
        for kind, value in reversed(list(tree)):
            end = self._piece(str(kind), kind, value, end, flags)
        return end

    def _piece(self, name: str, kind: Any, value: Any, end: int, flags: int) -> int:
        if name in _LEAVES:
            single: Any = self._parser.SubPattern(self._parser.State(), [(kind, value)])
            return self._place((end,), self._compile(single, flags), empty=name == "AT")
        if name == "BRANCH":
            return self._place(tuple(self._sequence(one, end, flags) for one in value[1]))
        if name == "SUBPATTERN":
            _, added, removed, tree = value
            return self._sequence(tree, end, (flags | added) & ~removed)
        if name in _REPEATS:
            return self._repeat(value, end, flags)
        raise PatternError(f"{name.lower().replace('_', ' ')} is not understood in a script")

    def _repeat(self, value: Any, end: int, flags: int) -> int:
        least, most, tree = int(value[0]), value[1], value[2]
        if str(most) == "MAXREPEAT":
            loop = self._place((end,))
            self._next[loop] = (self._sequence(tree, loop, flags), end)
            end = loop
        else:
            after = end
            for _ in range(min(int(most) - least, MOST_PLACES)):
                end = self._place((self._sequence(tree, end, flags), after))
        for _ in range(min(least, MOST_PLACES)):
            end = self._sequence(tree, end, flags)
        return end

    def _place(
        self, following: tuple[int, ...], leaf: re.Pattern[str] | None = None, *, empty: bool = False
    ) -> int:
        if len(self._next) >= MOST_PLACES:
            raise PatternError(f"written out it has more than {MOST_PLACES} places")
        self._leaves.append(leaf)
        self._empty.append(empty)
        self._next.append(following)
        return len(self._next) - 1
