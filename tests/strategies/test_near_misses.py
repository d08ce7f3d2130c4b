"""Every near miss breaks the rule that it names, where it says, and no other must.

With `--hypothesis-profile=thorough` each is drawn 1,000 times.
"""

import pytest
from hypothesis import strategies as st

from chatproof.strategies import (
    NEAR_MISSES,
    Miss,
    NearMiss,
    catalogue,
    defect,
    near_misses,
    plain_completions,
    put,
    replaced,
    without,
)
from chatproof.strategies.near.near_miss import joined
from chatproof.strategies.near.requests.requests import NEAR_REQUESTS
from chatschema import JsonValue, Kind, Level
from chatschema.rulebook import RULEBOOK
from tests.strategies.harness import examples, hold

PLAIN = plain_completions()


@pytest.mark.parametrize("near", NEAR_MISSES.values(), ids=list(NEAR_MISSES))
def test_near_miss_breaks_its_rule_at_its_path_and_no_other_must(near: NearMiss) -> None:
    hold(near, examples())


def test_there_are_near_misses_of_many_kinds_and_each_has_a_name_of_its_kind() -> None:
    assert len(NEAR_MISSES) > 200
    for name, near in NEAR_MISSES.items():
        assert name == near.name
        assert name.startswith(f"{near.kind}/")
        assert near.rule in RULEBOOK
        assert near.sentence.endswith((".", "?"))


def test_near_misses_are_chosen_by_kind_and_level() -> None:
    musts, shoulds = near_misses(), near_misses(level=Level.SHOULD)
    assert {*musts, *shoulds} == {*NEAR_MISSES.values()}
    assert {near.level for near in musts} == {Level.MUST}
    chunks = near_misses("chat.completion.chunk")
    assert chunks
    assert {near.kind for near in chunks} == {Kind.CHUNK}


@pytest.mark.parametrize(("kind", "level"), [("chat", "must"), (None, "may")])
def test_no_near_misses_of_a_kind_or_level_that_is_none(kind: str | None, level: str) -> None:
    with pytest.raises(ValueError, match="is not a valid"):
        near_misses(kind, level=level)


def test_two_near_misses_of_one_name_are_refused() -> None:
    near = next(iter(NEAR_MISSES.values()))
    with pytest.raises(ValueError, match="same name"):
        catalogue(near, near)
    with pytest.raises(ValueError, match="same name"):
        joined(NEAR_REQUESTS, {near.name: near}, {near.name: near})


def _of(misses: st.SearchStrategy[Miss], rule: str = "shape.missing", level: Level = Level.MUST) -> NearMiss:
    return defect(Kind.COMPLETION, "wrong", rule, "Said wrong.", misses, level)


def _two_defects(value: JsonValue) -> Miss:
    return Miss(data=put(put(value, "id", by=""), "created", by="1"), path="$.created")


@pytest.mark.parametrize(
    ("near", "seen"),
    [
        (_of(st.builds(lambda value: Miss(data=value, path="$.id"), PLAIN)), "nothing says shape.missing"),
        (_of(without(PLAIN, "id"), rule="shape.value"), r"nothing says shape.value \(must\) at \$.id"),
        (_of(replaced(PLAIN, "id", by=st.just(""))), "nothing says shape.missing"),
        (_of(without(PLAIN, "id"), level=Level.SHOULD), r"nothing says shape.missing \(should\)"),
        (
            _of(st.builds(lambda miss: Miss(data=miss.data, path="$.created"), without(PLAIN, "id"))),
            r"shape.missing at \$.id is broken too",
        ),
        (_of(st.builds(_two_defects, PLAIN), rule="shape.type"), r"shape.value at \$.id is broken too"),
    ],
    ids=["no defect", "another rule", "another defect", "another level", "another path", "two defects"],
)
def test_harness_fails_on_a_near_miss_that_is_described_wrong(near: NearMiss, seen: str) -> None:
    with pytest.raises(AssertionError, match=seen):
        hold(near, 5)


def test_harness_fails_on_a_must_beside_a_should() -> None:
    both = st.builds(lambda value: Miss(data=put(value, "usage", by=None), path="$.usage"), PLAIN)
    hold(_of(both, "chat.json.usage", Level.SHOULD), 5)
    worse = st.builds(lambda miss: Miss(data=put(miss.data, "id", by=""), path=miss.path), both)
    with pytest.raises(AssertionError, match=r"shape.value at \$.id is broken too"):
        hold(_of(worse, "chat.json.usage", Level.SHOULD), 5)
