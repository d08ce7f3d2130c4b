"""What becomes of a round, for each answer that is no plain one."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from chatproof.history.model.answers import ANSWERS, Fate
from chatproof.history.model.policy import Policy
from chatproof.history.model.seen import Play
from chatproof.history.running.inference.candidates import fates
from chatproof.history.running.inference.reading import Reading
from chatproof.history.running.inference.survivors import Evidence

__all__ = ["infer_fates"]

Fates: TypeAlias = dict[str, Fate | str]

_TOLD = {
    Fate.DROP: "the next request carries nothing of it",
    Fate.KEEP: "the next request carries both messages",
    Fate.KEEP_USER: "the next request carries what was said",
    Fate.KEEP_ARRIVED: "the next request carries what was said, and what had arrived",
}


def infer_fates(policy: Policy, plays: Sequence[Play], declared: Collection[str]) -> Reading:
    """The fates under which plays show nothing amiss, each by itself, where the others are unknown."""
    given = {step.exchanges[-1].answer.name for play in plays for step in play.steps if step.exchanges}
    names = [name for name in ANSWERS if name in given and name not in declared and len(fates(name)) > 1]
    open_: Fates = {**policy.fates, **dict.fromkeys(names, Fate.UNKNOWN)}
    evidence = Evidence.of(plays, replace(policy, fates=open_))

    def survives(supposed: Fates) -> bool:
        return evidence.survives(replace(policy, fates={**open_, **supposed}))

    found = {name: ANSWERS[name].fate for name in names}
    for name in _not_by_default(names, survives):
        about = evidence.about(name)
        left = [fate for fate in fates(name) if about.survives(replace(policy, fates={**open_, name: fate}))]
        found[name] = left[0] if len(left) == 1 else ANSWERS[name].fate
    chosen = {name: fate for name, fate in found.items() if fate is not ANSWERS[name].fate}
    comments = {name: _TOLD[fate] for name, fate in chosen.items()}
    return replace(policy, fates={**policy.fates, **chosen}), comments | _odd_ones(found), []


def _not_by_default(names: Sequence[str], survives: Callable[[Fates], bool]) -> list[str]:
    """Those of which the default is not right, or says nothing: in halves, for most clients have one way with all."""
    defaults = {name: ANSWERS[name].fate for name in names}
    telling = [name for name in names if defaults[name] is not Fate.UNKNOWN]
    if not telling or survives({name: defaults[name] for name in telling}):
        return [name for name in names if name not in telling]
    if len(names) == 1:
        return list(names)
    half = len(names) // 2
    return [*_not_by_default(names[:half], survives), *_not_by_default(names[half:], survives)]


def _odd_ones(found: Mapping[str, Fate]) -> dict[str, str]:
    """Failures after which something else becomes of a round than after most: perhaps nobody means that."""
    failing = {name: fate for name, fate in found.items() if ANSWERS[name].fate is Fate.DROP}
    kept = [name for name, fate in failing.items() if fate is not Fate.DROP]
    if not kept or len(kept) * 2 > len(failing):
        return {}
    return {name: f"{_TOLD[failing[name]]}, unlike after most failures: is that meant?" for name in kept}
