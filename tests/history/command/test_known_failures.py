"""`chatproof client` with known failures."""

import json
from pathlib import Path

from tests.history.command.commanding import BAD, GOOD, TWO, client

KNOWN = '[[known]]\nid = "record.empty-choices"\nreason = "see #42"\n'


def test_a_baseline_is_written_and_then_the_client_passes(folder: Path) -> None:
    first = client(BAD, *TWO, "--write-baseline", "known.toml")
    assert (first.exit_code, first.stderr) == (0, "known.toml: 1 known, 1 without a reason\n")
    assert "BROKEN  record.empty-choices  must" in first.stdout
    assert "--write-baseline" not in first.stdout  # the line that shows it again judges it again
    text = (folder / "known.toml").read_text()
    (folder / "known.toml").write_text(text.replace('reason = ""', 'reason = "see #42"'))
    run = client(BAD, *TWO, "--baseline", "known.toml", "--json", "r.json")
    assert run.exit_code == 0, run.output
    assert "known  record.empty-choices: see #42" in run.stdout
    assert "BROKEN" not in run.stdout
    assert "none of 2 rules broken, 1 kept, 1 known " in run.stdout
    cases = {case["id"]: case for case in json.loads((folder / "r.json").read_text())["cases"]}
    known = cases["record.empty-choices"]
    assert (known["outcome"], known["known"]) == ("expected", "see #42")


def test_a_known_failure_that_passes_fails_the_run(folder: Path) -> None:
    (folder / "known.toml").write_text(KNOWN)
    run = client(GOOD, *TWO, "--baseline", "known.toml")
    assert run.exit_code == 1
    assert "STALE  record.empty-choices  must\n  It is listed as known, and passes now" in run.stdout
    assert "1 kept, 1 stale" in run.stdout
    other = client(GOOD, "--baseline", "known.toml", "-k", "accumulate.order", "--examples", "0")
    assert other.exit_code == 0  # it did not run


def test_a_row_that_is_no_rule_is_told(folder: Path) -> None:
    (folder / "known.toml").write_text(KNOWN.replace("choices", "choice"))
    run = client(GOOD, "--baseline", "known.toml")
    assert (run.exit_code, run.stdout) == (2, "")
    assert "no rule is called 'record.empty-choice'; near are record.empty-choices" in run.stderr


def test_a_run_that_broke_off_writes_no_baseline(folder: Path) -> None:
    run = client(
        "harm.py:Exits", "-k", "accumulate.verbatim", "--examples", "0", "--write-baseline", "known.toml"
    )
    assert (run.exit_code, (folder / "known.toml").exists()) == (2, False)
    assert "known.toml is not written: not all was judged" in run.stderr
