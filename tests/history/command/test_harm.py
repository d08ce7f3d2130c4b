"""What a client does to its process, its output and its judge's patience ends in a verdict."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.history.command.commanding import client

ENDED = [
    ("Exits", "it raised the client ended the process with status 3"),
    ("Crashes", "it raised the client ended the process with status -11 (SIGSEGV)"),
    ("Hangs", "it did not come back within 1 s"),
    ("Raises", "it raised Odd: (its text cannot be had"),
    ("Shouts", "it raised ValueError: "),
]


@pytest.mark.parametrize(("name", "told"), ENDED)
def test_a_client_that_breaks_off_is_broken(folder: Path, name: str, told: str) -> None:
    result = client(
        f"harm.py:{name}", "-k", "answer.returned", "--examples", "0", "--timeout", "1", "--json", "r.json"
    )
    assert result.exit_code == 1, result.output
    assert f"seen       {told}" in result.stdout
    assert "Traceback" not in result.output
    assert "\n::error" not in result.output
    assert "\x1b" not in result.output
    (case,) = json.loads((folder / "r.json").read_text())["cases"]
    assert case["outcome"] == "failed"
    if name == "Exits":
        assert 40 * "a" not in result.output + (folder / "r.json").read_text()
        assert r"  printed  going\x1b[31m now, " in result.stdout


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("Exits", "broke off after"),
        ("Hangs", "1 not run, the client did not come back, and nothing more was said to it"),
        ("once", "there was no client any more: the factory raised RuntimeError: no licence for more"),
    ],
)
def test_a_rule_that_nothing_put_to_the_test_does_not_make_a_green_run(target: str, told: str) -> None:
    result = client(f"harm.py:{target}", "-k", "accumulate.verbatim", "--examples", "0", "--timeout", "1")
    assert result.exit_code == 2, result.output
    assert told in result.stdout
    assert "none of 1 rules broken, 0 kept, 1 not run" in result.stdout


def test_what_the_client_refuses_is_not_reached_and_told() -> None:
    result = client("harm.py:Refuses", "-k", "from-messages or order", "--examples", "0")
    assert result.exit_code == 0
    told = "not reached  tree.from-messages: move 1 of load could not be made: RuntimeError: not from a list"
    assert told in result.stdout


def test_a_client_that_floods_and_closes_its_output_is_judged(folder: Path) -> None:
    result = client("harm.py:Floods", "-k", "accumulate.order", "--examples", "0", "--json", "r.json")
    assert (result.exit_code, "flood" in result.output) == (0, False)
    assert json.loads((folder / "r.json").read_text())["whole"] is True


def run_in(folder: Path, *args: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "chatproof", "client", *args],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_threads_that_a_client_leaves_do_not_hold_the_verdict(folder: Path) -> None:
    with run_in(folder, "harm.py:Stays", "-k", "accumulate.order", "--examples", "0", "--json", "-") as ran:
        out, err = ran.communicate(timeout=120)
    assert (ran.returncode, json.loads(out)["whole"]) == (0, True)
    assert "none of 1 rules broken" in err


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_tells_what_it_has(folder: Path, sent: signal.Signals) -> None:
    # the client itself says when: its fourth round is in the tour
    (folder / "stops.py").write_text(
        "import os, signal\nfrom chatproof.selftest.bots.bot import Bot\nASKED = []\n"
        "class Stops(Bot):\n"
        "    def say(self, text):\n"
        "        ASKED.append(text)\n"
        f"        if len(ASKED) == 12:\n            os.kill(os.getppid(), {int(sent)})\n"
        "        return super().say(text[::-1])\n"
    )
    with run_in(folder, "stops.py:Stops", "-k", "accumulate", "--json", "r.json") as ran:
        out, err = ran.communicate(timeout=120)
    assert (ran.returncode, err) == (130, "")
    assert "BROKEN  accumulate.verbatim  must" in out
    assert "a conversation that was not played again" in out
    assert "not run, interrupted " in out
    document = json.loads((folder / "r.json").read_text())
    assert (document["interrupted"], document["whole"]) == (True, False)
    assert "not-run" in {case["outcome"] for case in document["cases"]}


def test_the_keys_of_the_environment_are_not_shown(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = "sk-own-" + os.urandom(16).hex()
    monkeypatch.setenv("OPENAI_API_KEY", key)
    (folder / "tells.py").write_text(
        "import os\nfrom chatproof.selftest.bots.bot import Bot\n"
        "class Tells(Bot):\n"
        "    def say(self, text):\n"
        "        print(os.environ.get('OPENAI_API_KEY'), self.endpoint.api_key)\n"
        "        return super().say(text) + (os.environ.get('OPENAI_API_KEY') or '')\n"
    )
    result = client("tells.py:Tells", "-k", "answer.returned", "--examples", "0", "--json", "r.json")
    assert result.exit_code == 1
    assert key not in result.output + (folder / "r.json").read_text()
