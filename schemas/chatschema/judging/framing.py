"""What an event's data holds that is no JSON text: several events that nothing parts, or the field's name once more.

Servers that forget the blank line, or the line break before `data:`, are common among fixtures and proxies. The parts
are handed out, so that one message says what is wrong and the events are judged all the same.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from chatschema.core.json_text import too_many_in

__all__ = ["Misframed", "first_text", "misframed"]

_DATA = "data:"
_DONE = "[DONE]"
_START = re.compile(r"(?:[ \t\r\n]+|data:)*+")
#: Parts of one event that are looked at; nobody writes so many by mistake.
_MOST_PARTS = 10_000

_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Misframed:
    """What one event should have been."""

    message: str
    expected: str
    parts: tuple[str, ...]  #: the data of each event; the last may be no JSON


@dataclass(frozen=True, slots=True)
class _Part:
    start: int
    end: int
    named: bool  #: `data:` stands before it


def misframed(data: str, *, first: bool) -> Misframed | None:
    """What is wrong with the framing of data that is no JSON text; None where nothing can be told.

    `first`: nothing comes before the event, so that the lines of its data are the lines of the stream.
    """
    parts = [part for part, _ in zip(_parts(data), range(_MOST_PARTS), strict=False)]
    if not parts or (len(parts) == 1 and not parts[0].named):
        return None
    texts = tuple(data[part.start : part.end] for part in parts)
    if len(parts) > 1:
        before, after = data.count("\n", 0, parts[0].end), data.count("\n", 0, parts[1].start)
        if after > before:
            where = f"lines {before + 1} and {after + 1}" + ("" if first else " of its data")
            message = f"There is no blank line between two events ({where})."
            return Misframed(message=message, expected="a blank line after each event", parts=texts)
    if any(part.named for part in parts):
        message = "The field's name stands in the data: data: twice in one line."
        return Misframed(
            message=message, expected="data: once, and a blank line after each event", parts=texts
        )
    message = "Two JSON texts stand in one event."
    return Misframed(message=message, expected="one JSON text in an event", parts=texts)


def first_text(data: str) -> str:
    """The first JSON text in an event's data; all of it where none is told apart."""
    part = next(_parts(data), None)
    return data if part is None else data[part.start : part.end]


def _parts(data: str) -> Iterator[_Part]:
    """JSON texts after one another, with blanks and `data:` between them; nothing where the first is none."""
    if too_many_in(data):
        return
    at, count = 0, 0
    while True:
        at, named = _start(data, at)
        if at >= len(data):
            return
        end = _end(data, at)
        if end is None and (count == 0 or data[at] not in "{["):
            return
        yield _Part(at, len(data) if end is None else end, named)
        if end is None:
            return
        at, count = end, count + 1


def _start(data: str, at: int) -> tuple[int, bool]:
    """Where the next text begins, and whether the field's name stands before it."""
    found = _START.match(data, at)
    end = at if found is None else found.end()
    return end, _DATA in data[at:end]


def _end(data: str, at: int) -> int | None:
    if data.startswith(_DONE, at):
        return at + len(_DONE)
    if data[at] not in "{[":
        return None
    try:
        return _DECODER.raw_decode(data, at)[1]
    except (ValueError, RecursionError):
        return None
