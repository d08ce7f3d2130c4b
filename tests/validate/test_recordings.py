"""Real recordings: all of them are read, and their answers judged.

`CHATPROOF_CORPUS` is a gzipped file and `CHATPROOF_RECORDINGS` a folder of files with one JSON object a line; both
hold other people's data and are no part of the project.
"""

import json
import os
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from chatproof.cli import main


def place(variable: str) -> str:
    found = os.environ.get(variable)
    if not found:
        pytest.skip(f"{variable} names no recordings")
    return found


@pytest.mark.parametrize("variable", ["CHATPROOF_CORPUS", "CHATPROOF_RECORDINGS"])
def test_every_recording_is_an_item_with_an_outcome(variable: str, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    run = CliRunner().invoke(
        main, ["validate", place(variable), "--skip-unknown", "--format", "json", "--output", str(report)]
    )
    assert run.exit_code == 1, run.stderr  # there is no traceback, and not everybody does as OpenAI does
    items = json.loads(report.read_text(encoding="utf-8"))["items"]
    outcomes = Counter(item["outcome"] for item in items)
    assert outcomes["unreadable"] == 0
    assert outcomes["valid"] + outcomes["warned"] > 3 * outcomes["failed"]
    assert len(items) > 900
