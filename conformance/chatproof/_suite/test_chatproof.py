"""Every case of the catalogue as one test: `pytest --pyargs chatproof --chatproof-url URL`."""

import pytest
from click import unstyle

from chatproof.cases import case_of
from chatproof.judging.collector import RESULT
from chatproof.judging.replaying import CaseJudge
from chatproof.judging.session import catalogue
from chatproof.report import Outcome
from chatproof.report.terminal import deviation
from chatproof.testing.marks import parameters

_SKIPPED = frozenset({Outcome.UNSUPPORTED, Outcome.INCONCLUSIVE, Outcome.NOT_RUN})


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test a case of the profile that was asked for."""
    metafunc.parametrize("case_id", parameters(metafunc.config, catalogue(metafunc.config).values()))


def test_case(case_id: str, chatproof_judge: CaseJudge, request: pytest.FixtureRequest) -> None:
    """One case. A should that only warns passes and stands in the summary; what was not judged is skipped."""
    result = chatproof_judge.judge(case_of(case_id))
    request.node.stash[RESULT] = result
    if result.outcome in {Outcome.FAILED, Outcome.STALE, Outcome.ERROR}:
        pytest.fail(unstyle(deviation(result)), pytrace=False)
    if result.outcome is Outcome.EXPECTED:
        pytest.xfail(result.known)
    if result.outcome in _SKIPPED:
        pytest.skip(f"{result.outcome.value}: {result.message}")
