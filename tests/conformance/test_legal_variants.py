"""Endpoints that are unusual and right: no case may find fault with them."""

import pytest

from chatfake import Answer, Request
from chatproof.report import Outcome
from chatproof.selftest.endpoint.judged import judge_of
from chatproof.selftest.endpoint.variants import UNSHOWN, VARIANTS
from chatproof.selftest.endpoint.wrapping import Handler
from tests.conformance.test_miniatures import CASES, fake
from tests.portion import one_in

UNSEEN = {
    "character-cut-by-the-limit": {"history.text-is-own": Outcome.INCONCLUSIVE},
    "slow-start": {"chat.sse.incremental": Outcome.INCONCLUSIVE},
    "rounding": {"history.text-is-own": Outcome.INCONCLUSIVE},
    "no-cached-tokens": {"history.cached-tokens": Outcome.UNSUPPORTED},
    "first-round-longer": {"history.order-free-count": Outcome.UNSUPPORTED},
    "no-user": {"history.session-by-user": Outcome.UNSUPPORTED},
}
"""What cannot be judged of a variant: which cases, and how they end."""

_REASONS = frozenset({"chat.reasoning.shape", "chat.reasoning.replay"})
_CALLS_TWICE = frozenset({"chat.tools.parallel", "chat.tools.parallel-off"})
SHOWN = {
    "reasoning": _REASONS,
    "reasoning-content": _REASONS,
    "two-calls-at-once": _CALLS_TWICE,
    "whole-calls-in-a-fragment": _CALLS_TWICE,
}
"""What a variant shows and the plain fake does not."""


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
    results = judge.judge_all(CASES.values())
    assert touched, "the variant changes nothing"
    unseen = {r.id: r.outcome for r in results if r.outcome is not Outcome.PASSED}
    shown = SHOWN.get(name, frozenset())
    expected = {id_: found for id_, found in UNSHOWN.items() if id_ not in shown} | UNSEEN.get(name, {})
    assert unseen == expected, [r.evidence for r in results]
