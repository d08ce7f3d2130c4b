"""Any bytes in a file of any name: verdicts, and never a traceback."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.validate import Origin
from chatproof.validate.files import json_lines
from chatproof.validate.files import read as event_dump
from chatproof.validate.judging.verdict import Outcome
from tests.validate.bodies import COMPLETION, STREAM
from tests.validate.containers import CONTAINERS
from tests.validate.judging import verdicts

SUFFIXES = [".json", ".jsonl", ".sse", ".txt", ".har", ".yaml", ".yml", ""]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all examples."""
    return tmp_path_factory.mktemp("hostile")


def judge(folder: Path, suffix: str, data: bytes) -> None:
    path = folder / f"a{suffix}"
    path.write_bytes(data)
    for origin in Origin:
        for verdict in verdicts(path, origin=origin):
            assert verdict.outcome in Outcome
            assert verdict.place.line >= 1
            if verdict.outcome in {Outcome.SKIPPED, Outcome.UNREADABLE}:
                assert verdict.why
            else:
                assert verdict.kind


# what formats are made of, in any order
pieces = st.lists(
    st.sampled_from(
        [
            *(
                b"{",
                b"}",
                b"[",
                b"]",
                b'"',
                b"\\",
                b":",
                b",",
                b"\n",
                b"\r\n",
                b" ",
                b"- ",
                b"&a ",
                b"*a",
                b"!!binary ",
            ),
            *(
                b"\xef\xbb\xbf",
                b"\xff",
                b"\x00",
                b"data: ",
                b"[DONE]",
                b"null",
                b"1e999",
                b"NaN",
                b"--- ",
                b"? ",
                b"| ",
            ),
            *(
                b'"log"',
                b'"entries"',
                b'"interactions"',
                b"interactions:",
                b'"response"',
                b'"request"',
                b'"body"',
            ),
            *(
                b'"content"',
                b'"text"',
                b'"status"',
                b"response:",
                b"body:",
                b"string:",
                b"HTTP/1.1 200 OK",
                b"\n\n",
            ),
            *(b'"choices"', b'"object"', b'"chat.completion"', b"\x1f\x8b", COMPLETION, STREAM),
        ]
    )
    | st.binary(max_size=4),
    max_size=12,
).map(b"".join)


@given(data=pieces | st.binary(max_size=100), suffix=st.sampled_from(SUFFIXES))
def test_any_bytes_in_any_file_are_judged_without_a_traceback(folder: Path, data: bytes, suffix: str) -> None:
    judge(folder, suffix, data)


@given(data=pieces, suffix=st.sampled_from(SUFFIXES), end=st.integers(0, 20))
def test_any_gzip_whole_or_cut_is_judged_without_a_traceback(
    folder: Path, data: bytes, suffix: str, end: int
) -> None:
    packed = gzip.compress(data, mtime=0)
    judge(folder, f"{suffix}.gz", packed[: len(packed) - end])


@given(data=st.data(), name=st.sampled_from(sorted(CONTAINERS)))
def test_container_that_is_damaged_anywhere_is_judged_without_a_traceback(
    folder: Path, data: st.DataObject, name: str
) -> None:
    file, content = CONTAINERS[name](COMPLETION)
    at = data.draw(st.integers(0, len(content)))
    size = data.draw(st.integers(0, 40))
    judge(folder, Path(file).suffix, content[:at] + data.draw(st.binary(max_size=4)) + content[at + size :])


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
_NAMES = ["request", "response", "body", "content", "status", "headers", "url", "method", "encoding", "text"]
_MORE = [
    "string",
    "base64_string",
    "body_base64",
    "parsed_body",
    "log",
    "entries",
    "interactions",
    "custom_id",
    "name",
]
exchanges: st.SearchStrategy[Any] = st.recursive(
    json_values | st.sampled_from([200, 404, "gzip", "base64", COMPLETION.decode(), STREAM.decode()]),
    lambda inner: (
        st.dictionaries(st.sampled_from([*_NAMES, *_MORE]), inner, max_size=5) | st.lists(inner, max_size=3)
    ),
    max_leaves=12,
)


@given(value=exchanges, suffix=st.sampled_from([".json", ".jsonl", ".har", ".yaml"]))
def test_any_value_in_the_place_of_an_exchange_is_judged_without_a_traceback(
    folder: Path, value: Any, suffix: str
) -> None:
    judge(folder, suffix, json.dumps(value).encode())


def test_bytes_after_json_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(COMPLETION + b" and more")
    (verdict,) = verdicts(tmp_path / "a.json")
    assert verdict.outcome is Outcome.UNREADABLE
    assert "no JSON: Extra data" in verdict.why


def test_broken_line_is_one_item_and_the_others_are_judged(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(COMPLETION + b"\n" + COMPLETION[:50] + b"\n\n" + COMPLETION)
    found = verdicts(tmp_path / "a.jsonl")
    assert [verdict.outcome for verdict in found] == [Outcome.VALID, Outcome.UNREADABLE, Outcome.VALID]
    assert [verdict.place.line for verdict in found] == [1, 2, 4]


def test_broken_element_is_one_item_and_the_others_are_judged(tmp_path: Path) -> None:
    data = b"[\n" + COMPLETION + b",\n{'a': 1},\n" + COMPLETION + b"\n]"
    (tmp_path / "a.json").write_bytes(data)
    found = verdicts(tmp_path / "a.json")
    assert [verdict.outcome for verdict in found] == [Outcome.VALID, Outcome.UNREADABLE, Outcome.VALID]
    assert [(verdict.place.item, verdict.place.line) for verdict in found] == [
        ("[0]", 2),
        ("[1]", 3),
        ("[2]", 4),
    ]


def test_array_that_is_cut_gives_what_is_whole(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"[" + COMPLETION + b",\n" + COMPLETION[:100])
    found = verdicts(tmp_path / "a.json")
    assert [verdict.outcome for verdict in found] == [Outcome.VALID, Outcome.UNREADABLE]
    assert "ends in the middle" in found[1].why


def test_line_that_is_too_long_is_one_item_and_the_others_are_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_lines, "ITEM_LIMIT", 3 * len(COMPLETION))
    (tmp_path / "a.jsonl").write_bytes(
        b"\r\n".join([COMPLETION, b'{"a": "' + b"x" * 3_000_000, COMPLETION, b"x" * 9999])
    )
    found = verdicts(tmp_path / "a.jsonl")
    assert [verdict.outcome for verdict in found] == [
        Outcome.VALID,
        Outcome.UNREADABLE,
        Outcome.VALID,
        Outcome.UNREADABLE,
    ]
    assert [verdict.place.line for verdict in found] == [1, 2, 3, 4]
    assert "a line of more than" in found[1].why


def test_event_stream_that_is_too_long_is_not_one_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_dump, "ITEM_LIMIT", 100)
    (tmp_path / "a.sse").write_bytes(STREAM)
    (verdict,) = verdicts(tmp_path / "a.sse")
    assert verdict.outcome is Outcome.UNREADABLE
    assert verdict.why.endswith("not one answer")


@pytest.mark.parametrize(
    ("head", "body", "outcome"),
    [
        (b"HTTP/1.1 200 OK\nContent-Encoding: gzip\n\n", gzip.compress(COMPLETION), Outcome.VALID),
        (b"HTTP/1.1 200 OK\nContent-Encoding: gzip\n\n", gzip.compress(COMPLETION)[:-9], Outcome.UNREADABLE),
        (b"HTTP/1.1 301 Moved\r\nlocation: /\r\n\r\n", b"", Outcome.SKIPPED),
        (b"HTTP/1.1 100 Continue\r\n\r\n", b"", Outcome.SKIPPED),
        (b"HTTP/1.1 502 Bad Gateway", b"", Outcome.UNREADABLE),
        (b"HTTP/1.1 200 OK\r\n\r\n", STREAM.replace(b"\n", b"\r\n"), Outcome.VALID),
    ],
)
def test_answer_with_its_headers_is_judged_without_them(
    tmp_path: Path, head: bytes, body: bytes, outcome: Outcome
) -> None:
    (tmp_path / "a.txt").write_bytes(head + body)
    (verdict,) = verdicts(tmp_path / "a.txt")
    assert verdict.outcome is outcome, verdict
