"""Whatever a strategy draws is right: the judge finds no must, and parsing and dumping gives it back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.strategies import bodies, chat_completions, put
from chatproof.strategies.bodies import BODIES
from chatschema import JsonValue, Kind, check
from chatschema.judging.catalogue import CONTRACTS, STREAMS
from tests.portion import share
from tests.schemas.test_properties import same

FEW = share(0.5)


def test_every_kind_that_can_be_judged_has_a_strategy() -> None:
    assert {*BODIES} == {*CONTRACTS, *STREAMS} == {*Kind}


def test_no_strategy_of_a_kind_that_is_none() -> None:
    with pytest.raises(ValueError, match="is not a valid"):
        bodies("chat")


def _hold(strategy: st.SearchStrategy[JsonValue | bytes], kind: Kind) -> None:
    @FEW
    @given(strategy)
    def judged(body: JsonValue | bytes) -> None:
        judgement = check(body, kind)
        assert judgement.valid, [(breach.rule, breach.path) for breach in judgement.violations]

    judged()


@pytest.mark.parametrize("kind", BODIES)
def test_any_body_breaks_no_must(kind: Kind) -> None:
    _hold(bodies(kind), kind)


def test_a_strategy_of_broken_bodies_is_seen() -> None:
    broken = st.builds(lambda body: put(body, "created", by="1"), chat_completions())
    with pytest.raises(AssertionError, match=r"shape\.type"):
        _hold(broken, Kind.COMPLETION)


@pytest.mark.parametrize("kind", CONTRACTS)
def test_any_body_comes_back_from_its_model_as_it_was(kind: Kind) -> None:
    adapter = CONTRACTS[kind].adapter

    @FEW
    @given(bodies(kind))
    def parsed(body: JsonValue | bytes) -> None:
        assert not isinstance(body, bytes)
        model = adapter.validate_python(body)
        assert same(adapter.dump_python(model, mode="json", by_alias=True, exclude_unset=True), body)
        assert json.loads(json.dumps(body)) == body

    parsed()
