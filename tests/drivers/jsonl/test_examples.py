"""The drivers in examples/: right as they stand, and caught with a mistake in them."""

import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.history.command.commanding import client
from tests.portion import one_in

EXAMPLES = Path(__file__).parents[3] / "examples" / "drivers"
POLICY = str(EXAMPLES / "bot.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One language: its folder, the program that it needs, how its driver is run, and a line of it, right and wrong."""

    name: str
    needs: str
    file: str
    right: str
    wrong: str
    command: Callable[[Path], str]

    def __str__(self) -> str:
        return self.name


def _built(folder: Path) -> str:
    subprocess.run(["go", "build", "-o", "driver", "driver.go"], cwd=folder, check=True, timeout=300)
    return str(folder / "driver")


EXAMPLES_OF = [
    Example(
        name="python",
        needs=sys.executable,
        file="driver.py",
        right="[system, *",
        wrong="[*([] if len(self.messages) > 20 else [system]), *",
        command=lambda folder: f"{sys.executable} {folder / 'driver.py'}",
    ),
    Example(
        name="node",
        needs="node",
        file="chat.mjs",
        right='[{ role: "system", content: system }, ...history, question]',
        wrong='[{ role: "system", content: system }, ...history, question].slice(this.messages.length > 20 ? 1 : 0)',
        command=lambda folder: f"node {folder / 'driver.mjs'}",
    ),
    Example(
        name="go",
        needs="go",
        file="driver.go",
        right="\tbody, _ :=",
        wrong="\tif len(kept) > 20 {\n\t\tmessages = messages[1:]\n\t}\n\tbody, _ :=",
        command=_built,
    ),
]


def _copied(example: Example, folder: Path) -> Path:
    if shutil.which(example.needs) is None:
        pytest.skip(f"{example.needs} is not on this machine")
    return Path(shutil.copytree(EXAMPLES / example.name, folder / example.name))


@pytest.mark.parametrize("example", one_in(len(EXAMPLES_OF), EXAMPLES_OF), ids=str)
def test_an_example_keeps_all_that_its_policy_claims(example: Example, tmp_path: Path) -> None:
    command = example.command(_copied(example, tmp_path))
    result = client("--jsonl", command, "--policy", POLICY, "--examples", "5")
    assert result.exit_code == 0, result.output
    assert "none of 92 rules broken, 5" in result.output


@pytest.mark.parametrize("example", EXAMPLES_OF, ids=str)
def test_an_example_with_a_mistake_is_caught(example: Example, tmp_path: Path) -> None:
    folder = _copied(example, tmp_path)
    text = (folder / example.file).read_text(encoding="utf-8")
    assert text.count(example.right) == 1
    (folder / example.file).write_text(text.replace(example.right, example.wrong), encoding="utf-8")
    command = example.command(folder)
    result = client(
        "--jsonl", command, "--policy", POLICY, "--examples", "0", "-k", "system or accumulate.order"
    )
    assert result.exit_code == 1, result.output
    assert "BROKEN  truncate.system-kept  must\n" in result.output
    assert f"again  chatproof client --jsonl {shlex.quote(command)}" in result.output
