"""A broken rule, told in lines: what was said, what was answered, and the request beside what it should have been."""

from collections.abc import Iterable, Iterator

from chatproof.history.model.message import Message
from chatproof.report.story import Called, Excerpt, Row, Story, Turn

__all__ = ["line", "shown", "story"]

_TEXT = 60
"""Characters of a text in one line."""

_SEEN = 200
"""The same of what a check saw, or a client raised."""

_LINES = 24
"""Lines of a conversation, or of a request, that anyone reads."""

_SIGNS = {"": " ", "missing": "-", "expected": "-"}
"""What stands before a message of the request; `+` before what is sent and wrong."""


def story(told: Story) -> str:
    """The conversation up to the breach, and the request that broke the rule."""
    lines = [told.what, told.caption]
    turns = [text for turn in told.turns for text in _turn(turn)]
    lines += [f"    {text}" for text in _bounded([*turns, *_beside(told)])]
    if told.request is not None:
        request = told.request
        which = "the request" if request.of == 1 else f"request {request.place} of {request.of}"
        marks = "   (+ sent, - expected and not sent)" if request.compared else ""
        lines.append(f"{which} in step {request.step}{marks}")
        lines += [f"    {text}" for text in _bounded([text for row in request.rows for text in _row(row)])]
    return "\n".join(text.rstrip() for text in lines)


def line(messages: Iterable[Message]) -> str:
    """Messages in one line, for the result document."""
    return " · ".join(map(_message, messages))


def shown(text: str, around: int = 0, most: int = _TEXT, length: int | None = None) -> str:
    """A text in one line: as it is where it is plain, else with everything escaped that cannot be told apart.

    Of a long one the part around that character; `length` is that of the whole, where this is a part of it.
    """
    length = len(text) if length is None else length
    part = text
    if len(text) > most:
        start = max(0, min(around - most // 2, len(text) - most))
        part = text[start : start + most]
    plain = part.isascii() and part.isprintable() and part == part.strip() and part != ""
    quoted = part if plain else ascii(part)
    return quoted if len(part) == length else f"…{quoted}… ({length:,} characters)"


def _excerpt(excerpt: Excerpt, around: int = 0, most: int = _TEXT) -> str:
    return shown(excerpt.part, around - excerpt.begins, most, excerpt.length)


def _beside(told: Story) -> Iterator[str]:
    """What a check expected, beside what it saw."""
    for title, text in (("expected", told.expected), ("seen", told.seen)):
        if text is not None:
            yield f"{title:<10} {_excerpt(text, most=_SEEN)}"


def _turn(turn: Turn) -> list[str]:
    if turn.left_out:
        return [""] * turn.left_out
    text = "" if turn.text is None else _excerpt(turn.text, most=_SEEN if turn.who == "client" else _TEXT)
    where = f"(in {turn.where})" if turn.where else ""
    calls = ", ".join(f"{call.name}({_excerpt(call.arguments)})" for call in turn.calls)
    streamed = "(streamed)" if turn.streamed else ""
    what = " ".join(part for part in (turn.remark, text, where, streamed) if part)
    return [f"{turn.who:<10} {what}{f', calls {calls}' if calls else ''}"]


def _row(row: Row) -> list[str]:
    if row.left_out:
        return [""] * row.left_out
    sign = _SIGNS.get(row.mark, "+")
    text = row.odd or ("" if row.text is None else _excerpt(row.text, row.differs))
    what = f"{sign} {_said(row.role, text, row.calls)}"
    note = f" ← {row.note}" if row.note else ""
    return [f"{what:<40}{note}" if sign == "+" else f"{what}{note}"]


def _said(role: str, text: str, calls: Iterable[Called]) -> str:
    told = " ".join(f"calls {call.name}({_excerpt(call.arguments)})" for call in calls)
    return f"{role:<10} {text}{' ' if text and told else ''}{told}"


def _message(message: Message) -> str:
    calls = " ".join(f"calls {call.name}({shown(call.arguments or '')})" for call in message.calls)
    text = message.odd or (shown(message.text) if message.text or not calls else "")
    return f"{message.role:<10} {text}{' ' if text and calls else ''}{calls}"


def _bounded(lines: list[str]) -> list[str]:
    """The first and the last lines of many."""
    if len(lines) <= _LINES:
        return lines
    half = _LINES // 2
    return [*lines[:half], f"… {len(lines) - 2 * half} lines", *lines[-half:]]
