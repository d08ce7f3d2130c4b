"""The results of a run once all of its answers are judged: a case fails if any answer breaks what it asks for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from chatproof.cases.contract.counts import PLAUSIBLE
from chatproof.cases.registry import case_of
from chatproof.judging.everywhere.breach import Breach, Count, cause
from chatproof.judging.everywhere.ledger import Ledger
from chatproof.report.document import CaseResult, Evidence, Outcome

__all__ = ["settled"]

_REPEATABLE = "history.repeatable"
_BROKEN = frozenset({Outcome.FAILED, Outcome.WARNED})

_COUNTS = "Costs, budgets and context windows are kept by a count that is not the prompt's."


def settled(results: Mapping[str, CaseResult], ledger: Ledger) -> dict[str, CaseResult]:
    """The results, with what any answer of the run broke. What broke chatproof itself stays as it is."""
    found: dict[str, list[Breach]] = defaultdict(list)
    for breach in sorted(ledger.breaches.values(), key=lambda one: one.first):
        found[breach.case].append(breach)
    repeatable = results.get(_REPEATABLE)
    if repeatable is None or repeatable.outcome not in _BROKEN:  # else that is the cause
        found[PLAUSIBLE] += _unequal_counts(ledger.counts.values())
    return {id_: _with(result, found[id_]) if found[id_] else result for id_, result in results.items()}


def _with(result: CaseResult, breaches: Iterable[Breach]) -> CaseResult:
    """A result with what was found in other answers too: what it has already is counted, and the rest is added."""
    if result.outcome is Outcome.ERROR:
        return result
    own = list(result.evidence) if result.outcome in _BROKEN else []
    messages = result.message.splitlines() if result.outcome in _BROKEN else []
    for breach in breaches:
        at = next((n for n, one in enumerate(own) if cause(one) == cause(breach.evidence)), None)
        if at is None:
            own.append(_counted(breach.evidence, breach))
            messages.append(breach.breaks or case_of(result.id).breaks)
        else:
            own[at] = _counted(own[at], breach)
    musts = any(one.level == "must" for one in own)
    return replace(
        result,
        outcome=Outcome.FAILED if musts else Outcome.WARNED,
        message="\n".join(dict.fromkeys(messages)),
        evidence=tuple(own),
    )


def _counted(evidence: Evidence, breach: Breach) -> Evidence:
    count = len(breach.requests)
    return evidence if count == 1 else replace(evidence, seen=f"{evidence.seen}, in {count} answers")


def _unequal_counts(counts: Iterable[Count]) -> list[Breach]:
    """Prompts that were counted otherwise where nothing else than the length of the reply was asked otherwise."""
    prompts: dict[str, list[Count]] = defaultdict(list)
    for count in sorted(counts, key=lambda one: one.first):
        prompts[count.prompt].append(count)
    return [_unequal(found) for found in prompts.values() if _differ(found)][:1]


def _differ(found: list[Count]) -> bool:
    """Do requests differ, of which each is counted the same each time?"""
    requests = {one.request for one in found}
    return len({one.tokens for one in found}) > 1 and len(found) == len(requests)


def _unequal(found: list[Count]) -> Breach:
    first = found[0]
    other = next(one for one in found if one.tokens != first.tokens)
    told = ", ".join(str(one.tokens) for one in found)
    evidence = Evidence(
        level="must",
        expected=f"{first.tokens}: the same prompt, with another limit or stop sequence",
        seen=f"{other.tokens}; all counts of this prompt: {told}",
        path="$.usage.prompt_tokens",
        again=other.again,
        compared=first.again,
        response=other.response,
    )
    return Breach(
        case=PLAUSIBLE,
        breaks=_COUNTS,
        evidence=evidence,
        first=other.first,
        requests=frozenset({other.request}),
    )
