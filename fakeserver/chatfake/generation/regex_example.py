"""A short string that a regular expression matches, made from its parse tree: nothing is ever matched, so a
pattern from a stranger can't cost more than its length.
"""

import importlib
from typing import Any

MAX_PATTERN = 1_000
MAX_TEXT = 10_000

_CLASSES = {"CATEGORY_DIGIT": "1", "CATEGORY_WORD": "a", "CATEGORY_SPACE": " "}
_OPPOSITES = {"CATEGORY_NOT_DIGIT": "a", "CATEGORY_NOT_WORD": " ", "CATEGORY_NOT_SPACE": "a"}
_PRINTABLE: list[str] = [*"a1AzZ0 _-.,:;/", *map(chr, range(33, 127))]


def regex_example(pattern: str, least: int = 0) -> str | None:
    """A text of at least that length which the pattern should match; None when it is past our means.

    Look-around, conditions and back references by name are past our means.
    """
    if len(pattern) > MAX_PATTERN:
        return None
    try:
        # the tree is private to the standard library, hence behind a name and a guard
        tree = importlib.import_module("re._parser").parse(pattern)
        for extra in (0, least):
            text = _Writer(extra).text(tree)
            if len(text) >= least:
                return text
    except Exception:  # noqa: BLE001  a pattern that can't be written out is no fault of the request
        return None
    return None


class _Writer:
    """Writes a parse tree out; open repeats are drawn out to `extra` times, the first of them only."""

    def __init__(self, extra: int) -> None:
        self._extra = extra
        self._groups: dict[int, str] = {}
        self._written = 0

    def text(self, tree: Any) -> str:
        written = "".join(self._piece(str(kind), value) for kind, value in tree)
        if len(written) > MAX_TEXT:
            raise ValueError("a text too long")
        return written

    def _piece(self, kind: str, value: Any) -> str:
        match kind:
            case "LITERAL":
                return chr(int(value))
            case "NOT_LITERAL":
                return next(char for char in _PRINTABLE if ord(char) != value)
            case "ANY":
                return "a"
            case "AT":
                return ""
            case "IN":
                return _one_of(value)
            case "BRANCH":
                return self.text(value[1][0])
            case "SUBPATTERN":
                number, _, _, tree = value
                written = self.text(tree)
                self._groups[-1 if number is None else int(number)] = written
                return written
            case "ATOMIC_GROUP":
                return self.text(value)
            case "GROUPREF":
                return self._groups[int(value)]
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                return self._repeated(*value)
            case _:
                raise ValueError(kind)

    def _repeated(self, least: int, most: Any, tree: Any) -> str:
        times = least
        if self._extra and int(most) > least:
            times, self._extra = min(int(most), max(least, self._extra)), 0
        elif least == 0 and int(most) > 0:
            times = 1
        if times > MAX_TEXT:
            raise ValueError("a text too long")
        once = self.text(tree) if times else ""
        if len(once) * times > MAX_TEXT:
            raise ValueError("a text too long")
        return once * times


def _one_of(choices: Any) -> str:
    if str(choices[0][0]) == "NEGATE":
        return next(char for char in _PRINTABLE if not any(_holds(choice, char) for choice in choices[1:]))
    kind, value = choices[0]
    if str(kind) == "LITERAL":
        return chr(int(value))
    if str(kind) == "RANGE":
        return chr(int(value[0]))
    return {**_CLASSES, **_OPPOSITES}[str(value)]


def _holds(choice: Any, char: str) -> bool:
    kind, value = str(choice[0]), choice[1]
    if kind == "LITERAL":
        return ord(char) == int(value)
    if kind == "RANGE":
        return bool(value[0] <= ord(char) <= value[1])
    held = {
        "CATEGORY_DIGIT": char.isdigit(),
        "CATEGORY_WORD": char.isalnum() or char == "_",
        "CATEGORY_SPACE": char.isspace(),
    }
    name = str(value)
    return held[name] if name in held else not held[name.replace("NOT_", "")]
