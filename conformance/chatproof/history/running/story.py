"""A broken rule, told: what was said, what was answered, and the request beside what it should have been."""

from collections.abc import Iterable, Iterator
from itertools import takewhile

from chatproof.history.model.answers import ANSWERS
from chatproof.history.model.deviation import Cause, Deviation, Difference
from chatproof.history.model.message import Message
from chatproof.history.model.plan import (
    Again,
    Answer,
    Clear,
    Fork,
    Load,
    Move,
    Restart,
    Say,
    Spoil,
    Tear,
    Together,
    Widen,
)
from chatproof.history.model.seen import Ask, Cancelled, Displayed, Hung, Printed, Raised, Returned, Step
from chatproof.history.running.findings import Found
from chatproof.history.running.shrink import Shrunk

__all__ = ["line", "shown", "story"]

_TEXT = 60
"""Characters of a text in one line."""

_SEEN = 200
"""The same of what a check saw, or a client raised."""

_LINES = 24
"""Lines of a conversation, or of a request, that anyone reads."""

_NOTES = {
    Cause.OUTSIDE: "outside the window",
    Cause.PRUNED: "older than what is stored",
    Cause.CLEARED: "cleared",
    Cause.REPLACED: "a reply that was asked for again",
    Cause.CONVERSATION: "of another conversation",
    Cause.BRANCH: "of another branch",
    Cause.NEVER_SAID: "never said",
    Cause.SYSTEM: "the system prompt",
}


def story(shrunk: Shrunk) -> str:
    """The conversation up to the breach, and the request that broke the rule."""
    found = shrunk.found
    play = found.play
    lines = [_what(found), f"{shrunk.caption}, {play.policy}"]
    steps = play.steps[: found.step + 1]
    told = [
        text
        for number, step in enumerate(steps)
        for text in _step(step, last=number == found.step, found=found)
    ]
    lines += [f"    {text}" for text in [*_bounded(told), *_beside(found)]]
    if found.judged is not None:
        exchanges = play.steps[found.step].exchanges
        which = "the request"
        if len(exchanges) > 1:
            place = next(
                at for at, one in enumerate(exchanges, 1) if one.number == found.judged.exchange.number
            )
            which = f"request {place} of {len(exchanges)}"
        marks = "   (+ sent, - expected and not sent)" if found.judged.deviations else ""
        lines.append(f"{which} in step {found.step + 1}{marks}")
        lines += [f"    {text}" for text in _bounded(list(_request(found)))]
    return "\n".join(text.rstrip() for text in lines)


def line(messages: Iterable[Message]) -> str:
    """Messages in one line, for the result document."""
    return " · ".join(_message(message) for message in messages)


def shown(text: str, around: int = 0, most: int = _TEXT) -> str:
    """A text in one line: as it is where it is plain, else with everything escaped that cannot be told apart.

    Of a long one the part around that character.
    """
    part = text
    if len(text) > most:
        start = max(0, min(around - most // 2, len(text) - most))
        part = text[start : start + most]
    plain = part.isascii() and part.isprintable() and part == part.strip() and part != ""
    quoted = part if plain else ascii(part)
    return quoted if part == text else f"…{quoted}… ({len(text):,} characters)"


_WORDS = {
    Difference.MISSING: "A message that should be in the request is not there",
    Difference.EXTRA: "The request carries a message that should not be there",
    Difference.TWICE: "A message is in the request twice",
    Difference.MOVED: "A message stands in another place than it should",
    Difference.ALTERED: "A message is not what it was",
    Difference.MALFORMED: "A message has a form that no endpoint takes",
}


def _what(found: Found) -> str:
    if found.breach is not None:
        return found.breach.message
    deviation = found.deviation
    if deviation is None:
        return ""
    note = _NOTES.get(deviation.cause, "")
    return f"{_WORDS[deviation.kind]}{f': {note}' if note else ''}."


def _beside(found: Found) -> Iterator[str]:
    """What a check expected, beside what it saw."""
    for title, text in (
        (("expected", found.breach.expected), ("seen", found.breach.seen)) if found.breach else ()
    ):
        if text:
            yield f"{title:<10} {shown(text, most=_SEEN)}"


def _step(step: Step, *, last: bool, found: Found) -> Iterator[str]:
    move = step.move
    match move:
        case Say() | Again() | Together() | Tear():
            for ask in step.asks:
                yield from _ask(move, ask, many=len({ask.to for ask in step.asks}) > 1)
            # of the last request, where its messages are the matter, the answer is of no interest
            until = found.judged.exchange.number if last and found.judged and found.deviation else None
            answers = (one.answer for one in step.exchanges if until is None or one.number < until)
            yield from (f"endpoint   {_answer(answer)}" for answer in answers)
            if not last or (found.breach is not None and not found.breach.seen):
                yield from _endings(step)
            if isinstance(move, Tear) and not last:
                yield "then       the client, killed within a write of its files, is started again"
        case _:
            yield f"then       {_moved(move)}"


def _ask(move: Move, ask: Ask, *, many: bool) -> Iterator[str]:
    to = f" (in {ask.to})" if many or ask.to != "a" else ""
    to += " (streamed)" if isinstance(move, Say) and move.streamed else ""
    yield (
        "you        asks for the last reply again"
        if isinstance(move, Again)
        else f"you        {shown(ask.said)}{to}"
    )


def _endings(step: Step) -> Iterator[str]:
    for ask in step.asks:
        match ask.ending:
            case Raised(error=error):
                yield f"client     raised {shown(error, most=_SEEN)}"
            case Hung(seconds=seconds):
                yield f"client     did not come back within {seconds:g} s"
            case Cancelled(pieces=pieces):
                yield f"client     was cancelled after {pieces} pieces"
            case Returned(text=None, shown=""):
                yield "client     gave nothing back"
            case Printed(text=text) | Displayed(text=text) if not text.strip():
                yield "client     printed nothing"
            case _:
                pass


def _moved(move: Move) -> str:
    match move:
        case Restart(killed=killed):
            return f"the client is {'killed and ' if killed else ''}started again"
        case Clear(to=to):
            return f"the conversation {to} is cleared"
        case Fork(at=at, to=to, new=new):
            return f"a branch {new} begins after round {at} of {to}"
        case Load(new=new, texts=texts):
            return f"the conversation {new} is made from {len(texts)} messages"
        case Widen(n=n):
            return f"the window is set to {n}"
        case Spoil(how=how):
            return f"the client's files are spoiled ({how}), and it is started again"
        case _:
            return ""


def _answer(answer: Answer) -> str:
    if answer.is_ordinary:
        return shown(answer.text)
    calls = ", ".join(f"{call.tool}({shown(call.arguments)})" for call in answer.calls)
    outcome = f"an answer {ANSWERS[answer.name].outcome}" if answer.name != "text" else shown(answer.text)
    return f"{outcome}, calls {calls}" if calls else outcome


def _request(found: Found) -> Iterator[str]:
    if found.judged is None:
        return
    sent, deviations = found.judged.exchange.messages, found.judged.deviations
    missing = [one for one in deviations if one.kind is Difference.MISSING and one.expected is not None]
    by_place = {one.at: one for one in deviations if one.at is not None}
    for at, message in enumerate(sent):
        yield from (f"- {_message(one.expected)}{_note(one)}" for one in missing if at - 1 < one.place < at)
        deviation = by_place.get(at)
        yield from _sent(message, deviation)
    yield from (f"- {_message(one.expected)}{_note(one)}" for one in missing if one.place > len(sent) - 1)


def _sent(message: Message, deviation: Deviation | None) -> Iterator[str]:
    if deviation is None:
        yield f"  {_message(message)}"
        return
    expected = deviation.expected
    if deviation.kind is Difference.ALTERED and expected is not None:
        same = _alike(message.text, expected.text)
        yield f"- {_message(expected, same)}"
        note = f"differs after {same:,} characters" if same else ""
        yield f"{f'+ {_message(message, same)}':<40}{f' ← {note}' if note else ''}"
        return
    yield f"{f'+ {_message(message)}':<40}{_note(deviation)}"


def _note(deviation: Deviation) -> str:
    match deviation.kind:
        case Difference.TWICE:
            note = "once more"
        case Difference.MOVED:
            note = "in another place"
        case _ if deviation.cause is Cause.FAILED and deviation.answer in ANSWERS:
            note = f"of a round whose answer was one {ANSWERS[deviation.answer].outcome}"
        case _:
            note = _NOTES.get(deviation.cause, "")
    return f" ← {note}" if note else ""


def _message(message: Message | None, around: int = 0) -> str:
    if message is None:
        return ""
    calls = " ".join(f"calls {call.name}({shown(call.arguments or '')})" for call in message.calls)
    text = message.odd or (shown(message.text, around) if message.text or not calls else "")
    return f"{message.role:<10} {text}{' ' if text and calls else ''}{calls}"


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _bounded(lines: list[str]) -> list[str]:
    """The first and the last lines of many."""
    if len(lines) <= _LINES:
        return lines
    half = _LINES // 2
    return [*lines[:half], f"… {len(lines) - 2 * half} lines", *lines[-half:]]
