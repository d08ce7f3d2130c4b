"""The command `client`: what it prints, and its exit code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chatproof.cli.client import client_command
from chatproof.history import RULES

GOOD = "chatproof.clients:MessageList.at"
BAD = "tests.history.mutants:KeepsUnansweredQuestion.at"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, for this test alone; sys.path is put back as well."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def client(*args: str) -> Result:
    return CliRunner().invoke(client_command, [*args], catch_exceptions=False)


def test_command_ends_with_0_where_all_is_kept(folder: Path) -> None:
    result = client(GOOD, "--window", "2", "--examples", "3")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "none of 5 rules broken, 5 kept" in result.stdout
    assert list(folder.iterdir()) == []


def test_command_ends_with_1_and_the_story_where_a_must_is_broken(folder: Path) -> None:
    result = client(BAD, "--examples", "3", "--system", "none", "--json", "result.json")
    assert result.exit_code == 1
    assert "BROKEN  record.empty-choices  must" in result.stdout
    again = f"chatproof client {BAD} --system none --examples 3 -k record.empty-choices"
    assert f"  again  {again}\n" in result.stdout
    assert "not claimed  truncate.bound: no window is declared" in result.stdout
    assert "1 of 5 rules broken, 2 kept, 2 not claimed by this client" in result.stdout
    document = json.loads((folder / "result.json").read_text())
    assert {case["id"]: case["outcome"] for case in document["cases"]}["record.empty-choices"] == "failed"
    assert document["target"] == {"client": BAD, "policy": "no window, no system prompt"}


def test_command_has_no_colours_where_there_is_no_terminal(folder: Path) -> None:
    assert "\033" not in client(BAD, "--examples", "2", "-k", "record").stdout


def test_command_prompts_with_the_given_text(folder: Path) -> None:
    (folder / "bot.py").write_text(
        "from chatproof.clients import MessageList\n"
        "def make(endpoint):\n"
        "    assert endpoint.system_prompt == 'Be brief.', endpoint.system_prompt\n"
        "    return MessageList.at(endpoint)\n"
    )
    options = ["--examples", "2", "-k", "record"]
    assert client("bot.py:make", "--system-prompt", "Be brief.", *options).exit_code == 0
    assert client("bot.py:make", *options).exit_code == 2


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ([], "no TARGET was given"),
        (["bot"], "'bot' names no factory"),
        (["bot:"], "'bot:' names no factory"),
        (["nonesuch_bot:make"], "importing nonesuch_bot raised ModuleNotFoundError"),
        (["nonesuch.py:make"], "there is no file nonesuch.py"),
        (["wrong.py:make"], "importing wrong.py raised ZeroDivisionError"),
        (["leaves.py:make"], "importing leaves.py raised SystemExit: 0"),
        (["bot.py:mak"], "there is no mak in bot.py; near are make"),
        (["bot.py:SEVEN"], "bot.py:SEVEN is a int, and cannot be called with an endpoint"),
        (["bot.py:make"], "the factory raised RuntimeError: no licence"),
        ([GOOD, "-k", "nonesuch"], "-k 'nonesuch' fits none of 5 rules"),
        ([GOOD, "-k", "not"], "-k 'not' cannot be read"),
        ([GOOD, "-k", "truncate"], "nothing that was selected is claimed by this client"),
        ([GOOD, "--system", "none", "--system-prompt", "x"], "exclude each other"),
        ([GOOD, "--json", "nonesuch/result.json"], "cannot write nonesuch/result.json"),
    ],
)
def test_command_that_cannot_run_says_why_in_one_line(folder: Path, args: list[str], sentence: str) -> None:
    (folder / "bot.py").write_text("SEVEN = 7\ndef make(endpoint): raise RuntimeError('no licence')\n")
    (folder / "wrong.py").write_text("1 / 0\n")
    (folder / "leaves.py").write_text("raise SystemExit(0)\n")
    result = client(*args)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stderr.startswith("chatproof: ")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "args", [[GOOD, "--window", "-1"], [GOOD, "--examples", "0"], [GOOD, "--timeout", "0"]]
)
def test_command_refuses_numbers_that_make_no_sense(args: list[str]) -> None:
    assert client(*args).exit_code == 2


def test_list_shows_every_rule_with_its_level_and_its_sentence() -> None:
    lines = client("--list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(RULES)
    assert all(
        rule.level in line and rule.sentence in line for rule, line in zip(RULES.values(), lines, strict=True)
    )


HARMFUL = """
import os, sys, threading
from chatproof.clients import MessageList

class Odd(Exception):
    def __str__(self):
        raise RuntimeError

class Client:
    def __init__(self, endpoint):
        self.inner = MessageList.at(endpoint)

    def close(self):
        self.inner.close()

class Exits(Client):
    def say(self, text):
        print("going\\x1b[31m", "now")
        os._exit(0)

class Raises(Client):
    def say(self, text):
        raise Odd

class Shouts(Client):
    def say(self, text):
        raise ValueError("\\ud800\\n::error file=x::owned")

class Moves(Client):
    def say(self, text):
        os.chdir("/")
        print("flood" * 100)
        sys.stdout.buffer.write(b"flood\\xff" * 100)
        sys.stdout.close()
        return self.inner.say(text)

class Stays(Client):
    def say(self, text):
        threading.Thread(target=threading.Event().wait).start()
        return self.inner.say(text)
"""
"""Clients that do to their process what a judge in it would not survive."""


@pytest.mark.parametrize(
    ("name", "code", "told"),
    [
        ("Exits", 1, "ClientExitError: os._exit(0)"),
        ("Raises", 1, "Odd: (its text cannot be had: __str__ raised RuntimeError)"),
        ("Shouts", 1, r"ValueError: \ud800\n::error file=x::owned"),
        ("Moves", 0, "1 kept"),
    ],
)
def test_what_a_client_does_to_the_process_ends_in_a_verdict(
    folder: Path, name: str, code: int, told: str
) -> None:
    (folder / "harm.py").write_text(HARMFUL)
    result = client(f"harm.py:{name}", "--examples", "2", "-k", "record.empty", "--json", "result.json")
    assert result.exit_code == code
    assert told in result.stdout
    assert "flood" not in result.stdout
    document = json.loads((folder / "result.json").read_text())
    assert document["whole"] is True
    assert all(case["seconds"] >= 0 and case["started"].endswith("+00:00") for case in document["cases"])
    if name == "Exits":
        assert r"  printed  going\x1b[31m now" in result.stdout
        printed = document["cases"][0]["evidence"][0]["printed"]
        assert printed.splitlines()[-1] == r"going\x1b[31m now"


def test_threads_that_a_client_leaves_do_not_hold_the_verdict(folder: Path) -> None:
    (folder / "harm.py").write_text(HARMFUL)
    arguments = ["client", "harm.py:Stays", "--examples", "2", "-k", "record.empty", "--json", "-"]
    ran = subprocess.run(
        [sys.executable, "-m", "chatproof", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0
    assert json.loads(ran.stdout)["whole"] is True
    assert "none of 1 rules broken" in ran.stderr
