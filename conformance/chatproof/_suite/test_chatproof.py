"""Every case of the catalogue as one test: `pytest --pyargs chatproof --chatproof-url URL`."""

import pytest

from chatproof.cases import PROFILES, case_of
from chatproof.judging.judge import Judge
from chatproof.judging.outcomes import RESULT, end_test


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test a case of the profile that was asked for."""
    profile: str = metafunc.config.option.chatproof_profile
    metafunc.parametrize("case_id", list(PROFILES[profile]))


def test_case(case_id: str, chatproof_judge: Judge, request: pytest.FixtureRequest) -> None:
    """One case. A should that only warns passes and stands in the summary; what was not judged is skipped."""
    result = chatproof_judge.raw(case_of(case_id))
    request.node.stash[RESULT] = result
    end_test(result, request.config)
