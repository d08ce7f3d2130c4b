import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatfake.core.json_text import (
    JsonError,
    JsonValue,
    RepeatedNames,
    canonical,
    digest,
    dump,
    encode,
    json_type,
    parse,
    parse_first,
)
from tests.fakeserver.asking import json_values


@given(json_values)
def test_parse_reads_what_json_writes(value: JsonValue) -> None:
    assert parse(encode(dump(value))) == value


@given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_parse_raises_nothing_but_json_error(data: bytes) -> None:
    try:
        value = parse(data)
    except JsonError:
        return
    encode(dump(value))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b'{"a": NaN}',
        b"[Infinity]",
        b"[1e999]",
        b"[" + b"9" * 400 + b"]",
        b"[" * 101 + b"]" * 101,
        b"[" * 1_000_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b'"\xff"',
        b"\xef\xbb\xbf{}",
        b'"' + b'\\"' * 500_000,
        "{}".encode("utf-16"),
        b"{} {}",
    ],
    ids=lambda data: repr(data[:12]),
)
def test_parse_refuses(data: bytes) -> None:
    with pytest.raises(JsonError):
        parse(data)


def test_parse_counts_brackets_outside_strings_only() -> None:
    assert parse(b'["' + b"[" * 500 + b'\\""]') == ["[" * 500 + '"']
    assert parse(b"[" * 100 + b"]" * 100)


def test_parse_replaces_lone_surrogates_and_keeps_pairs() -> None:
    assert parse(rb'{"\ud800": ["\udc00x", "\ud83d\ude00"]}') == {"\ufffd": ["\ufffdx", "😀"]}


@given(json_values, st.sampled_from([None, 1, 3]), st.booleans())
def test_first_value_is_read_whatever_comes_after_it(
    value: JsonValue, indent: int | None, ascii_only: bool
) -> None:
    data = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode(errors="replace")
    for after in (b"", b" \xff", b" {", b"\n]"):
        assert parse_first(b" \n" + data + after) == parse(data)


@given(st.binary() | st.text(alphabet='[]{}",:0123456789.eE+- truefalsn\\u', max_size=30).map(str.encode))
def test_first_value_is_refused_with_json_error_alone(data: bytes) -> None:
    try:
        value = parse_first(data)
    except JsonError:
        if b"\\u" not in data:
            with pytest.raises(JsonError):
                parse(data)
        return
    encode(dump(value))


@pytest.mark.parametrize(
    "data",
    [
        b"", b"nul", b"nulx", b"-", b"1e999", b"x", b"[1\n,]", b"[1 2]", b'{"a" 1}', b'{"a":1 "b"}', b"{1:2}", b'"\\x"',
        b'"a\nb"', b'"\xff"', rb'"\ud800"', rb'["\udc00"]', b"[NaN]", b"9" * 400, b"[" * 200, b"[" * 101 + b"]" * 101,
        b'{"a":' * 100_000,
    ],
    ids=lambda data: repr(data[:12]),
)  # fmt: skip
def test_first_value_is_refused_as_any_other(data: bytes) -> None:
    with pytest.raises(JsonError):
        parse_first(data)


def test_first_value_tells_of_names_that_come_twice() -> None:
    found = parse_first(b'{"a": 1, "b": {"c": 1, "c": 2}, "a": 3}')
    assert isinstance(found, RepeatedNames)
    assert (found, found.names) == ({"a": 3, "b": {"c": 2}}, ("a",))
    assert not isinstance(parse_first(b'{"a": 1}'), RepeatedNames)


def test_negative_zero_is_no_integer_in_a_first_value() -> None:
    assert [type(one) for one in (parse_first(b"-0"), parse_first(b"-1"), parse_first(b"0"))] == [
        float,
        int,
        int,
    ]


def test_encode_replaces_lone_surrogates() -> None:
    assert encode("a\ud800") == "a\ufffd".encode()


def test_canonical_is_the_same_for_any_order() -> None:
    assert canonical({"a": 1, "b": 2}) == canonical(json.loads('{"b":2,"a":1}'))


def test_digest_tells_where_a_text_ends() -> None:
    assert digest("ab", "c") != digest("a", "bc")


def test_json_type_names_every_type() -> None:
    values: list[JsonValue] = [None, True, 1, 1.5, "", [], {}]
    assert [json_type(value) for value in values] == [
        "null",
        "a boolean",
        "an integer",
        "a decimal number",
        "a string",
        "an array",
        "an object",
    ]
