"""JSON text from strangers to values, and values back to bytes; no input makes either crash."""

import hashlib
import json
import re
from collections import Counter
from typing import Any

JsonValue = str | int | float | bool | None | list["JsonValue"] | dict[str, "JsonValue"]
JsonObject = dict[str, JsonValue]

#: Deeper bodies are refused: walks over a value may then recurse without fear of the stack.
MAX_DEPTH = 100
#: Longer numbers are refused: they would not fit a float, and turning them to text is quadratic.
MAX_DIGITS = 300

# `json.dumps` would make an encoder a call, a fifth of what a chunk of a stream costs
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_SORTED = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)

_LONE = re.compile(r"[\ud800-\udfff]")
_ESCAPED = re.compile(r"\\u[dD][89a-fA-F]")
# a string that never ends is taken to the end, or a body of quotes would cost its square
_STRING_OR_OTHER = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[^"\[\]{}]++', re.DOTALL)
_ROUND = str.maketrans("[]{}", "()()")


class JsonError(ValueError):
    """The bytes are no JSON that a server would take."""


def clean(text: str) -> str:
    """The text with lone surrogates, which UTF-8 cannot carry, replaced by U+FFFD."""
    return text if text.isascii() else _LONE.sub("\ufffd", text)


def parse(data: bytes) -> JsonValue:
    """The value in a request body; `JsonError` for everything else.

    Refused besides broken JSON: bytes that are not UTF-8, NaN and Infinity, numbers past `MAX_DIGITS`, and
    nesting past `MAX_DEPTH`. A lone surrogate in a string becomes U+FFFD.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise JsonError("not UTF-8") from error
    if _too_deep(text):
        raise JsonError("nested too deeply, or with a bracket that has no other")
    value = _load(text)
    if _ESCAPED.search(text):
        value = _load(clean(json.dumps(value, ensure_ascii=False)))
    return value


class RepeatedNames(dict[str, JsonValue]):
    """An object in which some names come more than once; the last of each is kept."""

    def __init__(self, pairs: list[tuple[str, JsonValue]]) -> None:
        super().__init__(pairs)
        self.names = tuple(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)


def parse_first(data: bytes) -> JsonValue:
    """The first value in the bytes, whatever comes after it; `JsonError` as `parse` has it, and for lone surrogates.

    An object with a name that comes twice is of `RepeatedNames`; a negative zero is no integer.
    """
    text = data.decode("utf-8", "surrogateescape")
    start = len(text) - len(text.lstrip(" \t\r\n"))
    try:
        value, end = _FIRST.raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        raise JsonError(str(error)) from error
    read = text[start:end]
    if _too_deep(read):
        raise JsonError("nested too deeply")
    if _LONE.search(read) or (_ESCAPED.search(read) and _LONE.search(json.dumps(value, ensure_ascii=False))):
        raise JsonError("not UTF-8")
    return value  # type: ignore[no-any-return]


def _load(text: str) -> JsonValue:
    try:
        value: JsonValue = json.loads(
            text, parse_constant=_constant, parse_float=_decimal, parse_int=_integer
        )
    except (ValueError, RecursionError) as error:
        raise JsonError(str(error)) from error
    return value


def _object(pairs: list[tuple[str, JsonValue]]) -> JsonObject:
    found = dict(pairs)
    return found if len(found) == len(pairs) else RepeatedNames(pairs)


def _constant(name: str) -> Any:
    raise JsonError(f"{name} is no JSON")


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise JsonError("a number with too many digits")
    return int(digits)


def _decimal(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise JsonError("a number out of range")
    return number


_FIRST = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_constant=_constant,
    parse_float=_decimal,
    parse_int=lambda digits: -0.0 if digits == "-0" else _integer(digits),
)


def _too_deep(text: str) -> bool:
    """Whether brackets nest past `MAX_DEPTH`, strings left out: each round takes the innermost pairs away."""
    brackets = _STRING_OR_OTHER.sub("", text).translate(_ROUND)
    for _ in range(MAX_DEPTH):
        if not brackets:
            return False
        brackets = brackets.replace("()", "")
    return bool(brackets)


def dump(value: object) -> str:
    """Compact JSON text; members stay in their order."""
    return _COMPACT.encode(value)


def canonical(value: object) -> str:
    """One text for equal values, whatever the order of their members."""
    return _SORTED.encode(value)


def encode(text: str) -> bytes:
    """UTF-8 bytes of any text."""
    return clean(text).encode("utf-8")


def digest(*texts: str) -> str:
    """64 hexadecimal digits that depend on the texts and on where one ends and the next begins."""
    return hashlib.sha256(encode("\0".join(f"{len(text)}:{text}" for text in texts))).hexdigest()


def picked(value: JsonValue, *names: str) -> list[JsonValue]:
    """The objects of a list, each with these members in this order."""
    return [{name: one[name] for name in names} for one in entries(value) if isinstance(one, dict)]


def entries(value: JsonValue) -> list[JsonValue]:
    """Those of a list; anything else has none."""
    return value if isinstance(value, list) else []


def json_type(value: object) -> str:
    """The type of a JSON value with its article, in the words of OpenAI's error messages."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    names: tuple[tuple[type, str], ...] = (
        (int, "an integer"),
        (float, "a decimal number"),
        (str, "a string"),
        (list, "an array"),
    )
    return next((name for kind, name in names if isinstance(value, kind)), "an object")
