"""Legs for what a client declares that its user can do: ask again, stop, stream, clear, branch, load."""

from collections.abc import Iterator
from dataclasses import replace

from chatproof.history.model.plan import MARK, Again, Answer, Clear, Fork, Load, Plan, Restart, Say
from chatproof.history.model.policy import Policy
from chatproof.history.running.tour.leg import SEVERAL, Leg, both_sides, ids, says
from chatproof.history.running.tour.traps import STORED, TEMPLATES, TEXTS

__all__ = ["for_acts"]


def for_acts(policy: Policy) -> Iterator[Leg]:
    """All of them."""
    yield from _again()
    yield from _cancelling()
    yield from _streaming()
    yield from _clearing(policy)
    yield from _trees(policy)


def _again() -> Iterator[Leg]:
    rules = ids("retry.history", "retry.replaces", "persist.no-loss")
    plans: dict[str, Plan] = {
        "again": (*says(2), Again(), Say(), Again(), Again(), Say()),
        "again-first": (Say(), Again(), Say()),
        "again-fails": (*says(2), Again(answers=(Answer(name="http-500"),)), *says(2)),
    }
    for name, plan in plans.items():
        yield Leg(name=name, plan=plan, provokes=rules, needs=ids("again"))


def _cancelling() -> Iterator[Leg]:
    long_reply = (Answer(text=f"{MARK} {SEVERAL}"),)
    yield Leg(
        name="cancel",
        plan=(Say(stop=0), Say(), Say(stop=0), *says(2), Say(stop=2, answers=long_reply), *says(2)),
        provokes=ids("isolate.cancelled", "record.recovers", "record.stream-abandoned"),
        needs=ids("cancel"),
    )
    left = Say(stop=2, streamed=True, answers=long_reply)
    yield Leg(
        name="abandon",
        plan=(Say(), left, *says(2), left, Say(streamed=True), Say()),
        provokes=ids("record.stream-abandoned"),
        needs=ids("stream"),
    )


def _streaming() -> Iterator[Leg]:
    mixed = (Say(), Say(streamed=True), Say(), Say(streamed=True), Say())
    yield Leg(
        name="stream-and-json",
        plan=mixed,
        provokes=ids("accumulate.stream-equals-json"),
        needs=ids("stream"),
    )
    traps = tuple(replace(both_sides(TEXTS[name]), streamed=True) for name in (*STORED, "json", "tabs"))
    yield Leg(
        name="streamed-texts",
        plan=(*traps, Say(streamed=True)),
        provokes=ids("accumulate.reply-verbatim", "accumulate.verbatim", "answer.returned"),
        needs=ids("stream"),
    )


def _clearing(policy: Policy) -> Iterator[Leg]:
    rules = ids("persist.clear", "accumulate.system-survives")
    yield Leg(name="clear", plan=(*says(2), Clear(), *says(2)), provokes=rules, needs=ids("clear"))
    if policy.many:
        two = (Say(), Say(to="b"), Clear(), Say(), Say(to="b"))
        yield Leg(name="clear-one", plan=two, provokes=rules, needs=ids("clear", "conversation"))
    if policy.persistent:
        stored = (*says(2), Clear(), Restart(), *says(2))
        yield Leg(name="clear-restart", plan=stored, provokes=rules, needs=ids("clear", "restart"))


def _trees(policy: Policy) -> Iterator[Leg]:
    fork = ids("fork")
    plans: dict[str, Plan] = {
        "fork": (*says(3), Fork(at=1), *says(2, to="b"), Say(), Say(to="b")),
        "fork-twice": (*says(2), Fork(at=1), Say(to="b"), Fork(at=1, new="c"), Say(to="c"), Say(to="b"), Say()),
        "fork-of-fork": (
            *says(2), Fork(at=2), Say(to="b"), Fork(at=1, to="b", new="c"), Say(to="c"), Say(to="b"), Say(),
        ),
    }  # fmt: skip
    for name, plan in plans.items():
        yield Leg(
            name=name, plan=plan, provokes=ids("tree.path", "tree.siblings", "tree.any-node"), needs=fork
        )
    if policy.persistent:
        # a branch has no name that a client would know it by afterwards
        kept = (*says(2), Fork(at=1), Say(to="b"), Say(), Restart(), Say())
        yield Leg(name="fork-restart", plan=kept, provokes=ids("tree.round-trip"), needs=fork | {"restart"})
    names = ("blanks-around", "json-message", "nfd", "emoji")
    texts = (*(TEXTS[name] for name in names), TEMPLATES["doubled-braces"], TEXTS["crlf"])
    yield Leg(
        name="load",
        plan=(Load(texts=texts), *says(2)),
        provokes=ids("tree.from-messages", "accumulate.caller-untouched"),
        needs=ids("load"),
    )
