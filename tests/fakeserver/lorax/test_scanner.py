"""The scanner reads what JSON is, whichever way it goes over it."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatfake.lorax.errors import Broken, Mistaken, number_seen
from chatfake.lorax.scanner import Scanner
from tests.fakeserver.asking import json_values

SPACES = st.sampled_from([None, 1, 3])


def end_of(data: bytes) -> int:
    scanner = Scanner(data)
    scanner.any()
    return scanner.at


def broken(data: bytes) -> str:
    with pytest.raises(Broken) as found:
        end_of(data)
    return found.value.told(data)


@given(json_values, SPACES, st.booleans())
def test_any_value_is_read_to_its_end(value: object, indent: int | None, ascii_only: bool) -> None:
    data = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode(errors="replace")
    assert end_of(data) == len(data)
    # a byte that is no UTF-8, after it, has the scanner go step by step
    assert end_of(data + b" \xff") == len(data)


@given(
    st.binary(max_size=30)
    | st.text(alphabet='[]{}",:0123456789.eE+- truefalsn\\u', max_size=30).map(str.encode)
)
@example(b"[1 2]")
@example(b'{"a":1,}')
@example(b'["\\ud800"]')
def test_both_ways_say_the_same_of_any_bytes(data: bytes) -> None:
    def told(text: bytes) -> int | str:
        try:
            return end_of(text)
        except Broken as error:
            return error.told(text)

    quick = told(data)
    if isinstance(quick, int) and b"\\ud" not in data.lower() and data.strip()[:1] in (b"[", b"{"):
        json.loads(data[:quick])
        assert told(data + b" \xff") == quick


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "EOF while parsing a value at line 1 column 0"),
        (b"nul", "EOF while parsing a value at line 1 column 3"),
        (b"nulx", "expected ident at line 1 column 4"),
        (b"01", "invalid number at line 1 column 2"),
        (b"-", "invalid number at line 1 column 1"),
        (b"1e999", "number out of range at line 1 column 5"),
        (b"x", "expected value at line 1 column 1"),
        (b"[1\n,]", "trailing comma at line 2 column 2"),
        (b"[1 2]", "expected `,` or `]` at line 1 column 4"),
        (b'{"a" 1}', "expected `:` at line 1 column 6"),
        (b'{"a":1 "b"}', "expected `,` or `}` at line 1 column 8"),
        (b"{1:2}", "key must be a string at line 1 column 2"),
        (b'"\\x"', "invalid escape at line 1 column 3"),
        (b'"a\nb"', "control character (\\u0000-\\u001F) found while parsing a string at line 2 column 0"),
        (b'"\xff"', "invalid unicode code point at line 1 column 3"),
        (b"[" * 200, "recursion limit exceeded at line 1 column 128"),
        (b"[NaN]", "expected value at line 1 column 2"),
    ],
)
def test_what_is_broken_is_told_with_its_place(data: bytes, sentence: str) -> None:
    assert broken(data) == sentence


@pytest.mark.parametrize(
    ("digits", "seen"),
    [
        (b"-1", "integer `-1`"),
        (b"20.0", "floating point `20.0`"),
        (b"18446744073709551615", "integer `18446744073709551615`"),
        (b"18446744073709551616", "floating point `18446744073709552000.0`"),
        (b"1e21", "floating point `1000000000000000000000.0`"),
        (b"-0", "floating point `-0.0`"),
    ],
)
def test_numbers_are_shown_as_rust_shows_them(digits: bytes, seen: str) -> None:
    assert number_seen(digits) == seen


def test_mistake_names_the_path() -> None:
    scanner = Scanner(b"true")
    scanner.path += [".parameters", ".stop", "[1]"]
    with pytest.raises(Mistaken) as found:
        scanner.unlike("a string")
    assert found.value.told(b"true") == (
        "parameters.stop[1]: invalid type: boolean `true`, expected a string at line 1 column 4"
    )
