"""JSON values and paths in the words of a report: short, bounded, printable."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import cast

__all__ = ["ABSENT", "json_path", "seen", "seen_member"]

#: What `seen` says where a member is missing.
ABSENT = "nothing (absent)"

_LONGEST = 60
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def seen(value: object) -> str:
    """A value and its JSON type, such as `"12" (a string)`; never longer than about a hundred characters."""
    match value:
        case None:
            return "null"
        case bool():
            return f"{str(value).lower()} (a boolean)"
        case str():
            return f"{_quoted(value)} (a string)"
        case int() | float():
            return f"{_cut(_number(value))} (a number)"
        case list():
            size = len(cast("list[object]", value))
            return f"a list of {size}" if size else "[] (an empty list)"
        case dict():
            members = _members(cast("dict[object, object]", value))
            return f"an object with {members}" if members else "{} (an empty object)"
        case _:
            return f"no JSON value ({_cut(type(value).__name__)})"


def seen_member(holder: Mapping[str, object], name: str) -> str:
    """What stands under a name: its value as `seen` says it, or `ABSENT`."""
    return seen(holder[name]) if name in holder else ABSENT


def json_path(parts: Iterable[str | int]) -> str:
    """`("choices", 0, "x-y")` is `$.choices[0]["x-y"]`."""
    return "$" + "".join(_step(part) for part in parts)


def _step(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    return f".{part}" if len(part) <= _LONGEST and _PLAIN.match(part) else f"[{_quoted(part)}]"


def _number(value: float) -> str:
    # an integer of more than 4300 digits cannot be printed by Python
    if isinstance(value, int) and abs(value) >= 10**_LONGEST:
        return "an integer of more than 60 digits"
    return repr(value)


def _members(value: dict[object, object]) -> str:
    names = [_quoted(str(name)) for name, _ in zip(value, range(4), strict=False)]
    return _cut(", ".join(names) + (", …" if len(value) > len(names) else ""))


def _quoted(text: str) -> str:
    quoted = json.dumps(text[: _LONGEST + 1], ensure_ascii=False)
    # a lone surrogate is legal in a JSON escape and illegal in every encoding of a report
    printable = quoted.encode("utf-8", "backslashreplace").decode()
    if len(text) <= _LONGEST and len(printable) <= _LONGEST + 2:
        return printable
    return f'{printable[:_LONGEST]}…"'


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
