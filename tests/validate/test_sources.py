"""What a command line names, and how its bytes are had."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.validate import Origin, Source, Unreadable, sources
from chatproof.validate.files import sources as opening
from chatproof.validate.files.read import FileFormat, format_of
from chatproof.validate.files.sources import HEAD, STDIN, BrokenError, open_file, suffix_of
from chatproof.validate.judging.verdict import Outcome
from tests.validate.bodies import COMPLETION, STREAM
from tests.validate.judging import verdicts


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with recordings and with what is none, as the working directory."""
    names = "a.json b.JSONL c.sse.gz d.py .e.json sub/f.har sub/g.yml sub/[h].json .git/i.json venv/pyvenv.cfg venv/j.json"
    for name in [*names.split(), "node_modules/k.json", "sub/deep/l.txt"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"{}")
    (tmp_path / "link").symlink_to(tmp_path / "sub")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.json")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def named(*arguments: str, leave_out: tuple[str, ...] = ()) -> list[str]:
    found = sources(arguments, leave_out=leave_out)
    return [source.name if isinstance(source, Source) else source.why for source in found]


def test_directory_is_searched_for_known_suffixes_in_order(tree: Path) -> None:
    del tree
    assert named(".") == [
        "a.json", "b.JSONL", "c.sse.gz",
        "sub/[h].json", "sub/f.har", "sub/g.yml", "sub/deep/l.txt",
    ]  # fmt: skip


def test_each_file_is_read_once_and_keeps_its_first_name(tree: Path) -> None:
    del tree
    assert named("sub/f.har", "./sub/f.har", "link/f.har", "sub/*.har") == ["sub/f.har"]
    assert named("a.json", "c.sse.gz", leave_out=("./a.json",)) == ["c.sse.gz"]


def test_name_with_brackets_is_a_file_before_it_is_a_pattern(tree: Path) -> None:
    del tree
    assert named("sub/[h].json") == ["sub/[h].json"]
    assert named("[ab].*") == ["a.json", "b.JSONL"]
    assert named("[xy].*") == ["no file fits this pattern"]


def test_file_that_is_named_may_be_anything_and_is_not_looked_for_before_it_is_read(tree: Path) -> None:
    del tree
    assert named("d.py", "nowhere", "-", ".e.json") == ["d.py", "nowhere", STDIN, ".e.json"]
    (source,) = sources(["nowhere"])
    assert isinstance(source, Source)
    assert source.size == 0


def test_what_a_directory_holds_was_found_and_the_rest_is_what_the_user_says(tree: Path) -> None:
    del tree
    found = [source for source in sources(["d.py", "sub"]) if not isinstance(source, Unreadable)]
    assert [source.origin for source in found] == [Origin.NAMED] + [Origin.FOUND] * 4
    assert [one.origin for one in sources(["d.py", "s*/f.har"], Origin.FOUND) if isinstance(one, Source)] == [
        Origin.FOUND
    ] * 2


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("a.json", ".json"), ("a.JSONL.gz", ".jsonl"), ("x/a.tar.GZ", ".tar"), (".json", ""), ("a", "")],
)
def test_suffix_is_that_of_what_is_packed(name: str, suffix: str) -> None:
    assert suffix_of(name) == suffix


def read(path: Path) -> tuple[bytes, int]:
    counted: list[int] = []
    with open_file(Source(name=str(path), path=path), counted.append) as stream:
        head = stream.peek(HEAD)
        data = stream.read()
        assert data.startswith(head)
        return data, sum(counted)


@given(data=st.binary(max_size=50), times=st.integers(1, 3))
def test_bytes_of_a_file_are_its_own_or_what_was_packed(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, times: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "plain"
    path.write_bytes(b"-" + data)
    assert read(path) == (b"-" + data, len(data) + 1)
    packed = gzip.compress(data, mtime=0) * times
    path.write_bytes(packed)
    assert read(path) == (data * times, len(packed))


def test_head_is_all_of_a_small_file_and_a_block_of_a_large_one(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(3 * HEAD))
    with open_file(Source(name="a", path=path), lambda _count: None) as stream:
        assert len(stream.peek(HEAD)) == HEAD


@pytest.mark.parametrize("cut", [3, 8, 12])
def test_gzip_that_is_cut_or_followed_by_something_else_is_told(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(STREAM)[:-cut])
    with pytest.raises(BrokenError, match="damaged or cut short"):
        read(path)
    path.write_bytes(gzip.compress(STREAM) + b"junk")
    with pytest.raises(BrokenError, match="damaged or cut short"):
        read(path)


def test_gzip_that_is_a_bomb_is_told_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "ITEM_LIMIT", 2_000_000)
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(bytes(20_000_000)))
    with (
        open_file(Source(name="a", path=path), lambda _count: None) as stream,
        pytest.raises(BrokenError, match="300 times"),
    ):
        stream.read()


@pytest.mark.parametrize(
    ("head", "suffix", "form"),
    [
        (b"", ".json", FileFormat.EMPTY),
        (b"\xef\xbb\xbf \r\n\t", "", FileFormat.EMPTY),
        (b"{}", "", FileFormat.JSON),
        (b"\xef\xbb\xbf {}", ".txt", FileFormat.JSON),
        (b"{}\n{}", ".json", FileFormat.LINES),
        (b"{}\n", ".json", FileFormat.JSON),
        (b"{}\n\n \n", "", FileFormat.JSON),
        (b"{}", ".jsonl", FileFormat.LINES),
        (b"[1]\n[2]", "", FileFormat.LINES),
        (b'{"a": "x\n{"b": 1}\n', "", FileFormat.LINES),
        (b'{\n"a": {}\n}', "", FileFormat.JSON),
        (b'[\n{"a": 1}\n]', "", FileFormat.JSON),
        (b'{"a": [\n{}\n]}', "", FileFormat.JSON),
        (b"[console_scripts]\n", ".txt", FileFormat.UNKNOWN),
        (b"[tool.poetry]\n", ".txt", FileFormat.UNKNOWN),
        (b"[network]\n", ".txt", FileFormat.UNKNOWN),
        (b"[true, 1]", ".txt", FileFormat.JSON),
        (b"{'id': 1}", ".txt", FileFormat.UNKNOWN),
        (b"data: tomorrow\n", ".txt", FileFormat.UNKNOWN),
        (b"data: {'id': 1}\n", ".sse", FileFormat.EVENTS),
        (b"broken\n{}", ".ndjson", FileFormat.LINES),
        (STREAM, ".txt", FileFormat.EVENTS),
        (b": keep-alive\n\ndata: {}\n\n", "", FileFormat.EVENTS),
        (b"id: 1\ndata: x\n", ".yaml", FileFormat.YAML),
        (b"interactions:\n- request:", "", FileFormat.YAML),
        (b"---\nhttp_interactions:\n", ".txt", FileFormat.YAML),
        (b"version: 1\ninteractions: []", "", FileFormat.YAML),
        (b'{"interactions": []}', ".yaml", FileFormat.YAML),
        (b"HTTP/1.1 200 OK\r\n\r\n{}", "", FileFormat.HTTP),
        (b"HTTP/2 200 \n\n{}", ".txt", FileFormat.HTTP),
        (b"\xff\xfe{\x00}\x00", ".json", FileFormat.UTF16),
        (b"<html>", ".json", FileFormat.UNKNOWN),
        (b"hello", ".txt", FileFormat.UNKNOWN),
        (COMPLETION + b"\n" + COMPLETION, "", FileFormat.LINES),
    ],
)
def test_format_is_told_from_how_a_file_begins(head: bytes, suffix: str, form: FileFormat) -> None:
    assert format_of(head, suffix) is form


@given(head=st.binary(max_size=30), suffix=st.sampled_from([".json", ".jsonl", ".yaml", ".sse", ""]))
def test_any_beginning_has_a_format(head: bytes, suffix: str) -> None:
    assert format_of(head, suffix) in FileFormat


@pytest.mark.parametrize("pack", [gzip.compress, bytes])
def test_blanks_before_a_body_are_passed_over_however_many(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    blanks = b" \n" * HEAD
    path = tmp_path / "a.jsonl"
    path.write_bytes(pack(blanks + COMPLETION + b"\n{"))
    first, second = verdicts(path)
    assert first.outcome is Outcome.VALID
    assert (first.place.item, first.place.line) == (f"line {HEAD + 1}", HEAD + 1)
    assert (second.outcome, second.place.line) == (Outcome.UNREADABLE, HEAD + 2)
    path.write_bytes(pack(blanks))
    (empty,) = verdicts(path)
    assert (empty.outcome, empty.why) == (Outcome.UNREADABLE, "is empty")


CUT = b'{"id": "chatcmpl-1", "obj'


@pytest.mark.parametrize("origin", Origin)
@pytest.mark.parametrize("lines", [[COMPLETION, CUT], [CUT, COMPLETION], [b"{}", CUT, COMPLETION]])
def test_line_that_is_cut_is_unreadable_in_a_file_of_answers(
    tmp_path: Path, origin: Origin, lines: list[bytes]
) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n")
    found = verdicts(path, origin=origin)
    assert [one.place.line for one in found] == [*range(1, len(lines) + 1)]
    cut = found[lines.index(CUT)]
    assert cut.outcome is Outcome.UNREADABLE
    assert cut.why.startswith("The body is no JSON: Unterminated string")


def test_line_that_is_cut_is_passed_over_in_a_found_file_without_answers(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(b'{"level": "info"}\n' + CUT + b"\n")
    assert {one.outcome for one in verdicts(path, origin=Origin.FOUND)} == {Outcome.SKIPPED}
    path.write_bytes((CUT + b"\n") * 3000 + COMPLETION)
    outcomes = [one.outcome for one in verdicts(path, origin=Origin.FOUND)]
    assert (len(outcomes), outcomes[-1]) == (3001, Outcome.VALID)
