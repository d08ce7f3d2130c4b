"""Endpoints that are unusual and right: no case may find fault with them."""

import pytest

from chatfake import Answer, Request
from chatproof.cases import CASES
from chatproof.report import Outcome
from chatproof.selftest.endpoint.judged import judge_of
from chatproof.selftest.endpoint.variants import UNSHOWN, VARIANTS
from chatproof.selftest.endpoint.wrapping import Handler
from tests.conformance.test_miniatures import BROKEN, fake
from tests.portion import one_in


@pytest.mark.parametrize("name", one_in(3, VARIANTS))
def test_no_case_finds_fault_with_what_is_unusual_and_right(name: str) -> None:
    touched: list[str] = []

    def counting(handler: Handler) -> Handler:
        changed = VARIANTS[name](handler)

        def handle(request: Request) -> Answer:
            answer = changed(request)
            if answer != handler(request):
                touched.append(request.path)
            return answer

        return handle

    judge = judge_of(counting(fake().answer))
    results = [judge.judge(case) for case in CASES.values()]
    assert touched, "the variant changes nothing"
    unlike = {r.id: r.evidence for r in results if r.outcome is not Outcome.PASSED and r.id not in UNSHOWN}
    assert unlike == {}
    assert not BROKEN & {r.outcome for r in results}
