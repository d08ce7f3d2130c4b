"""How a run ends for those who look from outside: exit codes, last lines, and reports that stood there."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from chatfake import Answer, Fake, LiveServer, Request
from chatfake.core.http import Pause
from chatproof.selftest.endpoint.wrapping import as_json, is_chat
from tests.conformance.test_check_command import program
from tests.conformance.test_plugin import run_pytest

THROTTLED = Answer(status=429, headers=(("retry-after", "0"), ("content-length", "0")), steps=())


class Ending(Fake):
    """The fake for so many requests, and then one answer for all."""

    def __init__(self, good: int, then: Answer) -> None:
        super().__init__(models=("tiny",), clock=time.time)
        self.left, self.then = good, then
        self.lock = threading.Lock()
        self.reached = threading.Event()

    def answer(self, request: Request) -> Answer:
        """What is due."""
        with self.lock:
            self.left -= 1
        if self.left >= 0:
            return super().answer(request)
        self.reached.set()
        return self.then


def hanging() -> Ending:
    return Ending(12, Answer(status=200, headers=(("content-length", "9"),), steps=(Pause(float("inf")),)))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_writes_its_reports(number: signal.Signals, tmp_path: Path) -> None:
    endpoint = hanging()
    with LiveServer(endpoint) as server:
        command = ("check", server.base_url, "--json", "r.json", "--junit", "r.xml")
        with subprocess.Popen(
            [sys.executable, "-m", "chatproof", *command],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={name: value for name, value in os.environ.items() if name != "OPENAI_API_KEY"},
        ) as run:
            assert endpoint.reached.wait(60)
            run.send_signal(number)
            out, err = run.communicate(timeout=60)
    assert (run.returncode, err) == (130, "")
    assert out.splitlines()[-1].startswith("not whole: interrupted; ")
    document = json.loads((tmp_path / "r.json").read_text())
    assert (document["interrupted"], document["whole"], document["ended"]) == (True, False, None)
    assert "interrupted" in {case["message"] for case in document["cases"] if case["outcome"] == "not-run"}
    errors = [error.attrib["message"] for error in ET.parse(tmp_path / "r.xml").iter("error")]  # noqa: S314  our own text
    assert errors
    assert errors[0].startswith("not whole: interrupted")


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_plain_pytest_is_not_green_where_the_run_is_not_whole(
    workers: tuple[str, ...], tmp_path: Path
) -> None:
    with LiveServer(Ending(30, THROTTLED)) as server:
        run = run_pytest(
            "--pyargs", "chatproof", "--chatproof-url", server.base_url, "--chatproof-json", "r.json", *workers,
            cwd=tmp_path,
        )  # fmt: skip
    assert run.returncode == 2, run.stdout
    assert "not whole: the endpoint limits the rate" in run.stdout
    ended = json.loads((tmp_path / "r.json").read_text())["ended"]
    assert (ended["kind"], ended["chosen"]) == ("throttled", False)


def test_a_run_that_cannot_be_made_says_so_in_its_document_and_leaves_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text("the former one")
    run = program("http://127.0.0.1:1/v1", "--json", "r.json", "--junit", "r.xml", cwd=tmp_path)
    assert run.returncode == 2
    document = json.loads((tmp_path / "r.json").read_text())
    assert document["ended"]["kind"] == "not-made"
    assert document["ended"]["reason"] in run.stderr
    assert {case["outcome"] for case in document["cases"]} == {"not-run"}
    assert "Nobody answers" in (tmp_path / "r.xml").read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.json", "r.xml"]


def test_the_report_that_stood_there_stays_where_the_command_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text("the former one")
    run = program("-k", "no-such-case", "--json", "r.json", cwd=tmp_path)
    assert run.returncode == 2
    assert (tmp_path / "r.json").read_text() == "the former one"


@pytest.fixture(scope="module")
def greedy() -> Iterator[str]:
    """An endpoint that claims a million tokens for each request."""

    class Greedy(Fake):
        def answer(self, request: Request) -> Answer:
            answer = super().answer(request)
            if not is_chat(request) or answer.status != 200 or b"data:" in answer.body:
                return answer
            value = json.loads(answer.body)
            value["usage"] = {
                "prompt_tokens": 10**4299,
                "completion_tokens": 9 * 10**4299,
                "total_tokens": 10**4300 - 1,
            }
            return as_json(200, value)

    with LiveServer(Greedy(models=("tiny",))) as server:
        yield server.base_url


def test_counts_of_4300_digits_are_no_fault_of_ours(greedy: str, tmp_path: Path) -> None:
    run = program(greedy, "--json", "r.json", "--max-tokens", str(2**70), cwd=tmp_path)
    assert run.returncode == 1
    assert "Traceback" not in run.stderr + run.stdout
    outcomes = {case["outcome"] for case in json.loads((tmp_path / "r.json").read_text())["cases"]}
    assert "error" not in outcomes
    default = program(greedy, "-k", "chat.json.id", cwd=tmp_path)
    assert default.returncode == 2
    assert "the limit of 30000 tokens is reached" in default.stdout + default.stderr
