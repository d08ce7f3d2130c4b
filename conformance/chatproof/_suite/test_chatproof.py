"""Every case of the catalogue as one test: `pytest --pyargs chatproof --chatproof-url URL`."""

import pytest
from click import unstyle

from chatproof.cases import CASES
from chatproof.judge import Judge
from chatproof.report import Outcome
from chatproof.report.terminal import deviation
from chatproof.session import RESULT

_SKIPPED = frozenset({Outcome.UNSUPPORTED, Outcome.INCONCLUSIVE, Outcome.NOT_RUN})


@pytest.mark.parametrize("case_id", list(CASES))
def test_case(case_id: str, chatproof_judge: Judge, request: pytest.FixtureRequest) -> None:
    """One case. A broken should passes and stands in the summary; what was not judged is skipped."""
    result = chatproof_judge.judge(CASES[case_id])
    request.node.stash[RESULT] = result
    if result.outcome in {Outcome.FAILED, Outcome.ERROR}:
        pytest.fail(unstyle(deviation(result)), pytrace=False)
    if result.outcome in _SKIPPED:
        pytest.skip(f"{result.outcome.value}: {result.message}")
