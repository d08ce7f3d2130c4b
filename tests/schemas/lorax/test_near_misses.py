"""Each near miss is refused for its one defect, and each rule of the family is seen failing."""

from chatproof.strategies.near.lorax.lorax import NEAR_LORAX
from chatschema import Kind
from chatschema.lorax.rule_notes import LORAX_RULES


def test_every_rule_of_the_family_has_a_near_miss() -> None:
    assert set(LORAX_RULES) <= {near.rule for near in NEAR_LORAX.values()}


def test_there_are_near_misses_of_all_kinds() -> None:
    kinds = {near.kind for near in NEAR_LORAX.values()}
    assert kinds == {kind for kind in Kind if kind.startswith("lorax.")}
    assert len(NEAR_LORAX) >= 250
