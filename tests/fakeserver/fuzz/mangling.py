"""Bytes that were right and are no more: seeds with a few changes, each of a sort that breaks parsers."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

#: Pieces of JSON that readers differ on.
JSON_JUNK: tuple[bytes, ...] = (
    b"null", b"true", b"NaN", b"-Infinity", b"1e999", b"-0", b"1" * 400, b"0.1e-400", b"01", b'""', b"[]", b"{}",
    b"[" * 120, b'{"a":' * 120, b"[" * 5_000, b"]" * 120, b'"\\ud800"', b'"\\udc00\\ud800"', b'"\\u0000"', b"\\", b"\x00",
    b"\xef\xbb\xbf", b"\xff\xfe", b"\xc3\x28", b"\xed\xa0\x80", b'"', b",", b":", b"'", b"//", b'"model":1,',
    b'"model":"fake/text",', b'"stream":true,', b'"n":128,', b'"messages":[],', b'"messages":[{}],', b"\\u",
    "\u0301".encode() * 200, "\u200d👩".encode() * 100, b"9223372036854775808", b"x" * 70_000,
)  # fmt: skip
#: Pieces of HTTP/1.1 that are wrong somewhere, or right and rare.
HTTP_JUNK: tuple[bytes, ...] = (
    b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\x00", b" ", b"\t", b":", b"\r\n folded", b"\r\n\tfolded", b"HTTP/0.9",
    b"HTTP/1.0", b"HTTP/2.0", b"HTTP/1.9", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"content-length: -1\r\n",
    b"content-length: 5\r\n", b"content-length: 0\r\n", b"content-length: 99999999999999999999\r\n",
    b"content-length: 5, 5\r\n", b"content-length: 0x10\r\n", b"content-length: +3\r\n",
    b"transfer-encoding: chunked\r\n", b"transfer-encoding: gzip, chunked\r\n", b"transfer-encoding: identity\r\n",
    b"transfer-encoding : chunked\r\n", b"expect: 100-continue\r\n", b"expect: 200-maybe\r\n", b"connection: close\r\n",
    b"connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: eA==\r\n",
    b"upgrade: h2c\r\nhttp2-settings: AAMAAABk\r\nconnection: upgrade, http2-settings\r\n", b"host: a\r\nhost: b\r\n",
    b"host:\r\n", b"0\r\n\r\n", b"5\r\nhello\r\n", b"ffffffffffffffffff\r\n", b"-1\r\n", b'5;ext="\r\n\r\n',
    b"0\r\ntrailer: x\r\n\r\n", b"content-encoding: gzip\r\n", b"content-type: text/plain; charset=utf-16\r\n",
    b"x-fake-delay: nan\r\n", b"x-fake-delay: -1\r\n", b"x-fake-delay: 1e-9\r\n", b"x-fake-latency: normal:0:0\r\n",
    b"x-fake-latency: trace:/etc/passwd\r\n", b"x-fake-latency: lognormal:0:1e9\r\n", b"x-fake-dialect: nobody\r\n",
    b"x-fake-scenario: http-599\r\n", b"x-fake-scenario: +*=\r\n", b"x-stainless-retry-count: 99999\r\n", b"GET ",
    b"OPTIONS * HTTP/1.1\r\n", b"CONNECT a:443 HTTP/1.1\r\n", b"TRACE / HTTP/1.1\r\n", b"?", b"#", b"%", b"%00", b"%ff",
    b"%2f..%2f", b"//", b"http://evil/", b"x" * 9_000, b"x: " + b"y" * 70_000 + b"\r\n", b"x: y\r\n" * 300, b"\xff\xfe\xfd",
)  # fmt: skip
#: Pieces of YAML that are costly, clever or wrong.
YAML_JUNK: tuple[bytes, ...] = (
    b"&a [*a]", b"&x [1]\n- *x", b"<<: {text: x}", b"!!python/object/apply:os.system [ls]", b"!!binary aGk=", b"!!set {a}",
    b"2001-01-01", b".nan", b".inf", b"0o7", b"1_000", b"~", b"? a\n: b", b"|\n  x", b">-\n x", b"- ", b"{", b"[", b"]", b": ",
    b"[" * 50, b"- " * 50, b"\t", b"%YAML 9.9\n---\n", b"---\n", b"...\n", b"#", b"\x00", b"\x85", b"\xff", b"'", b'"\\x', b"9" * 5_000,
    b"{matches: '(a+)+b'}", b"{matches: '(?=a)'}", b"{matches: '" + b"(" * 200 + b"'}", b"{turn: 0}", b"keys:\n", b"dry: error\n",
    b"rules:\n", b"turns:\n 1: text\n", b"answers: []\n", b"{plan: http-500*100}", b"http-500*100", b"text+" * 20, b"delay-first-byte=1e9", b"x" * 30_000,
)  # fmt: skip

Change = Callable[[bytes, st.DataObject], bytes]


@st.composite
def mangled(draw: st.DrawFn, seeds: Sequence[bytes], junk: Sequence[bytes]) -> bytes:
    """One of the seeds after up to five changes."""
    data = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(0, 5))):
        place = draw(st.integers(0, len(data)))
        length = draw(st.sampled_from((0, 1, 1, 2, 5, 20, 200)))
        match draw(st.sampled_from(("put", "put", "replace", "cut", "drop", "twice", "flip", "join"))):
            case "put":
                data = data[:place] + draw(st.sampled_from(junk)) + data[place:]
            case "replace":
                data = data[:place] + draw(st.sampled_from(junk)) + data[place + length :]
            case "cut":
                data = data[:place]
            case "drop":
                data = data[:place] + data[place + length :]
            case "twice":
                data = (
                    data[:place]
                    + data[place : place + length] * draw(st.sampled_from((2, 3, 50)))
                    + data[place:]
                )
            case "flip":
                data = data[:place] + bytes([draw(st.integers(0, 255))]) + data[place + 1 :]
            case _:
                other = draw(st.sampled_from(seeds))
                data = data[:place] + other[draw(st.integers(0, len(other))) :]
    return data


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([0, -1, 1, 2**63, 10**290, 1e308, -0.0, 1.5])
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(
        ["", "auto", "none", "function", "user", "\x00", "🏽", "a" * 5_000, "fake/text", "text", "object"]
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@st.composite
def changed(draw: st.DrawFn, seeds: Sequence[Any]) -> Any:
    """One of the values, with other values in up to three places of it."""
    value = json.loads(json.dumps(draw(st.sampled_from(seeds))))
    for _ in range(draw(st.integers(1, 3))):
        value = _changed(draw, value)
    return value


def _changed(draw: st.DrawFn, value: Any) -> Any:
    keys = (
        list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    )
    if not keys or draw(st.integers(0, 5)) == 0:
        return draw(json_values)
    key = draw(st.sampled_from(keys))
    match draw(st.sampled_from(("inside", "inside", "inside", "drop", "twice"))):
        case "drop":
            del value[key]
        case "twice" if isinstance(value, list):
            value.extend([value[key]] * draw(st.integers(1, 30)))
        case _:
            value[key] = _changed(draw, value[key])
    return value
