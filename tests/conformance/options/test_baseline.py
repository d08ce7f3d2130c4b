"""The file of known failures."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.report.baseline import BaselineError, Known, baseline_text, read_baseline

IDS = ["chat.sse.done", "chat.sse.shape", "chat.json.shape"]
rows = st.lists(
    st.builds(
        Known,
        id=st.sampled_from(IDS),
        reason=st.text(st.characters(exclude_categories=["Cs"])),
        until=st.none() | st.dates(),
        level=st.sampled_from(["must", "should"]),
    ),
    unique_by=lambda row: row.id,
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("baseline") / "known.toml"


@given(rows=rows)
def test_what_is_written_is_read_again(rows: list[Known], file: Path) -> None:
    file.write_bytes(baseline_text(rows).encode())
    assert read_baseline(str(file), IDS, "case") == {row.id: row for row in rows}
    assert [*read_baseline(str(file), IDS, "case").values()] == rows


def test_it_is_written_as_people_write_it() -> None:
    text = baseline_text([Known(id="a.b", reason='"so"\n', until=date(2026, 12, 31), level="should")])
    assert text.splitlines()[1:] == [
        "", "[[known]]", 'id = "a.b"', 'reason = "\\"so\\"\\U0000000A"', "until = 2026-12-31", 'level = "should"',
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[known]]\nid = "chat.sse.dne"', "no case is called 'chat.sse.dne'; near are chat.sse.done"),
        ('[[known]]\nid = "chat.sse.done"\n' * 2, "chat.sse.done stands there twice."),
        ('[[known]]\nreason = "x"', "row 1: needs an id"),
        ("[[known]]\nid = 3", "row 1: needs an id"),
        ('[[known]]\nid = "chat.sse.done"\nreason = 3', "may have a reason, both in quotes"),
        ('[[known]]\nid = "chat.sse.done"\nuntil = "2026-12-31"', "until is to be a day, without quotes"),
        ('[[known]]\nid = "chat.sse.done"\nuntil = 2026-12-31T00:00:00Z', "until is to be a day"),
        ('[[known]]\nid = "chat.sse.done"\nlevel = "may"', 'level is to be "must" or "should"'),
        ('[[known]]\nid = "chat.sse.done"\nlevel = []', 'level is to be "must" or "should"'),
        (
            '[[known]]\nid = "chat.sse.done"\nunitl = 2026-12-31',
            "has 'unitl', and may have id, reason, until, level",
        ),
        ('[[knwon]]\nid = "chat.sse.done"', "rows and nothing else, each below a line [[known]]"),
        ("known = 3", "rows and nothing else"),
        ("known = [3]", "row 1: is to stand below a line [[known]]"),
        ('{"known": []}', "is no TOML"),
        ("x = 1\x1b[2J", "is no TOML"),
        ("known = " + "[" * 100_000, "is no TOML"),
        ("#" * 200_001, "has more than 200,000 bytes"),
        ("a." * 90_000 + "a = 1", "has a line with more than 500 dots"),
    ],
)
def test_what_is_no_baseline_is_told_in_a_sentence(text: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "known.toml"
    file.write_text(text)
    with pytest.raises(BaselineError) as raised:
        read_baseline(str(file), IDS, "case")
    assert told in str(raised.value)
    assert str(raised.value).startswith(f"{file}: ")
    assert str(raised.value).isprintable()


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(BaselineError, match="cannot be read: No such file"):
        read_baseline(str(tmp_path / "none.toml"), IDS, "case")
    (tmp_path / "bytes.toml").write_bytes(b"\xff")
    with pytest.raises(BaselineError, match="is no TOML"):
        read_baseline(str(tmp_path / "bytes.toml"), IDS, "case")
