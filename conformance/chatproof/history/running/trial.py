"""A client on trial: the tour, the search, and then for each rule that is broken its shortest conversation."""

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Protocol

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import seed as seeded

from chatproof.history.model.endpoint import CannotBuildError, EndpointLostError
from chatproof.history.model.plan import Plan
from chatproof.history.model.policy import Policy
from chatproof.history.model.seen import Hung, Play
from chatproof.history.rules import RULES
from chatproof.history.rules.registry import Can
from chatproof.history.running.causes import after_the_first, one_cause_once
from chatproof.history.running.findings import Found, found_in
from chatproof.history.running.plans import plans
from chatproof.history.running.shrink import EndedError, Shrunk, shrink
from chatproof.history.running.tour import Leg, template, tour
from chatproof.history.running.tour.reached import NOT_REACHED

__all__ = ["BEFORE_A_MODEL", "Player", "Search", "Trial", "unclaimed", "untold"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How long to look beyond the tour: until so many random plans are played, or so many seconds are over.

    The same seed plays the same plans. `without` is what no random plan does, though the client can.
    """

    examples: int = 30
    seed: int = 0
    seconds: float = 60.0
    without: frozenset[str] = frozenset()


BEFORE_A_MODEL = frozenset({"again", "spoil"})
"""What random plans leave out before a model that gives one text to every question: by equal replies nobody can tell
what a client has kept."""


_ADVICE = (
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
    HealthCheck.filter_too_much,
    HealthCheck.large_base_example,
)
"""What hypothesis has to say to authors of tests, and a client's author can do nothing about."""


class Player(Protocol):
    """Where plans are played: a session, or what stands in for one."""

    @property
    def policy(self) -> Policy:
        """What the client declares."""
        ...

    @property
    def can(self) -> Can:
        """What the client's methods allow."""
        ...

    def expect(self, plans: Sequence[Plan]) -> None:
        """These are played next, in this order, unless something else is: they may be played ahead."""
        ...

    def play(self, plan: Plan) -> Play:
        """Play a plan with a new client."""
        ...


def untold(name: str, played: int) -> None:
    """Nobody waits for the name of a play and the number of plays until then."""
    del name, played


class _OverError(Exception):
    """The time for the search is over."""


@dataclass(slots=True)
class Trial:
    """The plays of one client, and what they show of each rule.

    `ended` says why nothing more is played: the client hung, cannot be built any more, or the user has interrupted.
    What was seen until then stands.
    """

    player: Player
    rules: Collection[str]
    search: Search = field(default_factory=Search)
    legs: Callable[[Policy, Can], tuple[Leg, ...]] = tour
    told: Callable[[str, int], None] = untold
    reached: set[str] = field(default_factory=set[str])
    played: int = 0
    ended: str = ""
    _left: list[Leg] = field(default_factory=list[Leg])
    _why: dict[str, str] = field(default_factory=dict[str, str])
    _broke_off: dict[str, str] = field(default_factory=dict[str, str])
    _found: list[tuple[Found, Plan, Leg | None]] = field(
        default_factory=list[tuple[Found, Plan, "Leg | None"]]
    )
    _shown: dict[str, Shrunk] = field(default_factory=dict[str, Shrunk])

    def tour(self) -> None:
        """Play the fixed plans that reach every trigger of the rules."""
        legs = self.legs(self.player.policy, self.player.can)
        self._left = [leg for leg in legs if not leg.provokes.isdisjoint(self.rules)]
        self.player.expect([leg.plan for leg in self._left])
        while self._left and not self.ended:
            leg = self._left[0]
            self.told(leg.name, self.played)
            self._take(leg.plan, leg)
            if not self.ended:
                del self._left[0]

    def look_on(self) -> None:
        """Play random plans, for the rules that are not broken yet."""
        if not self.search.examples or self.ended:
            return
        self._look_at(self._drawn())

    def _look_at(self, drawn: Sequence[Plan]) -> None:
        """Play these, as long as there is time and a rule to break."""
        begun = time.monotonic()
        self.player.expect(drawn)
        for plan in drawn:
            open_ = set(self.rules) - {found.rule for found, _, _ in self._found}
            if self.ended or not open_ or time.monotonic() - begun > self.search.seconds:
                break
            self.told("search", self.played)
            self._take(plan, None)
        self.player.expect(())

    def _drawn(self) -> list[Plan]:
        """The plans of the search. What comes of one is nothing to the next."""
        drawn: list[Plan] = []
        begun = time.monotonic()
        policy, can = self.player.policy, self.player.can - self.search.without

        def attempt(plan: Plan) -> None:
            if time.monotonic() - begun > self.search.seconds:
                raise _OverError
            drawn.append(plan)

        bounds = settings(
            max_examples=self.search.examples,
            phases=(Phase.generate,),
            database=None,  # nothing is written beside other people's tests
            deadline=None,
            suppress_health_check=_ADVICE,
            verbosity=Verbosity.quiet,
        )
        with suppress(_OverError):
            seeded(self.search.seed)(bounds(given(plans(policy, can))(attempt)))()
        return drawn

    def beside(self, seed: int) -> "Trial":
        """The same as far as it has come, to look on with the random plans of another seed."""
        return replace(
            self,
            search=replace(self.search, seed=seed),
            reached=set(self.reached),
            _left=list(self._left),
            _why=dict(self._why),
            _broke_off=dict(self._broke_off),
            _found=list(self._found),
            _shown={},
        )

    def _take(self, plan: Plan, leg: Leg | None) -> None:
        play = self._play(plan)
        if play is None:
            return
        if leg is not None:
            self.reached |= leg.reached_by(play)
            for rule in leg.provokes - self.reached:
                if broke_off := leg.broke_off(play):
                    self._broke_off.setdefault(rule, broke_off)
                self._why.setdefault(rule, leg.why_not(rule, play))
        self._found += [(found, plan, leg) for found in self._found_in(play, mixed=leg is None)]

    def _found_in(self, play: Play, *, mixed: bool) -> tuple[Found, ...]:
        """What a play shows of all rules that are claimed: one that is not looked at may be the one to blame."""
        reasons = unclaimed(RULES, self.player.policy, self.player.can)
        claimed = [rule for rule in RULES if rule not in reasons]
        found = found_in(play, {*claimed, *self.rules}, claimed)
        return after_the_first(found) if mixed else found

    def _play(self, plan: Plan) -> Play | None:
        """The play; None where there is no client any more, or no endpoint."""
        self.played += 1
        try:
            play = self.player.play(plan)
        except CannotBuildError as error:
            self.ended = f"after {self.played - 1} conversations there was no client any more: {error}"
            return None
        except EndpointLostError as error:
            self.ended = f"after {self.played - 1} conversations {error}"
            return None
        if any(isinstance(ask.ending, Hung) for step in play.steps for ask in step.asks):
            self.ended = "the client did not come back, and nothing more was said to it"
        return play

    @property
    def broken(self) -> tuple[str, ...]:
        """The rules that are broken, of those that are looked at, in the order of the catalogue."""
        names = {found.rule for found in self._causes[0]}.intersection(self.rules)
        return tuple(rule for rule in RULES if rule in names)

    def unplayed(self, rule: str) -> str:
        """Why a rule was not put to the test as it should have been: the plays came to no end. Empty where it was."""
        if self.ended and any(rule in leg.provokes for leg in self._left):
            return self.ended
        return "" if rule in self.reached else self._broke_off.get(rule, "")

    def why_not(self, rule: str) -> str:
        """Why a rule was not reached."""
        return self._why.get(rule, NOT_REACHED)

    @property
    def hidden(self) -> dict[str, str]:
        """Rules of which nothing can be said while another one is broken, each with that one."""
        return {rule: by for rule, by in self._causes[1].items() if rule in self.rules}

    @property
    def _causes(self) -> tuple[tuple[Found, ...], dict[str, str]]:
        sharp = [found for found, _, leg in self._found if leg is None or not leg.vague]
        kept, hidden = one_cause_once(sharp)
        if all(found.others for found in kept):  # where nothing is certain, that may say more
            return one_cause_once(found for found, _, _ in self._found)
        told = {found.rule for found in kept}
        vague = {found.rule for found, _, leg in self._found if leg is not None and leg.vague} - told
        return kept, {**dict.fromkeys(sorted(vague), kept[0].rule), **hidden}

    def shown(self, rule: str) -> Shrunk:
        """The shortest conversation that breaks a rule, which is one of the broken."""
        if rule not in self._shown:
            shows = [found for found in self._causes[0] if found.rule == rule]
            # that can be read in one way, where there is one
            first = min(shows, key=lambda found: len(found.others) > 0)
            plan, leg = next((plan, leg) for found, plan, leg in self._found if found is first)
            if self.ended:  # a client that hung would cost the whole timeout each time
                self._shown[rule] = Shrunk(plan=plan, found=first)
            else:
                self._shown[rule] = shrink(
                    first,
                    plan,
                    lambda one: self._again(one, first, mixed=leg is None),
                    template(rule, leg, first.step),
                )
        return self._shown[rule]

    def _again(self, plan: Plan, first: Found, *, mixed: bool) -> tuple[Found, ...]:
        """What another plan shows of the same rule, as clearly as it was first shown."""
        if self.ended:
            raise EndedError
        rule = first.rule
        self.told(rule, self.played)
        play = self._play(plan)
        others = {found.rule for found in self._causes[0]} - {rule}
        kept, _ = one_cause_once(self._found_in(play, mixed=mixed) if play is not None else (), others)
        return tuple(one for one in kept if one.rule == rule and (first.others or not one.others))


def unclaimed(rules: Iterable[str], policy: Policy, can: Can) -> dict[str, str]:
    """The rules that a client does not claim, with the reason."""
    reasons = ((rule, RULES[rule].unclaimed(policy, can)) for rule in rules)
    return {rule: reason for rule, reason in reasons if reason}
