"""Whether a user is told that something is amiss with what is stored."""

from collections.abc import Iterator, Sequence

from chatproof.history.model.deviation import Cause, Presence
from chatproof.history.model.oracle import Judged
from chatproof.history.model.plan import Move, Restart, Spoil, Spoilage, Tear
from chatproof.history.model.seen import File, Play, Raised, Step
from chatproof.history.rules.registry import Breach
from chatproof.history.rules.turns import turns

__all__ = ["unwarned_of_bad_files", "unwarned_of_no_files"]

_UNREADABLE = (Spoilage.TRUNCATED, Spoilage.BINARY, Spoilage.SCHEMA)
"""What no client takes for a store in which nothing is, as an empty file may be taken."""


def unwarned_of_bad_files(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
    """Rounds are gone with a file that cannot be read, and nobody has said so."""
    for at, step in enumerate(play.steps):
        if not (_is(step.move, *_UNREADABLE) and any(not file.foreign for file in step.files.values())):
            continue  # where nothing is stored, nothing was spoiled
        shows = next((one for one in judged if one.step > at and one.ask is not None), None)
        if shows is None or not _has_lost(shows) or _is_told(play, at, shows.step):
            continue
        yield Breach(
            step=shows.step,
            exchange=shows.exchange.number,
            message="What could not be read is forgotten, and nobody is told.",
            expected="a warning beside the reply, printed, logged or by warnings.warn",
            seen="nothing was printed",
        )
        return


def _has_lost(one: Judged) -> bool:
    """Whether a reply that was once sent again is not in a request."""
    sent = {message.text for message in one.exchange.messages}
    return any(
        slot.cause is Cause.KEPT
        and slot.presence is Presence.MAY
        and slot.confirmed
        and not slot.excused
        and slot.message.role == "assistant"
        and slot.message.text not in sent
        for slot in one.expectation.slots
    )


def unwarned_of_no_files(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
    """A round that cannot be stored is answered, and nobody has said that it is not stored."""
    for at, step in enumerate(play.steps):
        if not _is(step.move, Spoilage.UNWRITABLE) or not _stores_at_once(play.steps[:at]):
            continue
        later = range(at + 1, len(play.steps))
        end = next(
            (n for n in later if isinstance(play.steps[n].move, Restart | Spoil | Tear)), len(play.steps)
        )
        answered = [
            turn for turn in turns(play, judged) if at < turn.at < end and turn.is_ordinary and turn.judged
        ]
        if answered and all(turn.text for turn in answered) and not _is_told(play, at, end):
            yield answered[-1].breach(
                "What cannot be stored is answered, and nobody is told that it is not stored.",
                expected="a warning beside the reply, printed, logged or by warnings.warn",
                seen="nothing was printed",
            )
            return


def _stores_at_once(steps: Sequence[Step]) -> bool:
    """Whether a client has written a file with everything that was said."""
    before: dict[str, File] = {}
    written: list[bool] = []
    for step in steps:
        own = {path: file for path, file in step.files.items() if not file.foreign}
        if step.asks:
            written.append(own != before)
        before = own
    return bool(written) and all(written)


def _is(move: Move, *how: Spoilage) -> bool:
    return isinstance(move, Spoil) and move.how in how


def _is_told(play: Play, first: int, last: int) -> bool:
    """Whether in these steps anything was said beside replies; where not all is heard, it may have been."""
    steps = play.steps[first : last + 1]
    raised = any(isinstance(ask.ending, Raised) for step in steps for ask in step.asks)
    return not play.heard or raised or any(step.printed.strip() for step in steps)
