"""Choosing rules by an expression as in pytest's -k: parts of ids, with `and`, `or`, `not` and brackets."""

import re
from collections.abc import Iterable

from chatproof.history.rules.registry import Rule

__all__ = ["SelectionError", "selected"]

_TOKEN = re.compile(r"\s*([()]|[^\s()]+)")


class SelectionError(ValueError):
    """The expression cannot be read; the text says where."""


def selected(expression: str, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules whose id fits.

    Raises:
        SelectionError: the expression cannot be read.
    """
    return tuple(rule for rule in rules if _Reading(expression, rule.id).fits())


class _Reading:
    """One expression, read from left to right for one id."""

    def __init__(self, expression: str, id_: str) -> None:
        self._expression = expression
        self._words = _TOKEN.findall(expression)
        self._id = id_.lower()
        self._depth = 0

    def fits(self) -> bool:
        found = self._either()
        if self._words:
            raise self._error(f"{self._words[0]!r} was not expected")
        return found

    def _either(self) -> bool:
        found = self._both()
        while self._words[:1] == ["or"]:
            del self._words[0]
            found = self._both() or found
        return found

    def _both(self) -> bool:
        found = self._one()
        while self._words[:1] == ["and"]:
            del self._words[0]
            found = self._one() and found
        return found

    def _one(self) -> bool:
        negated = False
        while self._words[:1] == ["not"]:
            del self._words[0]
            negated = not negated
        if not self._words or self._words[0] in {")", "and", "or"}:
            raise self._error("a part of an id was expected")
        word = self._words.pop(0)
        return (self._bracket() if word == "(" else word.lower() in self._id) is not negated

    def _bracket(self) -> bool:
        self._depth += 1
        if self._depth > 50:
            raise self._error("too many brackets")
        found = self._either()
        if self._words[:1] != [")"]:
            raise self._error("a closing bracket was expected")
        del self._words[0]
        self._depth -= 1
        return found

    def _error(self, what: str) -> SelectionError:
        return SelectionError(f"-k {self._expression!r} cannot be read: {what}")
