"""Each difference once, in the order of the request, with what its place says of it."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from chatproof.history.model.deviation.deviation import Deviation
from chatproof.history.model.deviation.expectation import Expectation, Slot
from chatproof.history.model.deviation.kinds import IN_PLACE, Cause, Difference, Presence
from chatproof.history.model.deviation.matching import Match, Matched, matched
from chatproof.history.model.message import Message

__all__ = ["Explained", "explain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """The differences, and what is to be excused from then on.

    `matches` is what messages were taken for; `missing` and `moved` are numbers of slots; `twice` has the place of each
    further message and its slot; `strange` are places of what is like nothing.
    """

    deviations: tuple[Deviation, ...] = ()
    matches: tuple[Match, ...] = ()
    missing: tuple[int, ...] = ()
    moved: frozenset[int] = frozenset()
    twice: Mapping[int, int]
    strange: tuple[int, ...] = ()


def explain(expectation: Expectation, sent: Sequence[Message]) -> Explained:
    """All differences between a request and what it was to carry."""
    slots = expectation.slots
    found = matched(slots, sent)
    out_of_order, moved = _moved(slots, found.matches)
    there = {match.slot: match.at for match in found.matches}
    missing = tuple(_missing(slots, there, sent))
    told = [*_told(slots, found, moved, sent), *_lost(slots, there, missing)]
    told.sort(key=lambda item: item[0])
    return Explained(
        deviations=tuple(_placed(told, expectation, found.matches, sent)) if told else (),
        matches=tuple(found.matches),
        missing=missing,
        moved=out_of_order,
        twice=found.twice,
        strange=tuple(found.strange),
    )


class _Told(NamedTuple):
    """Where it stands, in what way it differs, what it is, its place, and what it is where it is not that."""

    place: float
    kind: Difference
    slot: Slot | None
    at: int | None = None
    unless: Cause | None = None


def _told(
    slots: Sequence[Slot], found: Matched, moved: int | None, sent: Sequence[Message]
) -> Iterator[_Told]:
    texts = {
        slots[match.slot].message: slots[match.slot] for match in found.matches if _is_in(slots[match.slot])
    }
    by_place = {match.at: match.slot for match in found.matches}
    for match in found.matches:
        slot = slots[match.slot]
        is_known = slot.message.role == "assistant" or _in_company(match, slots, by_place)
        again = texts.get(slot.message) if match.exact and not is_known else None
        if slot.presence is Presence.NEVER and again is not None:
            # the same was said twice: nobody knows which of both it is
            yield _Told(match.at, Difference.TWICE, again, match.at, slot.cause)
        elif slot.presence is Presence.NEVER:
            yield _Told(match.at, Difference.EXTRA, slot, match.at)
        elif match.slot == moved:
            yield _Told(match.at, Difference.MOVED, slot, match.at)
        elif not match.exact:
            kind = Difference.MALFORMED if sent[match.at].odd else Difference.ALTERED
            yield _Told(match.at, kind, slot, match.at)
    copies: dict[int, int] = {}
    for at, number in found.twice.items():
        copies[number] = copies.get(number, 0) + 1
        if copies[number] > slots[number].copies:
            # one more of what is not to be there at all is no other fault than the first
            kind = Difference.TWICE if slots[number].cause in IN_PLACE else Difference.EXTRA
            yield _Told(at, kind, slots[number], at)
    for at in found.strange:
        yield _Told(at, Difference.MALFORMED if sent[at].odd else Difference.EXTRA, None, at)


def _in_company(match: Match, slots: Sequence[Slot], by_place: Mapping[int, int]) -> bool:
    """Whether something else of a round with the same text that is not to be there stands beside a message."""
    beside = (slots[by_place[at]] for at in (match.at - 1, match.at + 1) if at in by_place)
    rounds = {slot.round for slot in beside if slot.presence is Presence.NEVER}
    same = slots[match.slot].message
    return bool(rounds) and any(
        slot.round in rounds and slot.presence is Presence.NEVER and slot.message == same for slot in slots
    )


def _is_in(slot: Slot) -> bool:
    return slot.presence is not Presence.NEVER and slot.cause in IN_PLACE


def _lost(slots: Sequence[Slot], there: Mapping[int, int], missing: Sequence[int]) -> Iterator[_Told]:
    order = sorted(there.items())
    for number in missing:
        place = bisect_left(order, (number, -1))
        yield _Told((order[place - 1][1] if place else -1) + 0.5, Difference.MISSING, slots[number])


def _moved(slots: Sequence[Slot], matches: Sequence[Match]) -> tuple[frozenset[int], int | None]:
    """The fewest slots whose messages would have to move for all to be in order, and the one that is told.

    One fault is one difference: of two that changed places, and of a list that is sent backwards, one is told.
    """
    ordered = [
        match.slot
        for match in matches
        if slots[match.slot].presence is not Presence.NEVER and not slots[match.slot].excused
    ]
    if all(one < other for one, other in pairwise(ordered)):
        return frozenset(), None
    kept = _increasing(ordered)
    system = next((number for number in ordered if slots[number].cause is Cause.SYSTEM), None)
    new = next((number for number in ordered if slots[number].cause is Cause.NEW), None)
    if new is not None and new in kept:
        others = _increasing([number for number in ordered if number != new])
        kept = others if len(others) == len(kept) else kept
    if system is not None and ordered[0] != system:
        kept = kept - {system}
    out = frozenset(ordered) - kept
    first = next((number for number in (system, new) if number in out), None)
    return out, first if first is not None else next(number for number in ordered if number in out)


def _increasing(numbers: Sequence[int]) -> frozenset[int]:
    """The most of the numbers that are in order; among equals the later numbers stay."""
    tails: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for place, number in enumerate(numbers):
        length = bisect_left(tails, number)
        before.append(at[length - 1] if length else -1)
        if length == len(tails):
            tails.append(number)
            at.append(place)
        else:
            tails[length], at[length] = number, place
    kept: set[int] = set()
    place = at[-1] if at else -1
    while place >= 0:
        kept.add(numbers[place])
        place = before[place]
    return frozenset(kept)


def _missing(slots: Sequence[Slot], there: Mapping[int, int], sent: Sequence[Message]) -> Iterator[int]:
    """Slots that should be in the request and are not."""
    held = [number for number in there if slots[number].in_history and not slots[number].excused]
    seen = [number for number in held if slots[number].presence is not Presence.NEVER]
    rounds = {slots[number].round for number in seen}
    oldest = min(seen, default=len(slots))
    called = {call.id for number in seen for call in sent[there[number]].calls}
    answered = {slots[number].message.result_of for number in seen if slots[number].cause is Cause.RESULT}
    followed = {slots[number].round for number in seen if slots[number].message.role != "user"}
    for number, slot in enumerate(slots):
        if number in there or slot.excused:
            continue
        match slot.presence:
            case Presence.MUST:
                lost = True
            case Presence.SUFFIX:
                lost = number > oldest or slot.round in rounds
            case Presence.TIED:
                lost = slot.round in rounds
            case Presence.MAY if not slot.in_history:
                lost = False
            case Presence.MAY:
                lost = (
                    slot.message.result_of in called
                    if slot.cause is Cause.RESULT
                    else bool({call.id for call in slot.message.calls} & answered)
                    or (slot.message.role == "user" and slot.round in followed)
                )
            case Presence.NEVER:
                lost = False
        if lost:
            yield number


def _placed(
    told: Sequence[_Told], expectation: Expectation, matches: Sequence[Match], sent: Sequence[Message]
) -> Iterator[Deviation]:
    slots = expectation.slots
    oldest = min((match.at for match in matches if slots[match.slot].in_history), default=len(sent))
    opening = next((message for message in sent if message.role != "system"), None)
    # of two rounds that were asked at once the one that began first may be the last
    newest = next((slot.round for slot in reversed(slots) if slot.in_history and _is_in(slot)), -1)
    orphan = _opens_with_orphan(sent)
    results = Counter(slot.round for slot in slots if slot.cause is Cause.RESULT)
    tools = {call.id: call.name for slot in slots for call in slot.message.calls}
    for place, kind, slot, at, unless in told:
        message = None if at is None else sent[at]
        shown = slot.message if slot is not None else message
        deviation = Deviation(
            kind=kind,
            cause=slot.cause if slot is not None else Cause.NEVER_SAID,
            role=shown.role if shown is not None else "",
            expected=None if slot is None or kind is Difference.EXTRA else slot.message,
            sent=message,
            unless=unless,
            at=at,
            place=place,
            cut=expectation.cut,
            oldest=place < oldest or at == oldest,
            opening="" if opening is None else opening.role,
            orphan=orphan,
        )
        if slot is not None:
            is_result = slot.cause is Cause.RESULT
            deviation = replace(
                deviation,
                answer=slot.answer,
                since=() if slot.left_out is None else (slot.left_out,),
                confirmed=slot.confirmed,
                newest=slot.round == newest,
                calls=len(slot.message.calls),
                siblings=results[slot.round] if is_result else 0,
                calls_of=tools.get(slot.message.result_of, "") if is_result else "",
            )
        yield deviation


def _opens_with_orphan(sent: Sequence[Message]) -> bool:
    """Whether what is left of the history after a cut begins with a part of a round with tools."""
    opening = [message for message in sent if message.role != "system"]
    if not opening:
        return False
    first, results = opening[0], {message.result_of for message in opening}
    return first.role == "tool" or bool(first.calls and not {call.id for call in first.calls} <= results)
