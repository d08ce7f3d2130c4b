"""What came of a run of `client`, in one sentence."""

from chatproof.report.document import Outcome, Result

__all__ = ["verdict"]


def verdict(result: Result) -> tuple[str, str]:
    """The sentence, and its tone: good, note or bad."""
    counts, judged = result.counts, result.judged
    broken = [case for case in result.cases if case.outcome in {Outcome.FAILED, Outcome.WARNED}]
    musts = sum(case.level == "must" for case in broken)
    known, stale = counts[Outcome.EXPECTED], counts[Outcome.STALE]
    aside = [
        f"{known} {'is' if known == 1 else 'are'} known to be broken" if known else "",
        f"{stale} known to be broken {'holds' if stale == 1 else 'hold'}" if stale else "",
        f"the run is not whole: {result.shortfall}" if not result.whole else "",
    ]
    if not judged:
        main = "No rule was put to the test"
    elif broken:
        kinds = ", ".join(
            f"{count} {word}" for count, word in ((musts, "must"), (len(broken) - musts, "should")) if count
        )
        main = f"This client breaks {_of(len(broken), judged)} ({kinds})"
    elif judged == counts[Outcome.PASSED]:
        main = "This client keeps the one rule" if judged == 1 else f"This client keeps all {judged} rules"
        main += " that it was put to"
    else:
        main = f"This client keeps {_of(counts[Outcome.PASSED], judged)}"
    fails = counts[Outcome.FAILED] + counts[Outcome.STALE] + counts[Outcome.ERROR]
    good = judged and result.whole and not broken
    return "; ".join([main, *filter(None, aside)]) + ".", "bad" if fails else "good" if good else "note"


def _of(count: int, judged: int) -> str:
    return (
        f"{count} of the {judged} rules that it was put to"
        if judged > 1
        else "the one rule that it was put to"
    )
