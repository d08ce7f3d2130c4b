"""One cause is one finding: what is only seen again, or comes of what was seen before, is told under one rule."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from chatproof.history.model.deviation import Cause, Deviation, Difference, Moment
from chatproof.history.running.findings import ORDINARY, Found

__all__ = ["after_the_first", "one_cause_once"]


def after_the_first(found: Iterable[Found]) -> tuple[Found, ...]:
    """What one play shows, in which all that comes with or after the first difference may come of that.

    The oracle goes on from what was sent, and knows less than before of what is in the client's history. What a round
    was made of may be to blame as well as what followed it: each leg of the tour shows that apart.
    """
    seen = tuple(one.or_else(one.plain) for one in found)
    numbers = [_number(one) for one in seen if one.deviation is not None]
    first = [one for one in seen if one.deviation is not None and _number(one) == min(numbers)]
    others = [each for one in first for each in (one, *one.others)]
    return tuple(one.or_else(others) if first and _comes_with(one, first[0]) else one for one in seen)


def _number(one: Found) -> int:
    return one.judged.exchange.number if one.judged is not None else 0


def _comes_with(one: Found, first: Found) -> bool:
    return one.step > first.step or (one.judged is not None and _number(one) >= _number(first))


def one_cause_once(
    found: Iterable[Found], told: Collection[str] = ()
) -> tuple[tuple[Found, ...], dict[str, str]]:
    """The same without what is only seen again in another place, and which rule hides which by that.

    What goes wrong in ordinary rounds goes wrong after a failure or a restart too, and is no finding about those; what
    is done to every text is done to the traps in some of them. Where several things have happened since a conversation
    was last seen, any of them may be to blame: it is the one that is so by itself, where there is one. `told` are rules
    that are known to be broken besides.
    """
    all_found = tuple(found)
    ordinary: dict[_Seen, str] = {}
    for one in sorted(all_found, key=lambda one: _SPECIAL.get(one.rule, 0)):
        for seen in _seen(one.rule, one.deviation) if one.deviation is not None else ():
            ordinary.setdefault(seen, one.rule)
    kept: list[Found] = []
    hidden: dict[str, str] = {}
    for one in all_found:
        by = next((by for each in (one, *one.others) if (by := _hides(ordinary, each)) is not None), one.rule)
        if by == one.rule:
            kept.append(one)
        else:
            hidden[one.rule] = by
    fewest = _fewest(kept, told)
    for one in kept:
        if one.rule not in fewest:
            hidden[one.rule] = next(rule for rule in fewest if one.may_be(rule))
    broken = {one.rule for one in kept} & set(fewest)
    return (
        tuple(one for one in kept if one.rule in broken),
        {rule: _behind(rule, hidden, broken) for rule in hidden if rule not in broken},
    )


def _fewest(found: Sequence[Found], told: Collection[str]) -> tuple[str, ...]:
    """Rules that account for all of these: those that nothing else accounts for, and as few others as will do."""
    sure = list(dict.fromkeys([*told, *(one.rule for one in found if not one.others)]))
    left = [one for one in found if not any(map(one.may_be, sure))]
    while left:
        count = Counter(rule for one in left for rule in one.candidates)
        best = max((one.rule for one in left), key=lambda rule: count[rule])
        sure.append(best)
        left = _not(best, left)
    return tuple(sure)


def _not(rule: str, found: Iterable[Found]) -> list[Found]:
    return [one for one in found if not one.may_be(rule)]


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
        way = _ROOMY if one.breach is not None and one.breach.unasked else _CHECKS.get(one.rule)
        return ordinary.get(way) if way is not None else None
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
    keys += [(_CUT, *way)] * (deviation.cut and deviation.moment not in ORDINARY)
    return next((ordinary[key] for key in keys if key in ordinary), None)


def _is_ordinary(rule: str, deviation: Deviation) -> bool:
    is_trap = rule in _TRAPS and deviation.kind is Difference.ALTERED
    return deviation.moment in ORDINARY and not (deviation.cut or is_trap)


def _seen(rule: str, deviation: Deviation) -> Iterator[_Seen]:
    """Under what a deviation is known, where it hides others."""
    if deviation.moment in ORDINARY and deviation.cut:
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
