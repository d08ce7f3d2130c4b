"""How a run ends for the shell, a row of the table at a time."""

from dataclasses import replace

import pytest

from chatproof.gate import Gate
from chatproof.probe import EndKind, RunEnd
from chatproof.report import CaseResult, Outcome, Result
from chatproof.report.document import NOT_SELECTED
from chatproof.report.exit_code import exit_code

LIMIT = RunEnd(kind=EndKind.REQUESTS, reason="the limit is reached", chosen=True)


def result(*cases: tuple[Outcome, str], ended: RunEnd | None = None, interrupted: bool = False) -> Result:
    told = tuple(
        CaseResult(id=f"chat.json.{number}", level="must", outcome=outcome, message=message)
        for number, (outcome, message) in enumerate(cases)
    )
    return Result(tool={}, target={}, cases=told, ended=ended, interrupted=interrupted)


PASSED, FAILED, LEFT = (Outcome.PASSED, ""), (Outcome.FAILED, ""), (Outcome.NOT_RUN, LIMIT.reason)


@pytest.mark.parametrize(
    ("run", "code"),
    [
        (result(PASSED), 0),
        (result(PASSED, (Outcome.NOT_RUN, NOT_SELECTED)), 0),
        (result(PASSED, FAILED), 1),
        (result(PASSED, (Outcome.STALE, "")), 1),
        (result(PASSED, (Outcome.ERROR, "")), 2),
        (result((Outcome.INCONCLUSIVE, "")), 2),
        (result((Outcome.UNSUPPORTED, "")), 2),
        (result(), 2),
        (result(PASSED, LEFT, ended=LIMIT), 0),
        (result(LEFT, ended=LIMIT), 2),
        (result(PASSED, LEFT, ended=replace(LIMIT, chosen=False)), 2),
        (result(PASSED, LEFT), 2),
        (result(PASSED, LEFT, (Outcome.NOT_RUN, "the connection was refused"), ended=LIMIT), 2),
        (result(PASSED, LEFT, FAILED, ended=LIMIT), 1),
        (result(PASSED, interrupted=True), 130),
        (result(PASSED, FAILED, interrupted=True), 130),
    ],
)
def test_a_run_ends_so(run: Result, code: int) -> None:
    assert exit_code(run) == code


def test_a_case_that_broke_chatproof_was_not_judged() -> None:
    assert result(PASSED, (Outcome.ERROR, "")).whole is False


def test_a_number_that_no_program_can_hold_is_bounded() -> None:
    assert Gate().value({"a": [10**4000, -(10**4000), 7, True]}) == {"a": [2**63, -(2**63), 7, True]}
