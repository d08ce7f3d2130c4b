"""The tour for clients of which an ask costs seconds: the same triggers, with some two thirds of the asks.

Conversations are joined where one trigger leaves the next as it is. Failures follow one another, for the next request
shows what became of a round whatever it is answered itself. Mistakes hide behind one another sooner than they do in the
whole tour.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import zip_longest

from chatproof.history.model.plan import MARK, Answer, Move, Plan, Restart, Say, Spoil, Widen
from chatproof.history.model.policy import Policy, Unit, Window
from chatproof.history.rules.registry import Can
from chatproof.history.running.sayable import sayable
from chatproof.history.running.tour.leg import MOST_OUTGROWN, MOST_ROUNDS, Leg, both_sides, given, ids, says
from chatproof.history.running.tour.traps import LONG_REPLY, LONGEST, TEMPLATES, TEXTS

__all__ = ["abridged"]

_CLEAN_AFTER = 4
"""Failures in a row, before an ordinary ask."""

_LONG_TEXTS = ids("accumulate.reply-verbatim", "accumulate.verbatim", "answer.returned", "persist.round-trip")

_JOINED: Mapping[str, tuple[str, ...]] = {
    "history": (
        "basic",
        "long",
        "window",
        "cap",
        "stored",
        "restart",
        "restart-texts",
        "restart-failed",
        "kill",
    ),
    "widen": ("widen", "widen-from-zero"),
    "recorded-at-once": ("twice-at-once", "recorded-at-once"),
    "recorded-in-two": ("at-once", "recorded-in-two"),
    "clear-restart": ("clear", "clear-restart"),
}
"""What one conversation stands for."""

_CHAINED = ("bodies", "statuses", "broken-bodies", "streams")


def abridged(legs: tuple[Leg, ...], policy: Policy, can: Can) -> tuple[Leg, ...]:
    """The legs of a whole tour, abridged. Those that take longest come first."""
    found = {leg.name: leg for leg in legs}
    plans: Mapping[str, Callable[[], Plan]] = {
        "history": lambda: _history(policy, can),
        "widen": _widened,
    }
    short: list[Leg] = []
    for name, others in _JOINED.items():
        joined = [found.pop(one) for one in others if one in found]
        if not joined:
            continue
        plan = plans[name]() if name in plans else joined[-1].plan
        provokes = frozenset[str]().union(*(leg.provokes for leg in joined))
        short.append(Leg(name=name, plan=sayable(plan, can), provokes=provokes))
        if name == "history":
            short.append(
                Leg(name="long-texts", plan=sayable(_long(can), can), provokes=provokes & _LONG_TEXTS)
            )
    if "sse" not in can and "streams" in found:
        # what is about streams alone says so after one ask
        found["streams"] = replace(found["streams"], plan=found["streams"].plan[:2])
    short += [_abridged(leg) for leg in found.values()]
    return tuple(sorted((leg for leg in short if leg.provokes), key=lambda leg: -leg.asks))


def _abridged(leg: Leg) -> Leg:
    if leg.name in _CHAINED:
        return replace(leg, plan=tuple(_chained(leg.plan)))
    if any(isinstance(move, Spoil) for move in leg.plan):
        return replace(leg, plan=_spoiled(leg.plan))
    return leg


def _history(policy: Policy, can: Can) -> Plan:
    texts = sorted((*TEXTS.values(), *TEMPLATES.values()), key=len)[:-LONGEST]
    traps = [both_sides(text) for text in texts]
    filling = both_sides(f"{MARK} {'stored ' * 200}")
    fill = [filling] * max(_rounds(policy) - len(traps), 2)
    # of texts of both kinds, in turn, every half of the conversation is about as long as the other
    mixed = (move for pair in zip_longest(traps, fill) for move in pair if move is not None)
    killed, restart = _restarts(can)
    failed = (given("empty-choices"), Say(), given("http-500"))
    return (*mixed, *killed, Say(), *restart, *failed, *restart, *says(2))


def _rounds(policy: Policy) -> int:
    """So many outgrow a cap by half, a window by some, or the caps that are not declared."""
    cap, window = policy.cap, policy.window
    if cap is not None and cap.unit is not Unit.TOKENS:
        return cap.rounds * 3 // 2 + 3 if cap.rounds <= MOST_OUTGROWN else 2
    if isinstance(window, Window) and window.unit is not Unit.TOKENS:
        return window.rounds + 3 if window.rounds <= MOST_OUTGROWN else 2
    return MOST_ROUNDS


def _long(can: Can) -> Plan:
    long = sorted(TEXTS.values(), key=len)[-LONGEST:]
    _, restart = _restarts(can)
    return (Say(answers=(Answer(text=LONG_REPLY),)), *(Say(text=text) for text in long), *restart, Say())


def _restarts(can: Can) -> tuple[Plan, Plan]:
    """One that kills, where that can be, and one that does not."""
    restart: Plan = (Restart(),) if "restart" in can else ()
    return ((Restart(killed=True),) if "kill" in can else restart), restart


def _widened() -> Plan:
    narrow = (Widen(n=2), Say(), Widen(n=6), *says(2))
    return (Widen(n=0), *says(3), Widen(n=20), *says(2), *narrow)


def _chained(plan: Plan) -> Iterator[Move]:
    """The failures of a plan, one after the other, with an ordinary ask after some, and after the last."""
    failures = [
        move for move in plan if isinstance(move, Say) and not all(one.is_ordinary for one in move.answers)
    ]
    for number, move in enumerate(failures, 1):
        yield move
        if number % _CLEAN_AFTER == 0 or number == len(failures):
            yield Say()


def _spoiled(plan: Plan) -> Plan:
    """One ask before the files are spoiled stores as much as three."""
    at = next(at for at, move in enumerate(plan) if isinstance(move, Spoil))
    return plan[max(at - 1, 0) :]
