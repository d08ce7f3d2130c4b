import json
import re
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatfake.core.json_text import dump
from chatfake.generation.regex_example import regex_example
from chatfake.generation.schema_example import schema_example
from chatfake.request.validation.schema import schema_problem
from tests.fakeserver.asking import json_values
from tests.portion import share

names = st.sampled_from(["city", "days", "kind", "notes"])


def _sized(kind: str, low: str, high: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.tuples(st.integers(0, 5), st.integers(0, 5)).map(
        lambda pair: {"type": kind, low: min(pair), high: max(pair)}
    )


@st.composite
def numbers(draw: st.DrawFn) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": draw(st.sampled_from(["integer", "number"]))}
    low = draw(st.integers(-20, 20))
    if draw(st.booleans()):
        schema[draw(st.sampled_from(["minimum", "exclusiveMinimum"]))] = low
    if draw(st.booleans()):
        schema[draw(st.sampled_from(["maximum", "exclusiveMaximum"]))] = low + draw(st.integers(12, 40))
    if draw(st.booleans()):
        schema["multipleOf"] = draw(st.sampled_from([1, 2, 5, 0.5]))
    return schema


leaves = st.one_of(
    numbers(),
    _sized("string", "minLength", "maxLength"),
    st.sampled_from(
        [
            {"type": "boolean"},
            {"type": "null"},
            {"type": "string"},
            {"type": ["string", "null"]},
            {"type": "string", "format": "date"},
            {"type": "string", "pattern": "^[A-Z]{3}-\\d+$"},
            {"const": {"a": [1]}},
            {},
            True,
        ]
    ),
    st.lists(json_values, min_size=1, max_size=3).map(lambda values: {"enum": values}),
)


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    objects = st.tuples(
        st.dictionaries(names, inner, max_size=3), st.lists(names, max_size=2, unique=True)
    ).map(lambda pair: {"type": "object", "properties": pair[0], "required": pair[1]})
    closed = objects.map(
        lambda schema: {**schema, "required": list(schema["properties"]), "additionalProperties": False}
    )
    arrays = st.tuples(inner, st.integers(0, 3)).map(
        lambda pair: {"type": "array", "items": pair[0], "minItems": pair[1]}
    )
    either = st.lists(inner, min_size=1, max_size=2).map(lambda schemas: {"anyOf": schemas})
    referred = inner.map(lambda schema: {"$defs": {"it": schema}, "allOf": [schema]})
    return objects | closed | arrays | either | referred


@given(st.recursive(leaves, _containers, max_leaves=6))
@share(0.6)
def test_instance_fits_its_schema(schema: Any) -> None:
    made = schema_example(schema if isinstance(schema, dict) else {})
    jsonschema.validate(made, schema)


@given(
    st.dictionaries(
        st.sampled_from(["type", "properties", "items", "enum", "anyOf", "$ref", "minimum"]), json_values
    )
)
def test_instance_of_any_object_is_json(schema: dict[str, Any]) -> None:
    if schema_problem(schema) is None:
        made = schema_example(schema)
        assert json.loads(dump(made)) == made


def test_instance_of_a_recursive_schema_ends() -> None:
    node: dict[str, Any] = {
        "type": "object",
        "properties": {"next": {"$ref": "#"}, "name": {"type": "string"}},
        "required": ["name"],
    }
    jsonschema.validate(schema_example(node), node)


def test_instance_follows_references_into_definitions() -> None:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {"where": {"$ref": "#/$defs/place"}, "when": {"anyOf": [{"$ref": "#/$defs/day"}]}},
        "required": ["where", "when"],
        "$defs": {
            "place": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
            "day": {"type": "string", "enum": ["today"]},
        },
    }
    assert schema_example(schema) == {"where": {"city": "city"}, "when": "today"}


def test_instance_of_unique_items_differs() -> None:
    items: list[dict[str, Any]] = [
        {"type": "integer", "minimum": 3},
        {"type": "string"},
        {"enum": ["a", "b", "c"]},
    ]
    for item in items:
        schema: dict[str, Any] = {"type": "array", "items": item, "minItems": 3, "uniqueItems": True}
        jsonschema.validate(schema_example(schema), schema)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array", "minItems": 10**9, "items": {"type": "array", "minItems": 10**9}},
        {"type": "string", "minLength": 10**12},
        {"$ref": "#"},
        {"allOf": [{"$ref": "#"}, {"$ref": "#"}]},
        {"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#"}}},
        {"minimum": 10**200, "maximum": -(10**200)},
    ],
    ids=str,
)
def test_instance_of_an_impossible_schema_is_bounded(schema: dict[str, Any]) -> None:
    assert len(dump(schema_example(schema))) < 5_000_000


@pytest.mark.parametrize(
    "pattern",
    [
        r"^[A-Z]{3}$",
        r"^\d{4}-\d{2}-\d{2}$",
        r"^(foo|bar)+$",
        r"[^a-z]",
        r"^[\w.]+@[\w.]+\.\w{2,}$",
        r"^#?([a-f0-9]{6}|[a-f0-9]{3})$",
        r"^\s*\S+?$",
        r"^(a|b)\1$",
        r"^[^\s/]+/[^\s/]+$",
        r"^.{3,5}\D$",
    ],
)
def test_matching_writes_a_text_that_the_pattern_matches(pattern: str) -> None:
    text = regex_example(pattern)
    assert text is not None
    assert re.search(pattern, text)


def test_matching_draws_a_repeat_out_to_the_length_that_is_asked() -> None:
    text = regex_example(r"^[a-z]+$", 12)
    assert text is not None
    assert re.fullmatch(r"[a-z]{12,}", text)


@pytest.mark.parametrize("pattern", ["(", "(?=a)b", "x" * 5_000, "((a{1000}){1000}){1000}", "(a+)+" * 300])
def test_matching_gives_up_on_what_is_past_its_means(pattern: str) -> None:
    assert regex_example(pattern) is None or len(regex_example(pattern) or "") < 20_000


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "nonsense"},
        {"type": ["string", 3]},
        {"type": []},
        {"properties": []},
        {"properties": {"a": 3}},
        {"items": "x"},
        {"required": "a"},
        {"required": [1]},
        {"enum": "a"},
        {"minLength": -1},
        {"minimum": "low"},
        {"multipleOf": 0},
        {"anyOf": []},
        {"allOf": {}},
        {"not": 1},
        {"$defs": {"a": {"type": "x"}}},
        {"pattern": 3},
    ],
    ids=str,
)
def test_schema_problem_is_found(schema: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.SchemaError):
        jsonschema.Draft202012Validator.check_schema(schema)
    assert schema_problem(schema)


@given(st.recursive(leaves, _containers, max_leaves=6))
def test_schema_problem_is_none_for_a_schema(schema: Any) -> None:
    assert schema is True or schema_problem(schema) is None
