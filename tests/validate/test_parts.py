"""Masks, folds, progress and likely_vendors."""

import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.gate.masking import look_alikes_masked as masked
from chatproof.validate import Progress, Standing
from chatproof.validate.files.body import Place
from chatproof.validate.judging.verdict import FileFinding, Outcome, Verdict
from chatproof.validate.output import group as fold_module
from chatproof.validate.output.group import Groups
from chatproof.validate.output.vendors import likely_vendors
from chatschema import Level, Violation
from chatschema.deviations.table import DEVIATIONS

# --- masks -------------------------------------------------------------------------------------------------------

# none of these is or was anybody's
KEYS = [
    "sk-abcdefghijklmnop",
    "sk-proj-ab_cdefghijk-lmnop",
    "sk-ant-REDACTED",
    "gsk_abcdefghijkl",
    "xai-abcdefghijkl",
    "hf_abcdefghijkl",
    "AIzaabcdefghijklmnopqrst",
    "AKIAABCDEFGHIJKLMNOP",
    "eyJabcdefghijk.eyJabcdefgh.abcdefgh",
    "sk-abcd****************wxyz",
]


@pytest.mark.parametrize("key", KEYS)
@given(
    before=st.sampled_from(["", "Incorrect API key provided: ", '"', "key=", "\n"]),
    after=st.sampled_from(["", '"', ".", " is wrong"]),
)
def test_key_is_masked_wherever_it_stands(key: str, before: str, after: str) -> None:
    shown = masked(f"{before}{key}{after}")
    assert "abcdefgh" not in shown.lower()
    assert "abcd*" not in shown
    assert "[key]" in shown


@pytest.mark.parametrize(
    "text",
    [
        "Bearer abcdefghijk",
        "authorization: bearer abcdefghijk",
        'api_key="abcdefghijk"',
        "Api-Key: abcdefghijk",
    ],
)
def test_what_is_called_a_key_is_masked(text: str) -> None:
    assert "abcdefgh" not in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "chatcmpl-abcdefghijklmnop",
        "a task-force of many",
        "risk-averse investors",
        "$.choices[0].message",
        "disk-usage-is-high",
        "hf-internal-testing/tiny-random-LlamaForCausalLM",
    ],
)
def test_what_is_no_key_is_left(text: str) -> None:
    assert masked(text) == text


@given(text=st.text())
def test_masked_text_has_nothing_left_to_mask(text: str) -> None:
    assert masked(masked(text)) == masked(text)


# --- folds -------------------------------------------------------------------------------------------------------


def violation(path: str, level: Level = Level.MUST) -> Violation:
    return Violation(rule="shape.type", level=level, path=path, message="M.", expected="e", seen="s")


def verdict(line: int, *paths: str, standing: Standing = Standing.FAILS) -> Verdict:
    findings = tuple(FileFinding(violation=violation(path), standing=standing) for path in paths)
    return Verdict(place=Place(file="a", line=line), outcome=Outcome.FAILED, kind="error", findings=findings)


@given(runs=st.lists(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 20)), max_size=6), max_size=8))
def test_fold_counts_every_violation_once(runs: Sequence[Sequence[tuple[str, int]]]) -> None:
    fold = Groups()
    for line, found in enumerate(runs, 1):
        fold.take(verdict(line, *(f"$.{name}[{index}]" for name, index in found)))
    groups = {group.first.path[2]: group for group in fold.groups(*Standing)}
    for name in "ab":
        holders = [line for line, found in enumerate(runs, 1) if name in dict(found)]
        group = groups.get(name)
        assert (group.bodies if group else 0) == len(holders)
        assert (group.times if group else 0) == sum(one == name for found in runs for one, _ in found)
        assert [place.line for place, _ in (group.places if group else ())] == holders[:3]
    assert not fold.left_out


def test_fold_keeps_its_size_whatever_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fold_module, "_GROUPS", 5)
    fold = Groups()
    for line in range(1, 30):
        fold.take(verdict(line, f"$.x{line}", f"$.x{line % 3 + 1}"))
    assert len([*fold.groups(*Standing)]) == 5
    assert fold.left_out == 29 + 29 - sum(group.times for group in fold.groups(*Standing))


def test_musts_and_what_is_frequent_come_last() -> None:
    fold = Groups()
    fold.take(verdict(1, "$.rare", "$.often"))
    fold.take(verdict(2, "$.often"))
    should = FileFinding(violation=violation("$.should", Level.SHOULD), standing=Standing.WARNS)
    for line in range(3, 9):
        fold.take(
            Verdict(
                place=Place(file="a", line=line), outcome=Outcome.WARNED, kind="error", findings=(should,)
            )
        )
    assert [group.first.path for group in fold.groups(*Standing)] == ["$.should", "$.rare", "$.often"]
    assert [group.first.path for group in fold.groups(Standing.WARNS)] == ["$.should"]


# --- progress ----------------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    """One that somebody watches."""

    def isatty(self) -> bool:
        return True


def shown(total: int, steps: Sequence[tuple[float, int]], terminal: io.StringIO) -> list[str]:
    now = 0.0
    progress = Progress(total, terminal, lambda: now)
    for at, size in steps:
        now = at
        progress.advance(size)
        progress.judged()
    progress.end()
    return terminal.getvalue().split("\r\x1b[K")[1:]


def test_progress_shows_after_two_seconds_and_ten_times_a_second_and_is_cleared() -> None:
    steps = [(1.9, 100_000_000), (2.0, 100_000_000), (2.05, 0), (2.2, 300_000_000)]
    assert shown(1_000_000_000, steps, Terminal()) == [
        "[#####...................]  20%  2 bodies, 200 MB of 1.0 GB, 8 s left",
        "[############............]  50%  4 bodies, 500 MB of 1.0 GB, 2 s left",
        "",
    ]


def test_progress_of_a_stream_has_no_end_to_show() -> None:
    assert shown(0, [(3.0, 12_345)], Terminal()) == ["1 body, 12 kB", ""]
    assert shown(10**12, [(300.0, 10**9)], Terminal())[0].endswith(
        "1 body, 1.0 GB of 1000.0 GB, 4995 min left"
    )


def test_progress_is_for_terminals() -> None:
    assert shown(0, [(3.0, 12_345)], io.StringIO()) == []


# --- likely_vendors -----------------------------------------------------------------------------------------------------


def test_origin_is_what_the_contract_knows_of_vendors() -> None:
    row = next(row for row in DEVIATIONS if " " in row.signs[0] and not row.seen)
    rule, path = row.signs[0].split(" ")
    found = Violation(
        rule=rule, level=Level.MUST, path=path.replace("*", "7"), message="", expected="", seen="x"
    )
    assert any(told.endswith(row.sentence) for told in likely_vendors(found, row.kinds[0]))
    assert likely_vendors(violation("$.nobody.knows"), "error") == ()


def test_origin_names_somebody() -> None:
    empty = Violation(
        rule="shape.value", level=Level.MUST, path="$.id", message="id is empty.", expected="", seen='""'
    )
    assert "TGI, Snowflake: The id is the empty string." in likely_vendors(empty, "chat.completion")
