"""Every case is seen failing on an endpoint that is broken in exactly its way, and on nothing else."""

import time

import pytest
from tests.conformance.miniatures import MINIATURES
from tests.conformance.wrapping import Handler

from chatfake import Fake, HandlerTransport
from chatproof.cases import CASES
from chatproof.judge import Judge
from chatproof.report import Outcome
from chatproof.target import Target, open_target

BROKEN = frozenset({Outcome.FAILED, Outcome.WARNED})


def judge_of(handler: Handler) -> Judge:
    """A judge of an endpoint in process."""
    target = Target(url="http://fake/v1", model="tiny", max_requests=400, max_tokens=1_000_000)
    opened = open_target(target, transport=HandlerTransport(handler))
    return Judge(opened.endpoint, api_key=None, key_variable="OPENAI_API_KEY")


def fake() -> Fake:
    """The plain fake, with the time of day."""
    return Fake(models=("tiny",), clock=time.time)


def test_the_plain_fake_passes_every_case() -> None:
    judge = judge_of(fake().answer)
    results = [judge.judge(case) for case in CASES.values()]
    assert {result.id: result for result in results if result.outcome is not Outcome.PASSED} == {}


@pytest.mark.parametrize("name", MINIATURES)
def test_a_miniature_breaks_its_case_and_no_other(name: str) -> None:
    miniature = MINIATURES[name]
    judge = judge_of(miniature.make(fake().answer))
    results = {id_: judge.judge(case) for id_, case in CASES.items()}
    errors = {id_: result.message for id_, result in results.items() if result.outcome is Outcome.ERROR}
    assert errors == {}
    found = {id_ for id_, result in results.items() if result.outcome in BROKEN}
    assert found == {miniature.breaks, *miniature.along}
    assert results[miniature.breaks].evidence[0].expected
    assert results[miniature.breaks].evidence[0].seen


def test_every_case_has_a_miniature() -> None:
    assert {miniature.breaks for miniature in MINIATURES.values()} == set(CASES)
