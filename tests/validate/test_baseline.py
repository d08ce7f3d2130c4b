"""A baseline lets pass what was there when it was written, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from chatproof.cli import main
from chatproof.validate import BaselineError, Known, baseline_text, read_baseline
from chatproof.validate.files.body import Place
from chatproof.validate.judging import baseline as module
from chatproof.validate.judging.baseline import fixed, known_of, normalised, stable_name
from chatschema import Level, Violation
from tests.portion import share
from tests.validate.bodies import COMPLETION, WARNED, WRONG, wrong

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=10)
entries = st.builds(Known, file=texts, item=texts, rule=texts, path=texts)


def validate(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["validate", *map(str, arguments)])


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all examples."""
    return tmp_path_factory.mktemp("baseline")


@given(known=st.frozensets(entries, max_size=5))
def test_entries_are_read_as_they_were_written_one_a_line_and_in_order(
    folder: Path, known: frozenset[Known]
) -> None:
    text = baseline_text([*known, *known])
    (folder / "known.json").write_text(text, encoding="utf-8")
    assert read_baseline(folder / "known.json") == known
    lines = [json.loads(line.removesuffix(",")) for line in text.split("\n") if line.startswith("    {")]
    assert [Known(**line) for line in lines] == sorted(known)
    assert baseline_text(sorted(known, reverse=True)) == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is no JSON; --write-baseline writes one"),
        ("[" * 100_000, "is no JSON"),
        ("[]", "is no chatproof.baseline/1 document"),
        ('{"format": "chatproof.baseline/2", "known": []}', "is no chatproof.baseline/1 document"),
        ('{"format": "chatproof.baseline/1"}', "has entries that chatproof.baseline/1 does not know"),
        ('{"format": "chatproof.baseline/1", "known": [1]}', "has entries"),
        ('{"format": "chatproof.baseline/1", "known": [{"file": "a"}]}', "has entries"),
        (
            '{"format": "chatproof.baseline/1", "known": [{"file": 1, "item": "", "rule": "", "path": ""}]}',
            "has entries",
        ),
    ],
)
def test_file_that_is_no_baseline_is_refused_with_the_way_out(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "known.json").write_text(text)
    with pytest.raises(BaselineError, match=why):
        read_baseline(tmp_path / "known.json")
    (tmp_path / "a.json").write_bytes(COMPLETION)
    run = validate(tmp_path / "a.json", "--baseline", tmp_path / "known.json")
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr.startswith(f"chatproof: --baseline {tmp_path / 'known.json'}: {why}")


@given(value=st.lists(st.text(max_size=3) | st.integers(0, 99), max_size=4))
def test_normalised_path_has_no_index_left(value: list[Any]) -> None:
    path = "$" + "".join(f"[{part}]" if isinstance(part, int) else ".a" for part in value)
    assert normalised(path) == "$" + "".join("[*]" if isinstance(part, int) else ".a" for part in value)


def test_file_has_one_name_however_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert stable_name("./a//b.json") == stable_name(str(tmp_path / "a" / "b.json")) == "a/b.json"
    assert stable_name("/nowhere/b.json") == "/nowhere/b.json"


broken = st.dictionaries(
    st.sampled_from(["id", "object", "created", "model", "choices", "usage"]),
    st.none()
    | st.integers()
    | st.text(max_size=5)
    | st.lists(st.dictionaries(st.text(max_size=2), st.none()), max_size=3),
    min_size=1,
    max_size=3,
)


@share(0.2)
@given(changes=st.lists(broken, min_size=1, max_size=4), level=st.sampled_from(Level))
def test_run_passes_with_the_baseline_it_wrote_and_fails_with_one_violation_more(
    folder: Path, changes: list[dict[str, Any]], level: Level
) -> None:
    data, known = folder / "round.jsonl", folder / "round-known.json"
    lines = [json.dumps({**json.loads(COMPLETION), **change}) for change in changes]
    data.write_text("\n".join(lines))
    kind = ("--kind", "chat.completion", "--level", level)
    before = validate(data, *kind)
    run = validate(data, *kind, "--write-baseline", known)
    assert run.exit_code == 0
    assert validate(data, *kind, "--baseline", known).exit_code == 0
    assert before.exit_code == int(bool(json.loads(known.read_text())["known"]))
    text = known.read_text()
    validate(data, *kind, "--baseline", known, "--write-baseline", known)
    assert known.read_text() == text
    data.write_text("\n".join([*lines, WRONG.decode()]))
    after = validate(data, *kind, "--baseline", known)
    assert after.exit_code == 1
    assert f"{len(lines)} valid" in after.stdout


def test_baseline_hides_what_is_known_and_says_how_much(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(WRONG)
    known = tmp_path / "known.json"
    run = validate(tmp_path / "a.json", "--write-baseline", known)
    assert run.stderr == f"{known}: 1 known\n"
    run = validate(tmp_path / "a.json", "--baseline", known)
    assert run.exit_code == 0
    assert "✗" not in run.stdout
    assert run.stdout.endswith("baseline    1 violation known\n1 body in 1 file: 1 valid, 0 failed\n")


def test_baseline_holds_nothing_of_a_body(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(wrong(model=["secret words"]))
    validate(tmp_path / "a.json", "--write-baseline", tmp_path / "known.json")
    assert "secret" not in (tmp_path / "known.json").read_text()


def test_baseline_that_is_written_at_a_level_has_what_fails_at_it(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(WARNED)
    known = tmp_path / "known.json"
    validate(tmp_path / "a.json", "--write-baseline", known)
    assert json.loads(known.read_text())["known"] == []
    assert validate(tmp_path / "a.json", "--baseline", known, "--level", "should").exit_code == 1
    validate(tmp_path / "a.json", "--write-baseline", known, "--level", "should")
    assert validate(tmp_path / "a.json", "--baseline", known, "--level", "should").exit_code == 0


def test_entry_that_is_gone_is_told_and_written_away(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(WRONG)
    (tmp_path / "b.json").write_bytes(WRONG)
    known = tmp_path / "known.json"
    validate(tmp_path / "a.json", tmp_path / "b.json", "--write-baseline", known)
    (tmp_path / "a.json").write_bytes(COMPLETION)
    run = validate(tmp_path / "a.json", "--baseline", known)
    assert run.exit_code == 0
    assert "fixed       1 entry of the baseline: " in run.stdout
    validate(tmp_path / "a.json", "--baseline", known, "--write-baseline", known)
    left = read_baseline(known)  # b.json was not read: what is known of it stays
    assert [Path(entry.file).name for entry in left] == ["b.json"]


def test_nothing_is_fixed_in_a_file_that_could_not_be_read_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(COMPLETION + b"\n" + WRONG)
    known = tmp_path / "known.json"
    validate(tmp_path / "a.jsonl", "--write-baseline", known)
    (tmp_path / "a.jsonl").write_bytes(COMPLETION + b"\n" + WRONG[:50])
    run = validate(tmp_path / "a.jsonl", "--baseline", known)
    assert run.exit_code == 2
    assert "of the baseline" not in run.stdout


@given(
    known=st.frozensets(entries, max_size=6),
    met=st.frozensets(entries, max_size=3),
    files=st.frozensets(texts, max_size=4),
)
def test_what_is_fixed_was_known_and_not_met_in_a_file_that_was_read(
    known: frozenset[Known], met: frozenset[Known], files: frozenset[str]
) -> None:
    files = files | {entry.file for entry in list(known)[::2]}
    found = fixed(known, met, files)
    assert set(found) == {entry for entry in known - met if entry.file in files}
    assert list(found) == sorted(found)


def test_baseline_that_nobody_could_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KNOWN", 2)
    many = [Known(file=str(number), item="", rule="r", path="$") for number in range(3)]
    with pytest.raises(BaselineError, match="--allow RULE says it better"):
        baseline_text(many)
    (tmp_path / "a.json").write_bytes(wrong(id=1, model=2))
    run = validate(tmp_path / "a.json", "--write-baseline", tmp_path / "known.json")
    assert run.exit_code == 2
    assert "more than 2 violations" in run.stderr
    assert not (tmp_path / "known.json").exists()


def test_entry_is_the_same_for_the_same_rule_at_other_indexes() -> None:
    place = Place(file="./a.json", item="[3]", line=9)
    entry = Known(file="a.json", item="[3]", rule="r", path="$.choices[*].x")
    for path in ("$.choices[0].x", "$.choices[17].x"):
        violation = Violation(rule="r", level=Level.MUST, path=path, message="", expected="", seen="")
        assert known_of(place, violation) == entry


def test_baseline_names_files_from_its_own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "known").mkdir()
    (tmp_path / "recordings").mkdir()
    (tmp_path / "recordings" / "a.json").write_bytes(WRONG)
    known = tmp_path / "known" / "known.json"
    monkeypatch.chdir(tmp_path)
    assert validate("recordings", "--write-baseline", known).exit_code == 0
    assert [entry["file"] for entry in json.loads(known.read_text())["known"]] == ["../recordings/a.json"]
    for folder, path, baseline in (
        ("recordings", "a.json", "../known/known.json"),
        ("known", "../recordings", "known.json"),
        (".", tmp_path / "recordings", known),
        ("/", tmp_path / "recordings" / "a.json", known),
    ):
        monkeypatch.chdir(tmp_path / folder)
        run = validate(path, "--baseline", baseline)
        assert (run.exit_code, "1 violation known" in run.stdout) == (0, True)


def test_standard_input_keeps_its_name_in_a_baseline(tmp_path: Path) -> None:
    known = tmp_path / "sub" / "known.json"
    known.parent.mkdir()
    arguments = ["validate", "-", "--write-baseline", str(known)]
    assert CliRunner().invoke(main, arguments, input=WRONG).exit_code == 0
    assert json.loads(known.read_text())["known"][0]["file"] == "standard input"
    arguments = ["validate", "-", "--baseline", str(known)]
    assert CliRunner().invoke(main, arguments, input=WRONG).exit_code == 0
