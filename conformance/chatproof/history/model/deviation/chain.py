"""Where the same was said more than once: which of them each message is, by the order in which all stand."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Final, NamedTuple

from chatproof.history.model.deviation.expectation import Slot
from chatproof.history.model.deviation.kinds import IN_PLACE, Presence

__all__ = ["chained"]

_MOST_PAIRS: Final = 20_000
"""Pairs of a message and a slot that it fits: more there are where thousands of messages are equal."""


class _Link(NamedTuple):
    """The place of a message, its slot, what follows it, and how good all of that is."""

    score: int
    at: int
    number: int
    following: "_Link | None"


def chained(slots: Sequence[Slot], fitting: Sequence[Sequence[int]]) -> Mapping[int, int]:
    """Slots by place: the most messages that stand in the order of their slots. Of equal choices the newer slots.

    Empty where every message fits one slot and every slot one message: there is no choice then.
    """
    ordered = [[number for number in some if _has_a_place(slots[number])] for some in fitting]
    numbers = list(chain.from_iterable(ordered))
    is_clear = len(numbers) == len(set(numbers)) and all(len(some) < 2 for some in ordered)
    if is_clear or len(numbers) > _MOST_PAIRS:
        return {}
    best = _Best(len(slots))
    for at in range(len(ordered) - 1, -1, -1):
        links = [_linked(at, number, slots, best.behind(number)) for number in ordered[at]]
        for link in links:
            best.put(link)
    found: dict[int, int] = {}
    following = best.behind(-1)
    while following is not None:
        found[following.at] = following.number
        following = following.following
    return found


def _has_a_place(slot: Slot) -> bool:
    return slot.presence is not Presence.NEVER and slot.cause in IN_PLACE


def _linked(at: int, number: int, slots: Sequence[Slot], following: _Link | None) -> _Link:
    weight = 3 if slots[number].presence is Presence.MAY or slots[number].excused else 4
    size = len(slots)
    score = (following.score if following else 0) + weight * size * size + number
    return _Link(score, at, number, following)


class _Best:
    """The best chain behind each slot: a binary indexed tree from the end."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._tree: list[_Link | None] = [None] * (size + 1)

    def behind(self, number: int) -> _Link | None:
        """The best that begins with a slot after this one."""
        found: _Link | None = None
        at = self._size - 1 - number
        while at > 0:
            found = _better(found, self._tree[at])
            at -= at & -at
        return found

    def put(self, link: _Link) -> None:
        """One more."""
        at = self._size - link.number
        while at <= self._size:
            self._tree[at] = _better(self._tree[at], link)
            at += at & -at


def _better(one: _Link | None, other: _Link | None) -> _Link | None:
    if one is None or (other is not None and other.score > one.score):
        return other
    return one
