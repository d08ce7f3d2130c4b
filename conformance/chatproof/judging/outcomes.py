"""What pytest is told of a case. Of one that a later answer can still break it is told when all answers are judged."""

from dataclasses import replace
from typing import Any

import pytest
from click import unstyle

from chatproof.cases.contract.owners import may_change
from chatproof.judging.session import expectation_of, gate_of
from chatproof.report import CaseResult, Outcome
from chatproof.report.expectation import Expectation
from chatproof.report.terminal import deviation

__all__ = ["RESULT", "end_test", "final_reports", "hold", "is_open", "taken"]

RESULT = pytest.StashKey[CaseResult]()
"""Where a case's item keeps its result."""

_EXPECTATION = pytest.StashKey[Expectation]()
_MAY_CHANGE = may_change()
_SKIPPED = frozenset({Outcome.UNSUPPORTED, Outcome.INCONCLUSIVE, Outcome.NOT_RUN})
_FAILS = frozenset({Outcome.FAILED, Outcome.STALE, Outcome.ERROR})


def taken(result: CaseResult, config: pytest.Config) -> CaseResult:
    """A result as this run takes it: what is known to be broken does not fail it."""
    known = config.stash.get(_EXPECTATION, None)
    if known is None:
        known = config.stash[_EXPECTATION] = expectation_of(config)
    found, gate = known.applied(result), gate_of(config)
    return replace(found, message=gate.text(found.message), known=gate.line(found.known))


def is_open(result: CaseResult, config: pytest.Config) -> bool:
    """Can a later answer still change how this case ends?"""
    return result.id in _MAY_CHANGE and taken(result, config).outcome not in {Outcome.FAILED, Outcome.ERROR}


def end_test(result: CaseResult, config: pytest.Config) -> None:
    """End the test of a case as its outcome says; one that is open ends later."""
    if is_open(result, config):
        return
    found = taken(result, config)
    if found.outcome in _FAILS:
        pytest.fail(unstyle(deviation(found)), pytrace=False)
    if found.outcome is Outcome.EXPECTED:
        pytest.xfail(found.known)
    if found.outcome in _SKIPPED:
        pytest.skip(_reason(found))


def hold(report: pytest.TestReport) -> None:
    """Make a report one of a phase that says nothing yet: pytest counts it for nothing, and xdist carries it on."""
    report.when = "setup"
    report.duration = 0.0
    report.chatproof_open = True  # type: ignore[attr-defined]  # reports carry what they are given


def final_reports(held: pytest.TestReport, result: CaseResult) -> list[pytest.TestReport]:
    """What pytest would have been told of a case that was open, had all answers been known then."""
    call = _report(held, "call", result.seconds)
    if result.outcome in _FAILS:
        call.outcome, call.longrepr = "failed", unstyle(deviation(result))
    elif result.outcome is Outcome.EXPECTED:
        call.outcome, call.wasxfail = "skipped", result.known
    elif result.outcome in _SKIPPED:
        path, line, _ = held.location
        call.outcome, call.longrepr = "skipped", (path, line or 0, f"Skipped: {_reason(result)}")
    return [call, _report(held, "teardown", 0.0)]


def _report(held: pytest.TestReport, when: Any, seconds: float) -> pytest.TestReport:
    made = pytest.TestReport(
        held.nodeid, held.location, held.keywords, "passed", None, when, held.sections, duration=seconds
    )
    for name in ("node", "worker_id", "testrun_uid"):  # xdist's
        if hasattr(held, name):
            setattr(made, name, getattr(held, name))
    return made


def _reason(result: CaseResult) -> str:
    return f"{result.outcome.value}: {result.message}"
