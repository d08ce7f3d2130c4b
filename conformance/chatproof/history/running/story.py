"""A broken rule, told: what was said, what was answered, and the request beside what it should have been."""

from collections.abc import Iterator
from itertools import takewhile

from chatproof.history.model.log import Message
from chatproof.history.model.messages import Marked, compared
from chatproof.history.model.play import Play
from chatproof.history.running.search import Found

__all__ = ["line", "shown", "story"]

_TEXT = 60
"""Characters of a text in one line."""

_LINES = 24
"""Lines of a conversation, or of a request, that anyone reads."""


def story(found: Found) -> str:
    """The conversation up to the violation, and the request that broke the rule."""
    play, violation = found.play, found.violation
    lines = [violation.message, f"{found.caption}, {play.policy}"]
    lines += [f"    {text}" for text in _bounded(list(_conversation(play, violation.ask)))]
    if violation.request is not None:
        ask = play.asks[violation.ask]
        which = "the request" if len(ask.sent) == 1 else f"request {violation.request + 1} of {len(ask.sent)}"
        lines.append(f"{which} in round {violation.ask + 1}   (+ sent, - expected and not sent)")
        marked = list(compared(play.expected(violation.ask), ask.sent[violation.request]))
        lines += [f"    {text}" for text in _bounded(list(_request(marked, play, violation.ask)))]
    return "\n".join(text.rstrip() for text in lines)


def line(messages: tuple[Message, ...]) -> str:
    """Messages in one line, for the result document."""
    return " · ".join(f"{message.role} {message.odd or shown(message.text)}" for message in messages)


def shown(text: str, around: int = 0) -> str:
    """A text in one line: as it is where it is plain, else with everything escaped that cannot be told apart.

    Of a long one the part around that character.
    """
    part = text
    if len(text) > _TEXT:
        start = max(0, min(around - _TEXT // 2, len(text) - _TEXT))
        part = text[start : start + _TEXT]
    plain = part.isascii() and part.isprintable() and part == part.strip() and part != ""
    quoted = part if plain else ascii(part)
    return quoted if part == text else f"…{quoted}… ({len(text):,} characters)"


def _conversation(play: Play, until: int) -> Iterator[str]:
    for ask in play.asks[:until]:
        yield f"you        {shown(ask.round.said)}"
        yield f"endpoint   {ask.round.answer}"
    yield f"you        {shown(play.asks[until].round.said)}"


def _request(marked: list[Marked], play: Play, at: int) -> Iterator[str]:
    for number, (mark, message) in enumerate(marked):
        other = _counterpart(number, marked)
        differs = _alike(message.text, other.text) if other else 0
        text = f"{mark} {message.role:<10} {message.odd or shown(message.text, differs)}"
        note = (
            f"differs after {differs:,} characters"
            if mark == "+" and differs
            else _note(mark, message, play, at)
        )
        yield f"{text:<40} ← {note}" if note else text


def _counterpart(number: int, marked: list[Marked]) -> Message | None:
    """The other half of a replaced message."""
    mark, message = marked[number]
    beside = {"+": number - 1, "-": number + 1}.get(mark, -1)
    if not 0 <= beside < len(marked):
        return None
    its, other = marked[beside]
    return other if {mark, its} == {"+", "-"} and other.role == message.role else None


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _note(mark: str, message: Message, play: Play, at: int) -> str:
    if mark == "+":
        for number, past in enumerate(play.before(at), start=1):
            if not past.answer.is_ordinary and message.text == past.said:
                return f"said in round {number}, {past.answer.clause}"
        return "outside the window" if message in play.recorded(at) and play.policy.window else ""
    return "the system prompt" if mark == "-" and message.role == "system" else ""


def _bounded(lines: list[str]) -> list[str]:
    """The first and the last lines of many."""
    if len(lines) <= _LINES:
        return lines
    half = _LINES // 2
    return [*lines[:half], f"… {len(lines) - 2 * half} lines", *lines[-half:]]
