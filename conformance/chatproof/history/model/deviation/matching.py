"""Which slot each sent message is taken for."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from chatproof.history.model.deviation.chain import chained
from chatproof.history.model.deviation.expectation import Slot
from chatproof.history.model.deviation.kinds import Cause, Presence
from chatproof.history.model.deviation.likeness import alike, marks
from chatproof.history.model.deviation.telling import told_apart
from chatproof.history.model.message import Message

__all__ = ["Match", "Matched", "matched"]

_COMPARISONS: Final = 2_000
"""Pairs of texts that are compared for likeness in one request."""

_ORDER = {
    Presence.MUST: 0,
    Presence.SUFFIX: 0,
    Presence.TIED: 0,
    Presence.MAY: 1,
    Presence.NEVER: 2,
}


@dataclass(frozen=True, slots=True)
class Match:
    """Which slot a sent message is taken for, and whether it is just as expected."""

    at: int
    slot: int
    exact: bool


@dataclass(slots=True)
class Matched:
    """What was recognised: each slot by one message, further messages of it, and what is like nothing.

    `twice` has the place of each further message and the slot that it is of.
    """

    matches: list[Match] = field(default_factory=list[Match])
    twice: dict[int, int] = field(default_factory=dict[int, int])
    strange: list[int] = field(default_factory=list[int])


def matched(slots: Sequence[Slot], sent: Sequence[Message]) -> Matched:
    """Every sent message for the slot that it fits; else that it was made from, by its words, place or letters."""
    found = Matched()
    slots, sent = told_apart(slots, sent)
    if _walked(slots, sent, found):
        return found
    free = set(range(len(slots)))
    rest = _exact(slots, sent, free, found)
    rest = _by_words(slots, sent, free, found, rest)
    rest = _by_place(slots, sent, free, found, rest)
    found.strange = _by_letters(slots, sent, free, found, rest)
    found.matches.sort(key=lambda match: match.at)
    return found


def _walked(slots: Sequence[Slot], sent: Sequence[Message], found: Matched) -> bool:
    """The quick way for what is just as expected: slots and messages side by side.

    From the end, for where a text was said twice, it is the older one that a window leaves out.
    """
    at = len(sent) - 1
    matches: list[Match] = []
    for number in range(len(slots) - 1, -1, -1):
        slot = slots[number]
        if slot.presence is Presence.NEVER:
            continue
        if at >= 0 and slot.takes(sent[at]):
            if slot.opens and sent[at] != slot.message and _is_there(sent[at], slots):
                return False  # what could be the beginning of one is another, whole
            matches.append(Match(at, number, exact=True))
            at -= 1
        elif slot.presence is Presence.MUST:
            return False
    if at < 0:
        found.matches += reversed(matches)
    return at < 0


def _is_there(message: Message, slots: Sequence[Slot]) -> bool:
    return any(slot.message == message and slot.presence is not Presence.NEVER for slot in slots)


def _exact(slots: Sequence[Slot], sent: Sequence[Message], free: set[int], found: Matched) -> list[int]:
    by_form: dict[Message, list[int]] = defaultdict(list)
    by_call: dict[str, list[int]] = defaultdict(list)
    opening: list[int] = []
    for number, slot in enumerate(slots):
        for form in (slot.message, *slot.also):
            by_form[form].append(number)
        if slot.cause is Cause.RESULT:
            by_call[slot.message.result_of].append(number)
        if slot.opens or any(not call.is_sound for call in slot.message.calls):
            opening.append(number)
    fitting = [
        [number for number in dict.fromkeys((*by_form.get(message, ()), *by_call.get(message.result_of, ())))
         if slots[number].takes(message)]
        or [number for number in opening if slots[number].takes(message)]
        for message in sent
    ]  # fmt: skip
    in_order = chained(slots, fitting)
    free.difference_update(in_order.values())
    rest: list[int] = []
    cursor = len(slots)
    for at in range(len(sent) - 1, -1, -1):
        if at in in_order:
            cursor = in_order[at]
            found.matches.append(Match(at, cursor, exact=True))
            continue
        best = min(
            fitting[at],
            key=lambda number: (number not in free, _ORDER[slots[number].presence], number > cursor, -number),
            default=None,
        )
        if best is None or (best not in free and _is_nobodys(slots[best])):
            rest.append(at)
        elif best in free:
            free.discard(best)
            found.matches.append(Match(at, best, exact=True))
            cursor = best if slots[best].presence is not Presence.NEVER else cursor
        else:
            found.twice[at] = best
    return rest[::-1]


def _is_nobodys(slot: Slot) -> bool:
    """Whether it is of no round, and has no words: another message like it is one more, and no copy."""
    return slot.cause is Cause.NEVER_SAID and not marks(slot.message)


def _take(found: Matched, free: set[int], at: int, number: int) -> None:
    if number in free:
        free.discard(number)
        found.matches.append(Match(at, number, exact=False))
    else:
        found.twice[at] = number


def _by_words(
    slots: Sequence[Slot], sent: Sequence[Message], free: set[int], found: Matched, rest: Sequence[int]
) -> list[int]:
    if not rest:
        return []
    having: dict[str, list[int]] = defaultdict(list)
    for number, slot in enumerate(slots):
        for mark in marks(slot.message):
            having[mark].append(number)
    left: list[int] = []
    for at in rest:
        message = sent[at]
        numbers = {number for mark in marks(message) for number in having.get(mark, ())}
        if not numbers:
            left.append(at)
            continue
        best = min(
            numbers,
            key=lambda number: (
                not message.result_of or slots[number].message.result_of != message.result_of,
                bool(message.calls) != bool(slots[number].message.calls),
                slots[number].message.role != message.role,
                number not in free,
                _ORDER[slots[number].presence],
                -number,
            ),
        )
        _take(found, free, at, best)
    return left


def _by_place(
    slots: Sequence[Slot], sent: Sequence[Message], free: set[int], found: Matched, rest: Sequence[int]
) -> list[int]:
    """A message like nothing that stands just where one of its role is missing was made from that one."""
    if not rest:
        return []
    known = sorted(
        (match.at, match.slot) for match in found.matches if slots[match.slot].presence is not Presence.NEVER
    )
    left: list[int] = []
    gaps: dict[tuple[int, int], list[int]] = defaultdict(list)
    for at in rest:
        place = bisect_left(known, (at, -1))
        low = known[place - 1][1] if place else -1
        high = known[place][1] if place < len(known) else len(slots)
        gaps[low, high].append(at)
    for (low, high), places in gaps.items():
        missing = [
            n
            for n in range(low + 1, high)
            if n in free and slots[n].presence in (Presence.MUST, Presence.TIED)
        ]
        crowd = Counter(sent[at].role for at in places)
        for at in places:
            role = sent[at].role
            gap = (
                [number for number in missing if slots[number].message.role == role]
                if crowd[role] == 1
                else []
            )
            if len(gap) == 1:
                _take(found, free, at, gap[0])
            else:
                left.append(at)
    return left


def _by_letters(
    slots: Sequence[Slot], sent: Sequence[Message], free: set[int], found: Matched, rest: Sequence[int]
) -> list[int]:
    pairs = _pairs(slots, free, rest)
    taken: set[int] = set()
    for _, (at, number) in zip(range(_COMPARISONS), pairs, strict=False):
        if at in taken or number not in free:
            continue
        if alike(slots[number].message.text, sent[at].text):
            _take(found, free, at, number)
            taken.add(at)
    return [at for at in rest if at not in taken]


def _pairs(slots: Sequence[Slot], free: set[int], rest: Sequence[int]) -> Iterator[tuple[int, int]]:
    wanted = [n for n in sorted(free) if slots[n].presence is not Presence.NEVER]
    for at in rest:
        for number in wanted:
            yield at, number
