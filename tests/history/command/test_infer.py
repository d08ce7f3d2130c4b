"""`chatproof client --infer`: what it prints and writes, and how it ends where nothing can be found out."""

from pathlib import Path

import pytest

from chatproof.history.model.policy import Messages
from chatproof.history.model.policy_file import policy_from_toml
from tests.history.command.commanding import BAD, client

_BOTS = """
from chatproof.history.model.policy import Messages, Policy
from chatproof.selftest.bots.bot import Bot
from dataclasses import replace

class Six(Bot):
    def __init__(self, endpoint, *others):
        super().__init__(replace(endpoint, policy=Policy(window=Messages(6))), *others)
"""


def test_what_is_found_is_told_written_and_judged_by(folder: Path) -> None:
    (folder / "bots.py").write_text(_BOTS)
    found = client(
        "bots.py:Six", "--infer", "--write-policy", "bot.toml", "-k", "truncate.bound", "--examples", "0"
    )
    assert found.exit_code == 0
    assert found.stdout.startswith("inferred from ")
    assert "  window = {messages = 6}\n" in found.stdout
    assert "  not known: the time after which" in found.stdout
    assert "window 6 messages, system prompt kept, many conversations, tree" in found.stdout
    assert "none of 1 rules broken, 1 kept " in found.stdout
    written = policy_from_toml((folder / "bot.toml").read_text())
    assert (written.window, written.many, written.tree) == (Messages(6), True, True)
    kept = client("bots.py:Six", "--policy", "bot.toml", "-k", "truncate.bound", "--examples", "0")
    assert kept.exit_code == 0


@pytest.mark.exhaustive
def test_what_is_declared_stays_and_what_is_odd_is_asked() -> None:
    declared = ("--window", "3", "--system", "kept")
    found = client(BAD, "--infer", *declared, "-k", "accumulate.order", "--examples", "0")
    assert "  window = {messages = 3}\n" in found.stdout
    assert '  empty-choices = "keep-user"  # ' in found.stdout
    assert "unlike after most failures: is that meant?" in found.stdout


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Hangs", "the client did not come back within 1 s"),
        ("Exits", "the client ended in move 2 of 3 (tools): the client ended the process with status 3"),
    ],
)
def test_where_nothing_can_be_found_out_it_says_why_and_writes_nothing(
    folder: Path, name: str, told: str
) -> None:
    result = client(f"harm.py:{name}", "--infer", "--write-policy", "bot.toml", "--timeout", "1")
    assert result.exit_code == 2
    assert told in result.stderr
    assert "Nothing was judged." in result.stderr
    assert not (folder / "bot.toml").exists()


def test_a_file_to_write_without_anything_to_find_out_is_a_mistake(folder: Path) -> None:
    result = client("harm.py:Exits", "--write-policy", "bot.toml")
    assert result.exit_code == 2
    assert "--write-policy is about what --infer finds out: give both." in result.stderr
    assert not (folder / "bot.toml").exists()
