"""What a play shows of the rules: each deviation under the rule that owns it, and what the checks say."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chatproof.history.model.deviation import Deviation, Moment
from chatproof.history.model.oracle import Judged, follow
from chatproof.history.model.seen import Exchange, Play
from chatproof.history.rules import RULES
from chatproof.history.rules.owner import owner
from chatproof.history.rules.registry import Breach

__all__ = ["Found", "found_in", "one_cause_once"]

_ORDINARY = (Moment.PLAIN, Moment.RETRY, Moment.TOOL_ROUND, Moment.TOOLS_USED)


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


def one_cause_once(found: Iterable[Found]) -> tuple[tuple[Found, ...], dict[str, str]]:
    """The same without what is only seen again in another place, and which rule hides which by that.

    What goes wrong in ordinary rounds goes wrong after a failure or a restart too, and is no finding about those; what
    is done to every text is done to the traps in some of them.
    """
    all_found = tuple(found)
    ordinary: dict[_Seen, str] = {}
    for one in all_found:
        if one.deviation is not None and _is_ordinary(one.deviation) and one.rule not in _TRAPS:
            ordinary.setdefault(_seen(one.deviation), one.rule)
    kept: list[Found] = []
    hidden: dict[str, str] = {}
    for one in all_found:
        by = None if one.deviation is None else _hides(ordinary, one.rule, one.deviation)
        if by is None or by == one.rule:
            kept.append(one)
        else:
            hidden[one.rule] = by
    told = {one.rule for one in kept}
    return tuple(kept), {rule: by for rule, by in hidden.items() if rule not in told and by in told}


_TRAPS = ("accumulate.control-tokens", "accumulate.no-placeholder")

_Seen = tuple[str, str]


def _hides(ordinary: Mapping[_Seen, str], rule: str, deviation: Deviation) -> str | None:
    """The rule that is broken in the same way in ordinary rounds."""
    return None if _is_ordinary(deviation) and rule not in _TRAPS else ordinary.get(_seen(deviation))


def _is_ordinary(deviation: Deviation) -> bool:
    return deviation.moment in _ORDINARY and not deviation.cut


def _seen(deviation: Deviation) -> _Seen:
    return deviation.kind, deviation.role


def exchange_of(found: Found) -> Exchange | None:
    """The request that broke the rule, where one did."""
    return found.judged.exchange if found.judged is not None else None
