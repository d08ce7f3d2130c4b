"""Legs for clients that store their conversations."""

from collections.abc import Iterator

from chatproof.history.model.plan import MARK, Answer, Plan, Restart, Say, Spoil, Spoilage, Tear, Together
from chatproof.history.model.policy import Policy, Unit
from chatproof.history.running.tour.leg import FILLING, MOST_OUTGROWN, Leg, both_sides, given, ids, says
from chatproof.history.running.tour.traps import STORED, TEXTS

__all__ = ["for_caps", "for_stores"]


def for_stores(policy: Policy) -> Iterator[Leg]:
    restart, kill = ids("restart"), ids("restart", "kill")
    round_trip = ids("persist.round-trip")
    traps = tuple(both_sides(TEXTS[name]) for name in STORED)
    yield Leg(name="stored", plan=says(2), provokes=ids("persist.private"))
    yield Leg(
        name="restart",
        plan=(*says(2), Restart(), Say(), Restart(), Restart(), Say()),
        provokes=round_trip | {"accumulate.system-survives"},
        needs=restart,
    )
    yield Leg(
        name="restart-texts",
        plan=(*traps, Say(text=TEXTS["long"]), Restart(), Say()),
        provokes=round_trip,
        needs=restart,
    )
    failed = (Say(), given("http-500"), Restart(), *says(2))
    yield Leg(name="restart-failed", plan=failed, provokes=round_trip, needs=restart)
    yield Leg(
        name="kill",
        plan=(*says(2), Restart(killed=True), Say(), Restart(killed=True), Say()),
        provokes=ids("persist.atomic"),
        needs=kill,
    )
    # answered by the fake: an endpoint with little room would refuse so long a text, and nothing would be stored
    written = Say(text=f"{MARK} {FILLING}", answers=(Answer(text=f"{MARK}, and no more"),))
    yield Leg(
        name="tear",
        plan=(written, written, written, Tear(), *says(2), Tear(), Say()),
        provokes=ids("persist.atomic"),
        needs=kill | {"tear"},
    )
    for how in (Spoilage.TRUNCATED, Spoilage.EMPTY, Spoilage.BINARY, Spoilage.SCHEMA):
        yield Leg(
            name=f"spoil-{how}",
            plan=(written, written, written, Spoil(how=how), *says(2)),
            provokes=ids("persist.corrupt"),
            needs=restart,
        )
    yield Leg(
        name="spoil-unwritable",
        plan=(Say(), Spoil(how=Spoilage.UNWRITABLE), *says(2)),
        provokes=ids("persist.read-only"),
        needs=ids("spoil"),
    )
    yield Leg(
        name="older",
        plan=(*says(2), Spoil(how=Spoilage.OLDER), Say()),
        provokes=ids("persist.migrates"),
        needs=ids("older"),
    )
    concurrent = ids("persist.concurrent")
    at_once = Together(first=Say(), second=Say())
    yield Leg(
        name="recorded-at-once",
        plan=(Say(), at_once, Restart(), *says(2)),
        provokes=concurrent,
        needs=restart | {"together"},
    )
    if policy.many:
        both = Together(first=Say(), second=Say(to="b"))
        plan: Plan = (Say(), Say(to="b"), both, both, Restart(), Say(), Say(to="b"))
        yield Leg(
            name="recorded-in-two",
            plan=plan,
            provokes=concurrent,
            needs=restart | {"conversation", "together"},
        )


def for_caps(policy: Policy) -> Iterator[Leg]:
    """A store that grows beyond its cap, where anybody waits for that."""
    cap = policy.cap
    if cap is None or cap.unit is Unit.TOKENS:
        return
    filled = both_sides(f"{MARK} {'stored ' * max(10_000 // max(cap.rounds, 1), 20)}")
    # half as many again: what grows without an end is told from what keeps its size
    rounds = cap.rounds * 3 // 2 + 3 if cap.rounds <= MOST_OUTGROWN else 2
    yield Leg(
        name="cap",
        plan=(*((filled,) * rounds), Say()),
        provokes=ids(
            "truncate.most-recent",
            "truncate.starts-with-user",
            "truncate.stored-cap",
            "truncate.system-kept",
            "truncate.unbounded-growth",
        ),
    )
