"""Each near miss is refused for its one defect, and each rule of requests is seen failing."""

from chatproof.strategies.near.requests.requests import NEAR_REQUESTS
from chatschema.rulebook import RULEBOOK


def test_every_rule_of_requests_has_a_near_miss() -> None:
    families = ("chat.request.", "completions.request.", "embeddings.request.")
    assert {rule for rule in RULEBOOK if rule.startswith(families)} <= {
        near.rule for near in NEAR_REQUESTS.values()
    }


def test_there_are_near_misses_of_all_kinds() -> None:
    kinds = {near.kind for near in NEAR_REQUESTS.values()}
    assert kinds == {"chat.completion.request", "completion.request", "embeddings.request"}
    assert len(NEAR_REQUESTS) > 120
