"""What a play shows of the rules: each deviation under the rule that owns it, and what the checks say."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from chatproof.history.model.deviation import Deviation, Moment
from chatproof.history.model.oracle import Judged, follow
from chatproof.history.model.seen import Exchange, Play
from chatproof.history.rules import RULES
from chatproof.history.rules.owner import owner
from chatproof.history.rules.registry import Breach

__all__ = ["Found", "found_in", "one_cause_once"]

_ORDINARY = (Moment.PLAIN, Moment.TOOL_ROUND, Moment.TOOLS_USED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A rule that is broken in a play: in which step, by which request, and how."""

    rule: str
    play: Play
    step: int
    judged: Judged | None = None
    deviation: Deviation | None = None
    breach: Breach | None = None

    @property
    def signature(self) -> tuple[str, str, str]:
        """What stays when the play is shortened: the rule, and the kind and cause of the deviation."""
        if self.deviation is None:
            return self.rule, "", ""
        return self.rule, self.deviation.kind, self.deviation.cause


def found_in(play: Play, rules: Collection[str]) -> tuple[Found, ...]:
    """Every broken rule of these, the earliest first."""
    judged = tuple(follow(play))
    found = [*_deviations(play, judged, rules), *_breaches(play, judged, rules)]
    return tuple(sorted(found, key=lambda one: one.step))


def _deviations(play: Play, judged: Sequence[Judged], rules: Collection[str]) -> Iterator[Found]:
    for one in judged:
        for deviation in one.deviations:
            rule = owner(deviation)
            if rule in rules:
                yield Found(rule=rule, play=play, step=one.step, judged=one, deviation=deviation)


def _breaches(play: Play, judged: Sequence[Judged], rules: Collection[str]) -> Iterator[Found]:
    by_number = {one.exchange.number: one for one in judged}
    for rule in rules:
        check = RULES[rule].check
        for breach in check(play, judged) if check is not None else ():
            one = by_number.get(breach.exchange) if breach.exchange is not None else None
            yield Found(rule=rule, play=play, step=breach.step, judged=one, breach=breach)


def one_cause_once(found: Iterable[Found]) -> tuple[Found, ...]:
    """The same without what is only seen again in another place.

    What goes wrong in ordinary rounds goes wrong after a failure or a restart too, and is no finding about those.
    """
    all_found = tuple(found)
    ordinary = {
        _seen(one.deviation) for one in all_found if one.deviation is not None and _is_ordinary(one.deviation)
    }
    return tuple(
        one
        for one in all_found
        if one.deviation is None or _is_ordinary(one.deviation) or _seen(one.deviation) not in ordinary
    )


def _is_ordinary(deviation: Deviation) -> bool:
    return deviation.moment in _ORDINARY and not deviation.cut


def _seen(deviation: Deviation) -> tuple[str, str, str, bool]:
    return deviation.kind, deviation.cause, deviation.role, deviation.newest


def exchange_of(found: Found) -> Exchange | None:
    """The request that broke the rule, where one did."""
    return found.judged.exchange if found.judged is not None else None
