"""Holding a near miss to what it says: the judge names its rule, at its path, and no other must."""

from hypothesis import given, settings

from chatproof.strategies import Miss, NearMiss, unlike
from chatschema import check
from tests.portion import share

__all__ = ["examples", "hold"]

#: Of a profile's examples, for there are hundreds of near misses: enough to see a kind of defect that is described wrong.
#: What one draw in a hundred shows is for `thorough`.
ORDINARY = 0.12


def examples() -> int:
    """How many values of each kind are drawn: few, unless more were asked for than all properties get in CI."""
    asked = settings().max_examples
    return asked if asked > settings.get_profile("exhaustive").max_examples else share(ORDINARY).max_examples


def hold(near: NearMiss, count: int) -> None:
    """Judge `count` values of one kind. Raises AssertionError with what the judge says otherwise."""

    @settings(max_examples=count, database=None)
    @given(near.misses)
    def judged(miss: Miss) -> None:
        differences = unlike(near, miss, check(miss.data, near.kind))
        assert not differences, "; ".join(differences)

    judged()
