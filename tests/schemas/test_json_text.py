"""The quick way to read JSON against the definition."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatschema.core.json_text import JsonText, NotJsonError, _load, load, too_deep
from tests.schemas.replies import JSON

PIECES = st.sampled_from(
    [
        *(
            '{"a": 1, "a": 2}',
            '{"a": {"b": 1, "b": 1}}',
            "NaN",
            "-Infinity",
            "1e999",
            "9" * 5000,
            "01",
            '"\\ud800"',
        ),
        *(
            "[" * 100 + "]" * 100,
            "[" * 101 + "]" * 101,
            "[" * 60 + '{"a":' * 60,
            "[" * 15_000,  # three of them are within what is read
            "{}" * 101,
            "\ufeff{}",
        ),
        *(
            "",
            " ",
            "\n",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            '"',
            "\x00",
            "1",
            "true",
            '"\t"',
            " null ",
            "\u2028",
            "\x0c",
        ),
    ]
)
TEXTS = (
    st.text(max_size=10)
    | JSON.map(json.dumps)
    | st.lists(PIECES | JSON.map(json.dumps), max_size=3).map("".join)
)


def said(text: str, *, quick: bool) -> str:
    try:
        return repr(load(text) if quick else _load(text))
    except NotJsonError as error:
        return f"refused: {error}"


@given(TEXTS)
def test_quick_way_reads_and_refuses_what_the_definition_does(text: str) -> None:
    assert said(text, quick=True) == said(text, quick=False)


@pytest.mark.parametrize("blanks", ["", " ", "\r\n\t ", "\n"])
def test_blanks_around_a_value_are_nothing(blanks: str) -> None:
    assert load(f'{blanks}{{"a": 1}}{blanks}') == JsonText(value={"a": 1})


@given(JSON, st.integers(min_value=0, max_value=120))
def test_depth_is_counted_in_lists_and_objects(value: object, more: int) -> None:
    def depth(here: object) -> int:
        if not isinstance(here, dict | list):
            return 0
        inner = here.values() if isinstance(here, dict) else here
        return 1 + max(map(depth, inner), default=0)

    for number in range(more):
        value = [value, 1] if number % 2 else {"a": value, "b": [1]}
    assert too_deep(value) == (depth(value) > 100)
