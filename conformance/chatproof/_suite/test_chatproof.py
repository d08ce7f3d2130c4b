"""Every case of the catalogue as one test: `pytest --pyargs chatproof --chatproof-url URL`."""

import pytest

from chatproof.cases import case_of, cases_of
from chatproof.cases.fast import FAST
from chatproof.judging.outcomes import RESULT, end_test
from chatproof.judging.replaying import CaseJudge
from chatproof.judging.session import names_judged
from chatproof.testing.marks import parameters


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test a case of the profiles that were asked for, or of all where they are to be found out."""
    fast: bool = metafunc.config.option.chatproof_fast
    every = cases_of(names_judged(metafunc.config)).values()
    cases = [case for case in every if case.id in FAST or not fast]
    metafunc.parametrize("case_id", parameters(metafunc.config, cases))


def test_case(case_id: str, chatproof_judge: CaseJudge, request: pytest.FixtureRequest) -> None:
    """One case. A should that only warns passes and stands in the summary; what was not judged is skipped."""
    if not chatproof_judge.is_for(case_id):
        pytest.skip("the endpoint does not speak this protocol")
    result = chatproof_judge.raw(case_of(case_id))
    request.node.stash[RESULT] = result
    end_test(result, request.config)
