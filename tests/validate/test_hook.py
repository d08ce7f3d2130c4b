"""The hook for pre-commit: its entry, with all changed files on one command line."""

import contextlib
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from chatproof.cli import main
from tests.validate.bodies import COMPLETION, STREAM, WARNED, WRONG
from tests.validate.containers import CONTAINERS

HOOKS = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"


@pytest.fixture
def hook() -> dict[str, Any]:
    """The one hook that there is."""
    (found,) = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    return dict(found)


def commit(hook: dict[str, Any], folder: Path, *args: str) -> Result:
    """Run the hook's entry on the files that it takes, as pre-commit does."""
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    taken = [name for name in names if re.search(hook["files"], name)]
    program, *entry = shlex.split(hook["entry"])
    assert program == "chatproof"
    with contextlib.chdir(folder):
        return CliRunner().invoke(main, [*entry, *args, *taken], catch_exceptions=False)


def test_commit_of_good_answers_and_of_files_that_are_none_passes_in_silence(
    hook: dict[str, Any], tmp_path: Path
) -> None:
    for number in range(300):
        (tmp_path / f"answer-{number}.json").write_bytes((COMPLETION, WARNED)[number % 2])
    for name, container in CONTAINERS.items():
        file, data = container(STREAM)
        (tmp_path / f"{name}-{file}").write_bytes(data)
    (tmp_path / "package.json").write_text('{"name": "x", "version": "1"}')
    (tmp_path / "tsconfig.json").write_text('{\n  // comments\n  "compilerOptions": {},\n}')
    (tmp_path / "empty.yaml").write_text("")
    (tmp_path / "chart.yaml").write_text("{{ if }}\na: b: c\n")
    (tmp_path / "code.py").write_text("import this")
    run = commit(hook, tmp_path)
    assert (run.exit_code, run.stdout, run.stderr) == (0, "", "")


def test_commit_of_nothing_to_judge_passes(hook: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"name": "x"}')
    assert commit(hook, tmp_path).exit_code == 0


def test_commit_of_a_wrong_answer_fails_and_says_only_that(hook: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "good.json").write_bytes(COMPLETION)
    (tmp_path / "wrong.json").write_bytes(WRONG)
    run = commit(hook, tmp_path)
    assert run.exit_code == 1
    assert "good.json" not in run.stdout
    assert "shape.type  $.created" in run.stdout
    assert commit(hook, tmp_path, "--allow", "shape.type").exit_code == 0


def test_commit_of_an_answer_that_was_cut_fails(hook: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "cut.json").write_bytes(COMPLETION[:150])
    run = commit(hook, tmp_path)
    assert run.exit_code == 2
    assert run.stderr.startswith("chatproof: cut.json: The body is no JSON")


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("a.json", True),
        ("x/a.jsonl.gz", True),
        ("a.yml", True),
        ("a.sse", True),
        ("a.har", True),
        ("a.py", False),
        ("json", False),
    ],
)
def test_hook_takes_the_files_that_recordings_come_in(hook: dict[str, Any], name: str, taken: bool) -> None:
    assert bool(re.search(hook["files"], name)) is taken
