"""Shapes of bodies as serde reads them: what fits passes, and what does not is told with its place."""

import pytest

from chatfake.core.json_text import JsonValue, RepeatedNames
from chatfake.dialects.requests.serde import (
    ANY,
    BOOL,
    F32,
    I32,
    STRING,
    U64,
    Shape,
    either,
    maybe,
    named,
    names,
    record,
    several,
    tagged,
)

LETTER = names("a", "b")
THING = record("Thing", {"name": STRING}, {"size": maybe(I32), "any": ANY})
TAGGED = tagged({"text": record("Text", {"text": STRING}, {})})

#: A shape, what fits it, and what does not, with what is said of that.
CASES: list[tuple[Shape, list[JsonValue], list[tuple[JsonValue, str]]]] = [
    (STRING, ["", "x"], [(None, "invalid type, expected a string"), (1, "invalid type, expected a string")]),
    (BOOL, [True, False], [(0, "invalid type, expected a boolean"), (None, "invalid type, expected a boolean")]),
    (F32, [0, -1, 1.5], [(True, "invalid type, expected f32"), ("1", "invalid type, expected f32")]),
    (I32, [-(2**31), 2**31 - 1], [(-(2**31) - 1, "invalid type, expected i32"), (2**31, "invalid type, expected i32")]),
    (U64, [0, 2**64 - 1], [(-1, "invalid type, expected u64"), (2**64, "invalid type, expected u64")]),
    (U64, [], [(1.0, "invalid type, expected u64"), (False, "invalid type, expected u64")]),
    (maybe(I32), [None, 1], [("1", "invalid type, expected i32")]),
    (several(STRING), [[], ["a"]], [("a", "invalid type, expected a sequence"), (["a", 1], "[1]: invalid type, expected a string")]),
    (named(F32), [{}, {"a": 1}], [([], "invalid type, expected a map"), ({"a": "b"}, ".a: invalid type, expected f32")]),
    (either("E", STRING, several(STRING)), ["a", []], [(1, "data did not match any variant of untagged enum E")]),
    (TAGGED, [{"type": "text", "text": ""}], [([], "invalid type, expected internally tagged enum")]),
    (TAGGED, [], [({"type": []}, "unknown variant of `type`"), ({"type": "text"}, "missing field `text`")]),
    (LETTER, ["a", "b"], [("c", "unknown variant, expected one of a, b"), (None, "expected value")]),
    (THING, [{"name": "", "other": []}], [([], "invalid type, expected struct Thing"), ({}, "missing field `name`")]),
    (THING, [{"name": "", "any": None}], [({"name": "", "size": "s"}, "size: invalid type, expected i32")]),
    (several(THING), [[]], [([{"name": 1}], "[0].name: invalid type, expected a string")]),
    (THING, [RepeatedNames([("name", ""), ("x", 1), ("x", 2)])],
     [(RepeatedNames([("name", ""), ("name", "")]), "duplicate field `name`")]),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "fitting", "wrong"), CASES)
def test_shape_takes_what_fits_and_tells_of_the_first_mistake(
    shape: Shape, fitting: list[JsonValue], wrong: list[tuple[JsonValue, str]]
) -> None:
    for good in fitting:
        assert list(shape(good, "")) == []
    for bad, sentence in wrong:
        assert next(shape(bad, ""))[1] == sentence


WRONG_LETTERS: list[JsonValue] = ["c", 1, None, {}]


def test_mistake_is_422_unless_it_is_no_json_of_an_enum() -> None:
    statuses = [next(LETTER(value, ""))[0] for value in WRONG_LETTERS]
    assert statuses == [422, 400, 400, 400]


def test_first_mistake_in_the_order_of_the_text_is_told() -> None:
    both: JsonValue = {"size": "s", "name": 1}
    assert next(THING(both, "x")) == (422, "x.size: invalid type, expected i32")
