"""Each near miss is refused for its one defect, and each rule of the family is seen failing."""

from chatproof.strategies.near.responses.responses import NEAR_RESPONSES
from chatschema.responses.rule_notes import RESPONSE_NOTES


def test_every_rule_of_the_family_has_a_near_miss_but_for_the_one_that_openai_breaks_itself() -> None:
    broken = {near.rule for near in NEAR_RESPONSES.values()}
    assert set(RESPONSE_NOTES) - broken == {"responses.spec-complete"}


def test_there_are_near_misses_of_all_four_kinds() -> None:
    kinds = {near.kind for near in NEAR_RESPONSES.values()}
    assert kinds == {"response", "response.event", "response.sse", "response.request"}
    assert len(NEAR_RESPONSES) >= 100
