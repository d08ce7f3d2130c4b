"""A schema and its models have one verdict on any JSON value, but for what `DIFFERENCES` lists."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from itertools import chain
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from chatschema import JsonValue, Kind
from chatschema.judging.catalogue import CONTRACTS
from tests.portion import share
from tests.schemas.json_schema.changing import changed, lengthened
from tests.schemas.json_schema.pair import Pair, committed
from tests.schemas.json_schema.samples import SAMPLES
from tests.schemas.replies import JSON

#: Characters: what jsonschema takes some tenths of a second for.
QUICK = 300_000
every_kind = pytest.mark.parametrize("kind", list(CONTRACTS))


@every_kind
@share(0.1)
@given(data=st.data())
def test_a_value_of_the_schema_is_accepted_and_each_change_of_it_has_one_verdict(
    kind: Kind, data: st.DataObject
) -> None:
    pair = committed(kind)
    value = data.draw(pair.values | st.sampled_from(CONTRACTS[kind].examples))
    assert pair.accepted_by_schema(value)
    assert pair.agree(value)
    for _ in range(4):
        assert pair.agree(data.draw(changed(value, pair.words)))


@given(JSON)
def test_any_json_has_one_verdict_as_each_kind(value: JsonValue) -> None:
    assert all(committed(kind).agree(value) for kind in CONTRACTS)


@every_kind
def test_a_list_that_is_too_long_has_one_verdict(kind: Kind) -> None:
    for longer in lengthened(CONTRACTS[kind].examples[0]):
        assert len(repr(longer)) > QUICK or committed(kind).agree(longer)


def _without(*path: str) -> Callable[[dict[str, Any]], None]:
    def change(schema: dict[str, Any]) -> None:
        for step in path[:-1]:
            schema = schema[step]
        del schema[path[-1]]

    return change


def _wider(schema: dict[str, Any]) -> None:
    schema["properties"]["created"]["type"] = "number"


def _narrower(schema: dict[str, Any]) -> None:
    schema["properties"]["model"]["minLength"] = 1


def _open(schema: dict[str, Any]) -> None:
    schema["$defs"]["Choice"]["properties"]["delta"] = {}


def _closed(schema: dict[str, Any]) -> None:
    schema["additionalProperties"] = False


WRONG_EXPORTS: Mapping[str, tuple[Kind, Callable[[dict[str, Any]], None]]] = {
    "a member may be missing": (Kind.COMPLETION, _without("required")),
    "an id may be empty": (Kind.COMPLETION, _without("properties", "id", "minLength")),
    "there is no most of choices": (Kind.COMPLETION, _without("properties", "choices", "maxItems")),
    "a choice may have a delta": (Kind.COMPLETION, _open),
    "a preamble may have choices": (
        Kind.CHUNK,
        _without("$defs", "Preamble", "properties", "choices", "maxItems"),
    ),
    "a byte may be any number": (
        Kind.COMPLETION,
        _without("$defs", "TopLogprob", "properties", "bytes", "items", "maximum"),
    ),
    "an integer may have a fraction": (Kind.COMPLETION, _wider),
    "a model may not be empty": (Kind.COMPLETION, _narrower),
    "there are no unknown members": (Kind.MODELS, _closed),
}


def wrong(name: str) -> Pair:
    kind, change = WRONG_EXPORTS[name]
    schema: Any = deepcopy(committed(kind).schema)
    change(schema)
    return Pair(schema, CONTRACTS[kind].adapter)


@pytest.mark.parametrize("name", WRONG_EXPORTS)
def test_a_wrong_export_is_found_by_a_sample(name: str) -> None:
    kind, pair = WRONG_EXPORTS[name][0], wrong(name)
    values = [sample.value for sample in SAMPLES if sample.kind is kind]
    longer = chain.from_iterable(map(lengthened, values))
    assert not all(map(pair.agree, chain(values, longer)))


@pytest.mark.parametrize(
    "name", ["a member may be missing", "a choice may have a delta", "an integer may have a fraction"]
)
def test_a_wrong_export_is_found_by_hypothesis(name: str) -> None:
    pair = wrong(name)
    search = settings(max_examples=5000, derandomize=True, database=None, phases=[Phase.generate])
    near = pair.values.flatmap(lambda value: changed(value, pair.words))
    find(near, lambda value: not pair.agree(value), settings=search)
