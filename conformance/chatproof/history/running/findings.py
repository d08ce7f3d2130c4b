"""What a play shows of the rules: each deviation under the rule that owns it, and what the checks say."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from chatproof.history.model.deviation import Deviation, Moment
from chatproof.history.model.oracle import Judged, follow
from chatproof.history.model.seen import Play
from chatproof.history.rules import RULES
from chatproof.history.rules.owner import owner
from chatproof.history.rules.registry import Breach

__all__ = ["ORDINARY", "Found", "found_in"]

ORDINARY = (Moment.PLAIN, Moment.RETRY, Moment.TOOL_ROUND, Moment.TOOLS_USED)
"""What an ordinary request comes after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A rule that is broken in a play: in which step, by which request, and how.

    `others` are what else it may be: the same difference read otherwise, or what had gone wrong in the play before it;
    `plain` is what it would be if the last ordinary round were to blame.
    """

    rule: str
    play: Play
    step: int
    judged: Judged | None = None
    deviation: Deviation | None = None
    breach: Breach | None = None
    others: tuple["Found", ...] = ()
    plain: tuple["Found", ...] = ()

    def may_be(self, rule: str) -> bool:
        """Whether it may be a finding of this rule."""
        return rule in self.candidates

    @property
    def candidates(self) -> frozenset[str]:
        """The rules that may be broken."""
        return frozenset({self.rule, *(other.rule for other in self.others)})

    def or_else(self, others: Iterable["Found"]) -> "Found":
        """The same, which may be one of these, too."""
        told = {other.rule: other for other in (*others, *self.others) if other.rule != self.rule}
        return replace(self, others=tuple(told.values()))

    @property
    def signature(self) -> tuple[str, str, str]:
        """What stays when the play is shortened: the rule, and the kind and cause of the deviation."""
        if self.deviation is None:
            return self.rule, "", ""
        return self.rule, self.deviation.kind, self.deviation.cause


def found_in(play: Play, rules: Collection[str], claimed: Collection[str] = ()) -> tuple[Found, ...]:
    """Every broken rule of these, the earliest first. `claimed` are all that the client claims; else it is all."""
    judged = tuple(follow(play))
    found = [*_deviations(play, judged, rules, claimed), *_breaches(play, judged, rules)]
    return tuple(sorted(found, key=lambda one: one.step))


def _deviations(
    play: Play, judged: Sequence[Judged], rules: Collection[str], claimed: Collection[str]
) -> Iterator[Found]:
    for one in judged:
        for deviation in one.deviations:
            rule = owner(deviation, claimed)
            if rule in rules:
                seen = Found(rule=rule, play=play, step=one.step, judged=one, deviation=deviation)
                others = [
                    replace(seen, rule=owner(other, claimed), deviation=other)
                    for other in deviation.read_otherwise()
                ]
                plain = [other for other in others if _blames_an_ordinary_round(deviation, other.deviation)]
                yield replace(seen, plain=tuple(plain)).or_else(
                    other for other in others if other not in plain
                )


def _blames_an_ordinary_round(deviation: Deviation, other: Deviation | None) -> bool:
    return other is not None and other.moment in ORDINARY and other.kind is deviation.kind


def _breaches(play: Play, judged: Sequence[Judged], rules: Collection[str]) -> Iterator[Found]:
    by_number = {one.exchange.number: one for one in judged}
    for rule in rules:
        check = RULES[rule].check
        for breach in check(play, judged) if check is not None else ():
            one = by_number.get(breach.exchange) if breach.exchange is not None else None
            yield Found(rule=rule, play=play, step=breach.step, judged=one, breach=breach)
