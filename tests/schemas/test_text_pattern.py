"""A text that a pattern reads is, parsed as a whole, the pattern's own text with other values in their places."""

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chatschema import JsonObject, JsonValue
from chatschema.core.json_text import Place, TextPattern, load, pattern
from tests.schemas.replies import JSON
from tests.schemas.test_shortcut import ODD

NAMES = st.sampled_from(["a", "b", "content", "0", "1", '"', "\\", ":", "é", '\\":', "\ud800", ""])
SCALARS: st.SearchStrategy[Any] = st.none() | st.integers() | st.text(max_size=4)
INNER: st.SearchStrategy[Any] = st.dictionaries(NAMES, SCALARS, max_size=2)
LISTS: st.SearchStrategy[Any] = st.lists(INNER | SCALARS, max_size=2)
OBJECTS: st.SearchStrategy[JsonObject] = st.dictionaries(
    NAMES, SCALARS | INNER | LISTS, min_size=1, max_size=4
)


def members(value: JsonValue, place: Place = ()) -> list[Place]:
    """The ways to the members of all objects, in the order of the text."""
    found: list[Place] = []
    if isinstance(value, dict):
        for name, member in value.items():
            found += [(*place, name), *members(member, (*place, name))]
    elif isinstance(value, list):
        for number, item in enumerate(value):
            found += members(item, (*place, number))
    return found


def put(value: JsonValue, place: Place, new: JsonValue) -> JsonValue:
    if not place:
        return new
    if isinstance(value, dict):
        return {name: put(item, place[1:], new) if name == place[0] else item for name, item in value.items()}
    assert isinstance(value, list)
    return [put(item, place[1:], new) if number == place[0] else item for number, item in enumerate(value)]


def apart(places: list[Place]) -> bool:
    """None of the members is inside another."""
    return not any(one != other and other[: len(one)] == one for one in places for other in places)


LAYOUT = st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", "\t: ")])


@given(st.data(), OBJECTS, LAYOUT, st.booleans())
def test_text_with_other_values_reads_as_it_parses(
    data: st.DataObject, value: JsonObject, layout: tuple[str, str], ascii_only: bool
) -> None:
    text = json.dumps(value, separators=layout, ensure_ascii=ascii_only)
    every = members(value)
    numbers = data.draw(st.lists(st.integers(0, len(every) - 1), unique=True, max_size=3).map(sorted))
    places = [every[number] for number in numbers]
    assume(apart(places))
    found = pattern(text, places)
    assert found is not None
    assert repr(found.read(text)) == repr([at(value, place) for place in places])
    news = data.draw(st.lists(JSON.map(json.dumps) | st.sampled_from(ODD), min_size=3, max_size=3))
    after = "".join(new + literal for new, literal in zip(news, found.after, strict=False))
    agrees(found, found.start + after, value, places)


@given(st.data(), OBJECTS, st.text(alphabet='"\\:,{}[]a0 \n\ud800é', max_size=4))
def test_text_with_any_change_reads_as_it_parses(data: st.DataObject, value: JsonObject, new: str) -> None:
    text = json.dumps(value)
    places = [data.draw(st.sampled_from(members(value)))]
    found = pattern(text, places)
    assert found is not None
    start = data.draw(st.integers(0, len(text)))
    agrees(found, text[:start] + new + text[data.draw(st.integers(start, len(text))) :], value, places)


def agrees(found: TextPattern, text: str, value: JsonValue, places: list[Place]) -> None:
    read = found.read(text)
    if read is None:
        return
    for place, new in zip(places, read, strict=True):
        value = put(value, place, new)
    whole = load(text)
    assert whole.duplicates == ()
    assert repr(whole.value) == repr(value)


def at(value: JsonValue, place: Place) -> JsonValue:
    for step in place:
        value = value[step]  # type: ignore[index]  # the place comes from the value
    return value


TEXT = '{"a":{"content":"x"},"content":"y","b":[{"c":1},2]}'


def test_pattern_is_cut_at_the_members_that_are_named() -> None:
    found = pattern(TEXT, [("a", "content"), ("b", 0, "c")])
    assert found is not None
    assert found == TextPattern(start='{"a":{"content":', after=('},"content":"y","b":[{"c":', "},2]}"))
    assert found.read(TEXT.replace('"x"', '"\\u00e9"').replace("1", "12.5")) == ["é", 12.5]
    assert found.read(TEXT.replace('"y"', '"x"')) is None


@pytest.mark.parametrize(
    "places",
    [[("d",)], [("a", "x")], [("b", 1)], [("b", 7, "c")], [("content", "c")], [("b",), ("b", 0, "c")], [()]],
)
def test_place_that_is_not_there_gives_no_pattern(places: list[Place]) -> None:
    assert pattern(TEXT, places) is None


@pytest.mark.parametrize(
    "text", [TEXT + " ", " " + TEXT, TEXT + "{}", TEXT[:-1], '{"a":1,"a":2}', '{"a":NaN}', ""]
)
def test_text_that_is_not_one_flawless_value_gives_no_pattern(text: str) -> None:
    assert pattern(text, [("a",)]) is None


@pytest.mark.parametrize(
    ("new", "kept"),
    [("[" * 98 + "]" * 98, True), ("[" * 99 + "]" * 99, False), ("[" * 100_000, False), ("1}", False)],
)
def test_value_that_is_nested_too_deep_is_not_read(new: str, kept: bool) -> None:
    found = pattern('{"a":{"b":1}}', [("a", "b")])
    assert found is not None
    assert (found.read('{"a":{"b":' + new + "}}") is not None) == kept
