"""What a play shows of the rules: each deviation under the rule that owns it, and what the checks say."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chatproof.history.model.deviation import Cause, Deviation, Difference, Moment
from chatproof.history.model.oracle import Judged, follow
from chatproof.history.model.seen import Play
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
    for one in sorted(all_found, key=lambda one: _SPECIAL.get(one.rule, 0)):
        for seen in _seen(one.rule, one.deviation) if one.deviation is not None else ():
            ordinary.setdefault(seen, one.rule)
    kept: list[Found] = []
    hidden: dict[str, str] = {}
    for one in all_found:
        by = _hides(ordinary, one)
        if by is None or by == one.rule:
            kept.append(one)
        else:
            hidden[one.rule] = by
    told = {one.rule for one in kept}
    return tuple(kept), {rule: _behind(rule, hidden, told) for rule in hidden if rule not in told}


def _behind(rule: str, hidden: Mapping[str, str], told: Collection[str]) -> str:
    """The rule that is told in place of another, which may hide behind one that is hidden itself."""
    for _ in hidden:
        if rule in told:
            break
        rule = hidden.get(rule, rule)
    return rule


_TRAPS = ("accumulate.control-tokens", "accumulate.no-placeholder")
"""Rules about texts of a kind, where these are altered."""

_SPECIAL = {"tools.parallel": 1, "tools.failure-is-a-result": 2, "tools.unknown-tool": 2}
"""Rules about results of some calls; the lower hides the higher, and all are hidden by what is so with every call."""

_PLAINER: Mapping[Moment, Moment] = {
    Moment.FAULT: Moment.STREAMED,
    Moment.ABANDONED: Moment.STREAMED,
    Moment.KILLED: Moment.RESTARTED,
    Moment.RESTARTED_TOGETHER: Moment.RESTARTED,
    Moment.RESTARTED_TREE: Moment.RESTARTED,
    Moment.MIGRATED: Moment.RESTARTED,
    Moment.SPOILED: Moment.RESTARTED,
}
"""What is amiss after every stream is so after one that fails, and what is after every restart after any."""

_Seen = tuple[str, ...]

_TURNS: _Seen = ("out of turns",)
_CROWDED: _Seen = ("more messages than there are",)
"""They take up room in a window."""

_ROOMY: _Seen = ("fewer messages than there are",)
"""They leave room in a window for older ones."""

_CUT = "cut"
"""What a window does wrong in ordinary rounds it does wrong in others."""

_LOST: _Seen = (Moment.RESTARTED, Difference.MISSING)

_CHECKS: Mapping[str, _Seen] = {"isolate.one-at-a-time": _TURNS, "persist.concurrent": _LOST}
"""Checks of which messages stand where: that is amiss everywhere where messages are lost, moved or added."""


def _hides(ordinary: Mapping[_Seen, str], one: Found) -> str | None:
    """The rule that is broken in the same way in ordinary rounds."""
    deviation = one.deviation
    if deviation is None:
        return ordinary.get(_CHECKS[one.rule]) if one.rule in _CHECKS else None
    if _is_ordinary(one.rule, deviation):
        return ordinary.get(_way(deviation)) if one.rule in _SPECIAL else None
    way = _way(deviation)
    plainer = _PLAINER.get(deviation.moment, "")
    if plainer is Moment.STREAMED and not deviation.streamed:
        plainer = ""
    widened = deviation.moment in (Moment.WIDENED, Moment.WIDENED_FROM_ZERO)
    cut_off = (deviation.cut or (widened and deviation.oldest)) and deviation.kind is Difference.MISSING
    keys: list[_Seen] = [way, (plainer, *way)]
    keys += [_CROWDED] * cut_off
    reaches_back = deviation.cause is Cause.OUTSIDE and deviation.within
    keys += [_ROOMY] * reaches_back
    keys += [(_CUT, *way)] * (deviation.cut and deviation.moment not in _ORDINARY)
    return next((ordinary[key] for key in keys if key in ordinary), None)


def _is_ordinary(rule: str, deviation: Deviation) -> bool:
    is_trap = rule in _TRAPS and deviation.kind is Difference.ALTERED
    return deviation.moment in _ORDINARY and not (deviation.cut or is_trap)


def _seen(rule: str, deviation: Deviation) -> Iterator[_Seen]:
    """Under what a deviation is known, where it hides others."""
    if deviation.moment in _ORDINARY and deviation.cut:
        yield _CUT, *_way(deviation)
    if deviation.moment in _PLAINER.values():
        yield deviation.moment, *_way(deviation)
        yield deviation.moment, deviation.kind
    if not _is_ordinary(rule, deviation):
        return
    yield _way(deviation)
    if deviation.kind in (Difference.TWICE, Difference.EXTRA):
        yield _CROWDED
    if deviation.kind is Difference.MISSING and deviation.cause not in (Cause.SYSTEM, Cause.NEW):
        yield _ROOMY
    if deviation.cause is not Cause.SYSTEM and (
        deviation.kind is not Difference.ALTERED or deviation.sent_role != deviation.role
    ):
        yield _TURNS


def _way(deviation: Deviation) -> _Seen:
    kind, role = deviation.kind, deviation.role
    if kind is Difference.MOVED and role in ("user", "assistant"):
        role = ""  # of two that changed places either may be told
    return kind, role, deviation.cause if kind is Difference.EXTRA else ""
