"""What is to be told of a broken rule, as data: what was said, what was answered, and the request that broke it."""

from collections.abc import Iterator, Sequence
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
from chatproof.report.story import Excerpt, Row, Sent, Story, Turn, called, folded

__all__ = ["told"]

_ROLE = 200
"""Characters of a role: those that there are have nine at most."""

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


def told(shrunk: Shrunk, breaks: str) -> Story:
    """The conversation up to the breach, and the request that broke the rule; `breaks` is the rule's."""
    found = shrunk.found
    steps = found.play.steps[: found.step + 1]
    turns = [
        turn
        for number, step in enumerate(steps)
        for turn in _step(step, last=number == found.step, found=found)
    ]
    breach = found.breach
    return Story(
        what=_what(found),
        breaks=breaks,
        caption=f"{shrunk.caption}, {found.play.policy}",
        turns=folded(turns, lambda count: Turn(left_out=count)),
        expected=Excerpt.of(breach.expected) if breach and breach.expected else None,
        seen=Excerpt.of(breach.seen) if breach and breach.seen else None,
        request=_request(found),
    )


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


def _step(step: Step, *, last: bool, found: Found) -> Iterator[Turn]:
    move = step.move
    match move:
        case Say() | Again() | Together() | Tear():
            for ask in step.asks:
                yield _ask(move, ask, many=len({ask.to for ask in step.asks}) > 1)
            # of the last request, where its messages are the matter, the answer is of no interest
            until = found.judged.exchange.number if last and found.judged and found.deviation else None
            answers = (one.answer for one in step.exchanges if until is None or one.number < until)
            yield from map(_answer, answers)
            if not last or (found.breach is not None and not found.breach.seen):
                yield from _endings(step)
            if isinstance(move, Tear) and not last:
                yield Turn(
                    who="then", remark="the client, killed within a write of its files, is started again"
                )
        case _:
            yield Turn(who="then", remark=_moved(move))


def _ask(move: Move, ask: Ask, *, many: bool) -> Turn:
    if isinstance(move, Again):
        return Turn(who="you", remark="asks for the last reply again")
    return Turn(
        who="you",
        text=Excerpt.of(ask.said),
        where=ask.to if many or ask.to != "a" else "",
        streamed=isinstance(move, Say) and move.streamed,
    )


def _endings(step: Step) -> Iterator[Turn]:
    for ask in step.asks:
        match ask.ending:
            case Raised(error=error):
                yield Turn(who="client", remark="raised", text=Excerpt.of(error))
            case Hung(seconds=seconds):
                yield Turn(who="client", remark=f"did not come back within {seconds:g} s")
            case Cancelled(pieces=pieces):
                yield Turn(who="client", remark=f"was cancelled after {pieces} pieces")
            case Returned(text=None, shown=""):
                yield Turn(who="client", remark="gave nothing back")
            case Printed(text=text) | Displayed(text=text) if not text.strip():
                yield Turn(who="client", remark="printed nothing")
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


def _answer(answer: Answer) -> Turn:
    calls = called([(call.tool, call.arguments) for call in answer.calls])
    if answer.name == "text":
        return Turn(who="endpoint", text=Excerpt.of(answer.text), calls=calls)
    return Turn(who="endpoint", remark=f"an answer {ANSWERS[answer.name].outcome}", calls=calls)


def _request(found: Found) -> Sent | None:
    if found.judged is None:
        return None
    exchanges = found.play.steps[found.step].exchanges
    numbers = [one.number for one in exchanges]
    rows = list(_rows(found.judged.exchange.messages, found.judged.deviations))
    return Sent(
        step=found.step + 1,
        place=numbers.index(found.judged.exchange.number) + 1 if len(numbers) > 1 else 1,
        of=max(1, len(numbers)),
        rows=folded(rows, lambda count: Row(left_out=count), [at for at, row in enumerate(rows) if row.mark]),
        compared=bool(found.judged.deviations),
    )


def _rows(sent: Sequence[Message], deviations: Sequence[Deviation]) -> Iterator[Row]:
    missing = [one for one in deviations if one.kind is Difference.MISSING and one.expected is not None]
    by_place = {one.at: one for one in deviations if one.at is not None}
    for at, message in enumerate(sent):
        yield from (_missing(one) for one in missing if at - 1 < one.place < at)
        yield from _sent(message, by_place.get(at))
    yield from (_missing(one) for one in missing if one.place > len(sent) - 1)


def _missing(deviation: Deviation) -> Row:
    return _row(deviation.expected or Message(role=""), mark="missing", note=_note(deviation))


def _sent(message: Message, deviation: Deviation | None) -> Iterator[Row]:
    if deviation is None:
        yield _row(message)
        return
    expected = deviation.expected
    if deviation.kind is Difference.ALTERED and expected is not None:
        same = _alike(message.text, expected.text)
        yield _row(expected, mark="expected", differs=same)
        note = f"differs after {same:,} characters" if same else ""
        yield _row(message, mark="altered", note=note, differs=same)
        return
    yield _row(message, mark=deviation.kind.value, note=_note(deviation))


def _row(message: Message, *, mark: str = "", note: str = "", differs: int = 0) -> Row:
    plain = not message.odd and (message.text or not message.calls)
    return Row(
        mark=mark,
        role=message.role[:_ROLE],
        text=Excerpt.of(message.text, differs) if plain else None,
        odd=message.odd,
        calls=called([(call.name, call.arguments or "") for call in message.calls]),
        note=note,
        differs=differs,
    )


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
    return note


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
