"""What stood there, in the words of a report."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatschema.core.describe import json_path, seen
from tests.schemas.replies import JSON


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "null"),
        (True, "true (a boolean)"),
        ("12", '"12" (a string)'),
        (12, "12 (a number)"),
        (1.5, "1.5 (a number)"),
        (10**70, "an integer of more than 60 digits (a number)"),
        ([], "[] (an empty list)"),
        ([1, 2], "a list of 2"),
        ({}, "{} (an empty object)"),
        ({"a": 1, "b": 2}, 'an object with "a", "b"'),
        ("\ud83d", '"\\ud83d" (a string)'),
        (b"x", "no JSON value (bytes)"),
    ],
)
def test_seen_names_value_and_type(value: object, words: str) -> None:
    assert seen(value) == words


@given(JSON | st.text(min_size=50) | st.dictionaries(st.text(min_size=40), st.none(), min_size=3))
def test_seen_is_short_and_printable(value: object) -> None:
    words = seen(value)
    assert len(words) < 120
    words.encode()


def test_seen_marks_a_cut_text() -> None:
    assert seen("x" * 100) == json.dumps("x" * 59)[:-1] + '…" (a string)'


@pytest.mark.parametrize(
    ("parts", "path"),
    [((), "$"), (("choices", 0, "delta"), "$.choices[0].delta"), (("a.b", "", "ü"), '$["a.b"][""]["ü"]')],
)
def test_json_path_quotes_what_is_no_plain_name(parts: tuple[str | int, ...], path: str) -> None:
    assert json_path(parts) == path
