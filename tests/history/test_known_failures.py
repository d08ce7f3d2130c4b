"""`chatproof client` with known failures."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chatproof.cli.client import client_command

GOOD = "chatproof.clients:MessageList.at"
BAD = "tests.history.mutants:KeepsUnansweredQuestion.at"
KNOWN = '[[known]]\nid = "record.empty-choices"\nreason = "see #42"\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, for this test alone; sys.path is put back as well."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def client(*args: str) -> Result:
    return CliRunner().invoke(client_command, [*args, "--examples", "3"], catch_exceptions=False)


def test_a_baseline_is_written_and_then_the_client_passes(folder: Path) -> None:
    first = client(BAD, "--write-baseline", "known.toml")
    assert (first.exit_code, first.stderr) == (0, "known.toml: 1 known, 1 without a reason\n")
    assert "BROKEN  record.empty-choices  must" in first.stdout
    assert "--write-baseline" not in first.stdout  # the line that shows it again judges it again
    text = (folder / "known.toml").read_text()
    (folder / "known.toml").write_text(text.replace('reason = ""', 'reason = "see #42"'))
    run = client(BAD, "--baseline", "known.toml", "--json", "r.json")
    assert run.exit_code == 0, run.output
    assert "known  record.empty-choices: see #42" in run.stdout
    assert "BROKEN" not in run.stdout
    assert "none of 5 rules broken, 2 kept, 1 known, 2 not claimed by this client" in run.stdout
    cases = {case["id"]: case for case in json.loads((folder / "r.json").read_text())["cases"]}
    assert (cases["record.empty-choices"]["outcome"], cases["record.empty-choices"]["known"]) == (
        "expected",
        "see #42",
    )


def test_a_known_failure_that_passes_fails_the_run(folder: Path) -> None:
    (folder / "known.toml").write_text(KNOWN)
    run = client(GOOD, "--baseline", "known.toml")
    assert run.exit_code == 1
    assert "STALE  record.empty-choices  must\n  It is listed as known, and passes now" in run.stdout
    assert "2 kept, 1 stale, 2 not claimed" in run.stdout
    other = client(GOOD, "--baseline", "known.toml", "-k", "accumulate")
    assert other.exit_code == 0  # it did not run


def test_a_row_that_is_no_rule_is_told(folder: Path) -> None:
    (folder / "known.toml").write_text(KNOWN.replace("choices", "choice"))
    run = client(GOOD, "--baseline", "known.toml")
    assert (run.exit_code, run.stdout) == (2, "")
    assert "no rule is called 'record.empty-choice'; near are record.empty-choices" in run.stderr


def test_a_client_that_changes_the_folder_moves_no_baseline(folder: Path) -> None:
    (folder / "elsewhere").mkdir()
    (folder / "moves.py").write_text(
        "import os\nfrom tests.history.mutants import KeepsUnansweredQuestion\n\n"
        "def make(endpoint):\n    os.chdir(os.path.dirname(__file__) + '/elsewhere')\n"
        "    return KeepsUnansweredQuestion.at(endpoint)\n"
    )
    assert client("moves.py:make", "--write-baseline", "known.toml", "-k", "record").exit_code == 0
    assert (folder / "known.toml").is_file()
