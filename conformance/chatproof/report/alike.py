"""Which results tell of one cause: a report says it once."""

import re
from collections.abc import Iterable

from chatproof.report.document import CaseResult

__all__ = ["by_cause", "by_story", "without_particulars"]

_BODY = re.compile(r"(HTTP \d+, [^,]*, ).*?(?=$|, in \d+ answers)", re.DOTALL)
_PARTICULAR = re.compile(r'"(?:[^"\\]|\\.)*"|\d+')


def without_particulars(text: str) -> str:
    """A text without what is another in each answer: the body that came, what is quoted, numbers."""
    if "HTTP " in text:
        return _BODY.sub(r"\1", text)
    return _PARTICULAR.sub("*", text)


def by_cause(cases: Iterable[CaseResult]) -> list[list[CaseResult]]:
    """The cases in groups: those of a group are broken in the same way, and say the same of it. Order stays."""
    groups: dict[object, list[CaseResult]] = {}
    for case in cases:
        evidence = tuple(
            (one.level, one.rule, one.path, without_particulars(one.expected), without_particulars(one.seen))
            for one in case.evidence
        )
        key = (case.outcome, case.broken, case.behind, case.message, evidence) if evidence else case.id
        groups.setdefault(key, []).append(case)
    return list(groups.values())


def by_story(cases: Iterable[CaseResult]) -> list[list[CaseResult]]:
    """Rules of one group that a client breaks in the same way: most often by one cause, and told once. Order stays."""
    groups: dict[tuple[str, str], list[CaseResult]] = {}
    for case in cases:
        how = [*case.message.splitlines(), "", ""][1] if case.evidence else case.id
        groups.setdefault((case.group, how), []).append(case)
    return list(groups.values())
