"""Each near miss is refused for its one defect, and each rule of requests is seen failing."""

import pytest
from hypothesis import given, settings

from chatproof.strategies.near_miss import Miss, unlike
from chatproof.strategies.near_requests import NEAR_REQUESTS
from chatschema import check
from chatschema.rulebook import RULEBOOK


@pytest.mark.parametrize("name", NEAR_REQUESTS)
def test_near_miss_is_refused_for_what_is_wrong_with_it(name: str) -> None:
    near = NEAR_REQUESTS[name]

    @settings(max_examples=10)  # a thousand are drawn for all families together
    @given(near.misses)
    def holds(miss: Miss) -> None:
        assert unlike(near, miss, check(miss.data, near.kind)) == ()

    holds()


def test_every_rule_of_requests_has_a_near_miss() -> None:
    families = ("chat.request.", "completions.request.", "embeddings.request.")
    assert {rule for rule in RULEBOOK if rule.startswith(families)} <= {
        near.rule for near in NEAR_REQUESTS.values()
    }


def test_there_are_near_misses_of_all_kinds() -> None:
    kinds = {near.kind for near in NEAR_REQUESTS.values()}
    assert kinds == {"chat.completion.request", "completion.request", "embeddings.request"}
    assert len(NEAR_REQUESTS) > 120
