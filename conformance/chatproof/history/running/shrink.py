"""From a play that breaks a rule to the shortest one that does: by the rule's own templates, then by leaving out."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from chatproof.history.model.plan import MARK, ORDINARY, Again, Fork, Plan, Say, Together
from chatproof.history.running.findings import Found

__all__ = ["EndedError", "Finder", "Shrunk", "shrink"]

Finder = Callable[[Plan], tuple[Found, ...]]
"""Plays a plan, and says what it breaks; raises EndedError where nothing more is played."""

_REPLAYS = 3


class EndedError(Exception):
    """Nothing more is played."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shrunk:
    """The shortest plan that was found, what it breaks, and how often of three times it does (None: not tried)."""

    plan: Plan
    found: Found
    again: int | None = None

    @property
    def caption(self) -> str:
        """What is to be said of the conversation."""
        if self.again is None:
            return "a conversation that was not played again"
        if self.again == _REPLAYS:
            return f"shortest conversation, {self.again} of {_REPLAYS}"
        return f"a conversation that breaks it at times ({self.again} of {_REPLAYS})"


def shrink(
    found: Found, plan: Plan, finder: Finder, templates: Iterable[Plan] = (), *, plays: int = 60
) -> Shrunk:
    """Shorten a plan as far as the same rule is broken in the same way, within so many plays."""
    best, shown = plan[: found.step + 1], found
    played: dict[Plan, Found | None] = {}

    def fails(candidate: Plan) -> Found | None:
        nonlocal plays
        if candidate not in played:
            if plays <= 0:
                return None
            plays -= 1
            same = (one for one in finder(candidate) if one.signature == found.signature)
            played[candidate] = next(same, None)
        return played[candidate]

    with suppress(EndedError):
        for template in templates:
            if _size(template) < _size(best) and (seen := fails(template)) is not None:
                best, shown = template[: seen.step + 1], seen
                break
        shorter = True
        while shorter:
            shorter = False
            for candidate in _simpler(best):
                if (seen := fails(candidate)) is not None:
                    best, shown, shorter = candidate[: seen.step + 1], seen, True
                    break
        again = 0
        for _ in range(_REPLAYS):
            seen = next((one for one in finder(best) if one.signature == found.signature), None)
            if seen is not None:
                again, shown = again + 1, seen
        return Shrunk(plan=best, found=shown, again=again)
    return Shrunk(plan=best, found=shown)


def _size(plan: Plan) -> int:
    return sum(2 if isinstance(move, Together) else 1 for move in plan)


def _simpler(plan: Plan) -> Iterator[Plan]:
    """Plans with less in them, the boldest first. The last move stays: it is the one that shows the fault."""
    last = len(plan) - 1
    half = last // 2
    if half > 1:
        yield plan[half:]
        yield (*plan[:half], plan[-1])
    for at in range(last):
        yield (*plan[:at], *plan[at + 1 :])
    for at, move in enumerate(plan):
        for simpler in _simpler_moves(move):
            yield (*plan[:at], simpler, *plan[at + 1 :])


def _simpler_moves(move: object) -> Iterator[Say | Again | Fork]:
    if isinstance(move, Together):
        yield move.first
        yield move.second
    if isinstance(move, Say | Again):
        if len(move.answers) > 1:
            yield replace(move, answers=move.answers[-1:])
            yield replace(move, answers=move.answers[:1])
        if any(not answer.is_ordinary for answer in move.answers):
            yield replace(move, answers=(ORDINARY,))
        for at, answer in enumerate(move.answers):
            if answer.is_ordinary and answer.text != MARK:
                yield replace(move, answers=(*move.answers[:at], ORDINARY, *move.answers[at + 1 :]))
    if isinstance(move, Say) and move.text != MARK:
        yield replace(move, text=MARK)
        halves = move.text.partition(MARK)
        yield from (
            replace(move, text=text) for text in (halves[0] + MARK, MARK + halves[2]) if text != move.text
        )
    if isinstance(move, Fork) and move.at > 1:
        yield replace(move, at=1)
