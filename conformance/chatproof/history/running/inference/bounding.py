"""What bounds a request: a window or a cap, its unit and its size."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from chatproof.history.model.oracle import follow
from chatproof.history.model.plan import Plan
from chatproof.history.model.policy import UNKNOWN, Policy, SystemPrompt, Window
from chatproof.history.model.seen import Play
from chatproof.history.rules import RULES
from chatproof.history.running.inference import plays
from chatproof.history.running.inference.candidates import as_cap, bounds, weakest
from chatproof.history.running.inference.reading import Reading
from chatproof.history.running.inference.survivors import Evidence, carried

__all__ = ["Bounding"]


Sizes: TypeAlias = tuple[tuple[int, int, int], ...]
"""Of each request the number of its step, and how many messages and rounds of the history it carries."""

_SLACK = 2
"""Messages: a budget of tokens holds a round more or less, where texts are short."""


@dataclass(slots=True)
class Bounding:
    """The bounds under which a long conversation shows nothing amiss, and then other plays that tell them apart."""

    policy: Policy
    growth: Play
    can: Collection[str]
    play: Callable[[str, Plan], Play]

    def inferred(self, *, counted: bool) -> Reading:
        """The one that is left. With `counted` it is open whether the system prompt counts."""
        sizes = tuple(carried(self.growth, weakest(self.policy)))
        messages = max((size for _, size, _ in sizes), default=0)
        rounds = max((size for _, _, size in sizes), default=0)
        evidence = Evidence.of([self.growth], weakest(self.policy))
        candidates = [
            one
            for one in bounds(self.policy, messages, rounds)
            if counted or one.system is self.policy.system
        ]
        if evidence.survives(_bounded(candidates[0])):
            told = (
                f"all {rounds} rounds of the longest conversation were sent: there is none, or a larger one"
            )
            return candidates[0], {"window": told}, []
        if not messages and (carrier := _carrier(self.growth, candidates[0])):
            told = (
                f"no request carries anything of the rounds before, and yet {carrier} does: that is no window"
            )
            return candidates[0], {"window": told}, []
        left = [one for one in candidates[1:] if evidence.survives(_bounded(one))]
        if not left:
            return self._of_none(candidates, evidence, sizes)
        return self._told_apart(left, rounds, _seen(sizes, messages))

    def _told_apart(self, left: list[Policy], rounds: int, seen: str) -> Reading:
        unknown: list[str] = []
        told_apart: list[Play] = []
        if "window" in self.can:
            told_apart.append(self.play("other windows", plays.other_windows(rounds)))
        elif "fork" in self.can:
            told_apart.append(self.play("a branch", plays.inner_branch(rounds)))
        else:
            unknown.append("whether it is a window, or all that is stored (cap): both send the same")
        if told_apart:
            evidence = Evidence.of(told_apart, weakest(left[0]))
            both = [*left, *(as_cap(one) for one in left if one.system is self.policy.system)]
            apart = [one for one in both if evidence.survives(_bounded(one))]
            apart = apart or [
                one for one in self._stored(left, told_apart[0]) if evidence.survives(_bounded(one))
            ]
            left = apart or left
        units = {bound.unit for one in left if (bound := _bound(one)) is not None}
        if len(units) > 1 and rounds:
            unknown.append("whether the window counts messages or rounds: here each round has two messages")
        first = left[0]
        member = "window" if first.window is not None else "cap"
        return first, {member: seen}, unknown

    def _stored(self, left: list[Policy], play: Play) -> Iterator[Policy]:
        """A window, and what is stored besides: as much as the last request carries, with another window."""
        *_, (_, messages, rounds) = ((0, 0, 0), *carried(play, weakest(self.policy)))
        for cap in bounds(replace(self.policy, system=SystemPrompt.KEPT), messages, rounds):
            if isinstance(cap.window, Window) and cap.system is SystemPrompt.KEPT:
                yield from (replace(one, cap=cap.window) for one in left)

    def _of_none(self, candidates: list[Policy], evidence: Evidence, sizes: Sizes) -> Reading:
        """Under no bound is all as it should be: then it is the client's own, or the one with the fewest faults."""
        if not evidence.amiss and _is_steady(sizes):
            most = max(size for _, size, _ in sizes)
            told = f"at most {most} messages were sent, all of them recent and whole: no number of them fits"
            found = replace(self.policy, window=UNKNOWN)
            return found, {"window": told}, ["the size of the window, which may be one of tokens"]
        best = min(candidates, key=lambda one: evidence.count(_bounded(one)))
        return best, {"window": "none fits; with this one least is wrong"}, []


def _is_steady(sizes: Sizes) -> bool:
    """Whether a window may have made these: one ask has one, and of short rounds it holds about as many each time."""
    most = 0
    of_step: dict[int, int] = {}
    for step, size, _ in sizes:
        if of_step.setdefault(step, size) != size:
            return False
        if step < plays.FIRST_FILLED:
            if size < most - _SLACK:
                return False
            most = max(most, size)
    return True


def _carrier(play: Play, policy: Policy) -> str:
    """What carries the conversation in place of its messages; empty where nothing does."""
    check = RULES["accumulate.stateless"].check
    held = replace(play, policy=policy)
    breaches = check(held, tuple(follow(held))) if check is not None else ()
    return next((one.seen for one in breaches), "")


def _bounded(one: Policy) -> Policy:
    return replace(weakest(one), window=one.window, cap=one.cap)


def _bound(one: Policy) -> Window | None:
    return one.window if isinstance(one.window, Window) else one.cap


def _seen(sizes: Sizes, messages: int) -> str:
    full = [number for number, (_, size, _) in enumerate(sizes, 1) if size == messages]
    if not messages:
        return f"no request of {len(sizes)} carries anything of the rounds before"
    return f"requests {full[0]} to {full[-1]} carry the last {messages} messages at most"
