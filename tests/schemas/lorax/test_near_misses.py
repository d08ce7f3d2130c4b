"""Each near miss is refused for its one defect, and each rule of the family is seen failing."""

import pytest
from hypothesis import given, settings

from chatproof.strategies.near_lorax import NEAR_LORAX
from chatproof.strategies.near_miss import Miss, unlike
from chatschema import Kind, check
from chatschema.lorax.rule_notes import LORAX_RULES


@pytest.mark.parametrize("name", NEAR_LORAX)
def test_near_miss_is_refused_for_what_is_wrong_with_it(name: str) -> None:
    near = NEAR_LORAX[name]

    @settings(max_examples=5)  # a thousand are drawn for all families together
    @given(near.misses)
    def holds(miss: Miss) -> None:
        assert unlike(near, miss, check(miss.data, near.kind)) == ()

    holds()


def test_every_rule_of_the_family_has_a_near_miss() -> None:
    assert set(LORAX_RULES) <= {near.rule for near in NEAR_LORAX.values()}


def test_there_are_near_misses_of_all_kinds() -> None:
    kinds = {near.kind for near in NEAR_LORAX.values()}
    assert kinds == {kind for kind in Kind if kind.startswith("lorax.")}
    assert len(NEAR_LORAX) >= 250
