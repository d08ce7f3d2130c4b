"""The arguments of a call as JSON text: what they are where they are no object's text, and where a text is over.

A model may write what is no JSON, so that is a should. No model writes two texts in a row or a text within a text: they
come of a server that sends again what it has sent, or encodes what is encoded.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from chatschema.core.describe import seen
from chatschema.core.json_text import objects, too_many_in
from chatschema.core.violation import JsonObject, JsonValue, Level, Violation
from chatschema.judging.violation_kind import ViolationKind

__all__ = ["BEYOND", "TWO", "ArgumentsEnd", "fault_of", "faults"]

_RULE = "chat.tools.arguments"
_ONE = "the JSON text of one object"
TWO = ViolationKind(_RULE, "The arguments are two JSON texts in a row.", _ONE)
BEYOND = ViolationKind(
    _RULE, "A fragment goes on after the arguments were a whole JSON text.", "nothing more"
)
_CODED = ViolationKind(_RULE, "The arguments are a JSON string that holds JSON: encoded twice.", _ONE)
_NO_OBJECT = ViolationKind(_RULE, "The arguments are JSON, and no object.", _ONE, Level.SHOULD)
_NO_JSON = ViolationKind(_RULE, "The arguments are no JSON.", _ONE, Level.SHOULD)

_TOO_MANY = ViolationKind(_RULE, "The arguments have more objects and lists than are read.", _ONE)

_REFERENCE = "ChatCompletionMessageToolCall"
_JSON = json.JSONDecoder()
_BLANKS = " \t\n\r"

#: A JSON path, and the text of the arguments that stands there.
_Found: TypeAlias = tuple[str, str]


def fault_of(text: str, *, cut: bool = False) -> ViolationKind | None:
    """What is wrong with the arguments of a function; `cut` where the answer was cut off, and they may be too.

    The empty text stands for no arguments with servers that have it; a client reads it as such or fails at once.
    """
    start = text.lstrip(_BLANKS)
    if not start:
        return None
    if too_many_in(start):
        return _TOO_MANY
    try:
        value, end = _JSON.raw_decode(start)
    except (ValueError, RecursionError):
        return None if cut else _NO_JSON
    rest = start[end:].lstrip(_BLANKS)
    if rest:
        return TWO if isinstance(value, dict) and rest.startswith("{") else None if cut else _NO_JSON
    if isinstance(value, str):
        return _TOO_MANY if too_many_in(value) else _CODED if _is_object(value) else _NO_OBJECT
    return None if isinstance(value, dict) else _NO_OBJECT


def faults(message: JsonObject, at: str, reason: JsonValue) -> Iterator[Violation]:
    """What is wrong with the arguments in a message that stands at `at` and ended for this reason."""
    for place, text in _texts(message, at):
        kind = fault_of(text, cut=reason == "length")
        if kind is not None:
            yield kind.violation(place, seen(text), reference=_REFERENCE)


def _texts(message: JsonObject, at: str) -> Iterator[_Found]:
    holders = [(f"{place}.function", call) for place, call in objects(message, "tool_calls", at=at)]
    for place, holder, name in (
        *((place, holder, "function") for place, holder in holders),
        (f"{at}.function_call", message, "function_call"),
    ):
        function = holder.get(name)
        text = function.get("arguments") if isinstance(function, dict) else None
        if isinstance(text, str):
            yield f"{place}.arguments", text


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


_OUTSIDE = re.compile(r'["{}\[\]]')
_INSIDE = re.compile(r'["\\]')
_DEPTH: Mapping[str, int] = {"{": 1, "[": 1, "}": -1, "]": -1}


class ArgumentsEnd:
    """Follows the text of one object through its pieces, to know where it is whole. Each character is seen once.

    It counts brackets outside strings and checks nothing else: where the text is no JSON, it says so nowhere.
    """

    __slots__ = ("_depth", "_escaped", "_in_string", "_other", "whole")

    def __init__(self) -> None:
        self.whole = False  #: the object is closed
        self._depth = 0
        self._in_string = False
        self._escaped = False  # the next piece begins with an escaped character
        self._other = False  # it does not begin as an object

    def harmless(self, piece: str) -> bool:
        """Whether nothing in the piece can come after the end; it is cheap, and may say no where nothing does."""
        if self.whole:
            return not piece
        closing = piece.find("}")
        return closing < 0 or closing == len(piece) - 1

    def feed(self, piece: str) -> str:
        """Take one more piece; what of it comes after the end, without blanks around it."""
        if self._in_string and not self._escaped and '"' not in piece and "\\" not in piece:
            return ""
        if self.whole:
            return piece.strip(_BLANKS)
        if not self._depth:
            piece = piece.lstrip(_BLANKS)
            self._other = self._other or piece[:1] not in ("{", "")
        return "" if self._other else self._scan(piece)

    def _scan(self, piece: str) -> str:
        at = 1 if self._escaped else 0
        if piece:
            self._escaped = False
        while found := (_INSIDE if self._in_string else _OUTSIDE).search(piece, at):
            mark, at = found[0], found.end()
            if mark == "\\":
                self._escaped = at == len(piece)
                at += 1
            elif mark == '"':
                self._in_string = not self._in_string
            else:
                self._depth += _DEPTH[mark]
                if self._depth <= 0:
                    self.whole, self._other = mark == "}", mark != "}"
                    return piece[at:].strip(_BLANKS) if self.whole else ""
        return ""
