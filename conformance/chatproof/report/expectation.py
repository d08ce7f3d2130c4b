"""What makes a run fail: the lowest level that does, and what is known to be broken."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from chatproof.report.baseline import Known, read_baseline
from chatproof.report.document import CaseResult, Outcome

__all__ = ["Expectation", "expectation", "renewed"]

_LACKING = frozenset({Outcome.UNSUPPORTED, Outcome.INCONCLUSIVE})
_BROKEN = frozenset({Outcome.FAILED, Outcome.WARNED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """`level` is the lowest that fails a run: must or should. `known` has the rows of `file` by id.

    `expected` are capabilities that have to be there, by the case that tells of each.
    """

    level: str = "must"
    known: Mapping[str, Known] = field(default_factory=dict[str, Known])
    file: str = ""
    expected: Mapping[str, str] = field(default_factory=dict[str, str])
    today: date = field(default_factory=lambda: datetime.now(UTC).date())

    def applied(self, case: CaseResult) -> CaseResult:
        """The result as this run takes it. What was not judged stays as it is, listed or not."""
        case = self._with_what_is_expected(case)
        known = self.known.get(case.id)
        if known and case.outcome is Outcome.PASSED:
            message = f"It is listed as known, and passes now: remove its row from {self.file}."
            return replace(case, outcome=Outcome.STALE, message=message, known=known.told)
        if known and case.outcome in _BROKEN:
            why = self._why_not(known, case)
            if not why:
                return replace(case, outcome=Outcome.EXPECTED, known=known.told)
            case = replace(case, message=f"{case.message}\n{why}")
        fails = case.outcome is Outcome.WARNED and self.level == "should"
        return replace(case, outcome=Outcome.FAILED) if fails else case

    def _with_what_is_expected(self, case: CaseResult) -> CaseResult:
        """A capability that is expected is a failure where it is not there or not seen, or not kept to."""
        name = self.expected.get(case.id)
        if name is None:
            return case
        if case.outcome is Outcome.WARNED and case.level == "should":
            return replace(
                case, outcome=Outcome.FAILED, message=f"{name} is expected (--expect): {case.message}"
            )
        if case.outcome not in _LACKING:
            return case
        seen = "was not seen" if case.outcome is Outcome.INCONCLUSIVE else "is not there"
        message = f"{name} is expected (--expect), and {seen}: {case.message}"
        return replace(case, outcome=Outcome.FAILED, message=message)

    def _why_not(self, known: Known, case: CaseResult) -> str:
        """Why a row does not hold for what is broken; empty where it does."""
        if known.is_past(self.today):
            return f"It was known, and counts again: {known.told}."
        return "" if known.covers(case.broken) else f"Only a broken should is known of it: {known.told}."


def expectation(level: str, baseline: str | None, ids: Collection[str], noun: str) -> Expectation:
    """What the options of a run say; the noun is what ids are of: a case, a rule.

    Raises:
        BaselineError: the file cannot be used.
    """
    known = read_baseline(baseline, ids, noun) if baseline else {}
    return Expectation(level=level, known=known, file=baseline or "")


def renewed(known: Mapping[str, Known], cases: Iterable[CaseResult], today: date) -> list[Known]:
    """The rows with which a run like this one passes: what fails is added, what passes is taken out.

    Reasons stay, and so do rows of what was not judged. A day that is past does not.
    """
    rows = dict(known)
    for case in cases:
        row = rows.pop(case.id, None)
        if case.outcome is Outcome.FAILED:
            row = row or Known(id=case.id, level=case.broken)
            worst = row.level if row.covers(case.broken) else case.broken
            rows[case.id] = replace(row, level=worst, until=None if row.is_past(today) else row.until)
        elif row and case.outcome not in {Outcome.PASSED, Outcome.STALE}:
            rows[case.id] = row
    return list(rows.values())
