"""`chatproof check` as people run it: what it prints, what it writes, how it ends."""

import contextlib
import json
import os
import pty
import re
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from chatfake import Answer, Fake, LiveServer, Request
from chatproof.cases import LORAX_CASES, cases_of
from chatproof.cli import main
from chatproof.selftest.endpoint.miniatures import MINIATURES
from chatproof.selftest.endpoint.variants import UNSHOWN
from chatproof.selftest.endpoint.wrapping import as_json

CASES = cases_of(("openai", "responses"))
"""What is judged where no profile is named, and it is no LoRAX."""

KEY = "sk-test-very-secret"


class Broken(Fake):
    """The fake behind a miniature, and a door that wants a key."""

    def __init__(self, name: str) -> None:
        super().__init__(
            models=("tiny",), clock=time.time, new_id=lambda: uuid.uuid4().hex, context_length=2200
        )
        self._handler = MINIATURES[name].make(super().answer)

    def answer(self, request: Request) -> Answer:
        """Refuse without the key, and echo what people send: keys must not reach a report from there."""
        given = request.header("authorization")
        if given != f"Bearer {KEY}":
            told = "" if "chatproof" in given else given  # http.bad-key finds fault with an echo
            error = {
                "message": f"wrong key: {told}",
                "type": "auth",
                "param": None,
                "code": "invalid_api_key",
            }
            return as_json(401, {"error": error})
        return self._handler(request)


@pytest.fixture(scope="module")
def broken() -> Iterator[str]:
    """An endpoint without [DONE], behind a key."""
    with LiveServer(Broken("no-done")) as server:
        yield server.base_url


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, for this test alone."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(*arguments: str, **environment: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(
        main,
        ["check", *arguments],
        env={"OPENAI_API_KEY": None, **environment},
        prog_name="chatproof",
        catch_exceptions=False,
    )


def program(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if name != "OPENAI_API_KEY"}
    return subprocess.run(
        [sys.executable, "-m", "chatproof", "check", *arguments],
        env=kept | environment,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_without_a_url_the_embedded_fake_passes_every_case_that_it_gives_occasion_for(tmp_path: Path) -> None:
    run = program("--json", "r.json", cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert f"{len(CASES) - len(UNSHOWN)} passed, 3 unsupported, 4 inconclusive" in run.stdout
    assert "\x1b[" not in run.stdout
    result = json.loads((tmp_path / "r.json").read_text())
    assert result["schema"] == "chatproof.result/1"
    assert {case["outcome"] for case in result["cases"] if case["id"] not in UNSHOWN} == {"passed"}
    assert [case["id"] for case in result["cases"]] == list(CASES)
    assert 0 < result["spent"]["requests"] <= 150
    assert 0 < result["spent"]["prompt_tokens"] + result["spent"]["completion_tokens"] <= 30_000


def test_a_broken_must_is_told_with_all_that_is_needed(broken: str, folder: Path) -> None:
    run = check(broken, "--json", "r.json", "--junit", "r.xml", "--api-key-env", "MY_KEY", MY_KEY=KEY)
    assert (run.exit_code, run.stderr) == (1, "")
    told = run.stdout[run.stdout.index("FAILED") :]
    assert told.startswith(
        f"FAILED  chat.sse.done  must\n  {CASES['chat.sse.done'].breaks}\n  expected  [DONE]"
    )
    assert "at $[" in told
    assert f'  again     curl -sSiN {broken}/chat/completions -H "Authorization: Bearer $MY_KEY"' in told
    assert run.stdout.count("FAILED") == 1
    document, junit = (folder / "r.json").read_text(), (folder / "r.xml").read_text()
    assert [c["id"] for c in json.loads(document)["cases"] if c["outcome"] == "failed"] == ["chat.sse.done"]
    assert [f.attrib["type"] for f in ET.fromstring(junit).iter("failure")] == ["must"]  # noqa: S314  our own text
    for text in (run.stdout, document, junit):
        assert KEY not in text


def test_the_curl_line_sees_the_same_again(broken: str) -> None:
    run = check(broken, "-k", "chat.sse.done", "--api-key-env", "MY_KEY", MY_KEY=KEY)
    line = re.search(r"again     (curl .*)", run.stdout)
    assert line
    again = subprocess.run(
        ["bash", "-c", line[1]], env=os.environ | {"MY_KEY": KEY}, capture_output=True, text=True, check=True
    )
    assert "chat.completion.chunk" in again.stdout
    assert "[DONE]" not in again.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["http://127.0.0.1:1/v1"], "Nobody answers at http://127.0.0.1:1/v1 (connection refused)."),
        (["127.0.0.1:8000"], "is no URL"),
        (["-k", "no-such-case"], f"fits none of {len(cases_of())} cases"),
        (["-k", "chat and"], "Wrong expression passed to '-k'"),
        (["--model", "fake/nope"], "does not serve the model"),
        (
            ["--json", "no/such/folder/r.json"],
            "cannot write no/such/folder/r.json: No such file or directory",
        ),
        (["--max-requests", "1"], "the limit of 1 request is reached"),
        (["--max-requests", "none"], "'none' is not a valid integer range"),
        (["--frobnicate"], "No such option"),
        (["--json", "-", "--junit", "-"], "--json - and --junit - would both be on standard output"),
        (["--profile", "lorax", "-k", "models.list"], "`chatproof check --profile lorax --list` shows them"),
        (["http://127.0.0.1:1/v1", "--api-key-env", "sk-mine"], "takes the name of a variable"),
    ],
)
def test_a_run_that_cannot_be_made_is_told_in_one_sentence(
    arguments: list[str], told: str, folder: Path
) -> None:
    run = check(*arguments)
    assert run.exit_code == 2
    assert told in run.stderr
    assert "Traceback" not in run.stderr + run.stdout
    assert run.stdout == ""


def test_a_wrong_key_is_told_and_not_shown(broken: str) -> None:
    run = check(broken, OPENAI_API_KEY="sk-wrong-one")
    assert run.exit_code == 2
    assert "refuses the key in $OPENAI_API_KEY (HTTP 401)" in run.stderr
    assert "sk-wrong-one" not in run.stderr + run.stdout
    assert "$OPENAI_API_KEY is not set" in check(broken).stderr


def test_list_shows_what_would_be_judged_and_asks_nobody() -> None:
    everything = check("http://127.0.0.1:1/v1", "--list")
    assert everything.exit_code == 0
    assert [line.split()[0] for line in everything.stdout.splitlines()] == list(cases_of())
    some = check("--list", "-k", "chat.sse and not usage")
    listed = [line.split()[0] for line in some.stdout.splitlines()]
    assert listed == [id_ for id_ in CASES if "chat.sse" in id_ and "usage" not in id_]


def test_what_was_not_selected_is_named_in_the_document(folder: Path) -> None:
    run = check("-k", "chat.json.id", "--json", "r.json")
    assert run.exit_code == 0
    outcomes = {c["id"]: c["outcome"] for c in json.loads((folder / "r.json").read_text())["cases"]}
    assert outcomes.pop("chat.json.id") == "passed"
    assert set(outcomes.values()) == {"not-run"}
    assert len(outcomes) == len(CASES) - 1


def test_a_spent_budget_is_told(folder: Path) -> None:
    run = check("--max-requests", "5", "--json", "r.json")
    assert run.exit_code == 0
    assert "not run: the limit of 5 requests is reached (--max-requests)" in run.stdout
    assert json.loads((folder / "r.json").read_text())["spent"]["requests"] == 5


def test_the_folders_pytest_settings_do_not_reach_the_run(folder: Path) -> None:
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    (folder / "conftest.py").write_text("raise SystemExit('not ours')\n")
    run = check("-k", "http and not bad-key", PYTEST_ADDOPTS="--no-such-option")
    assert run.exit_code == 0, run.stderr


def test_nothing_is_left_in_the_folder(folder: Path) -> None:
    assert check("-k", "http.utf8").exit_code == 0
    assert list(folder.iterdir()) == []


def on_a_terminal(*arguments: str, cwd: Path, **environment: str) -> str:
    """What a terminal gets to see of a command."""
    master, slave = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "chatproof", *arguments],
        env=os.environ | environment,
        cwd=cwd,
        stdin=slave,
        stdout=slave,
        stderr=slave,
    ):
        os.close(slave)
        seen = bytearray()
        with contextlib.suppress(OSError):  # the end of a terminal is an error on Linux
            while piece := os.read(master, 4096):
                seen += piece
    os.close(master)
    return seen.decode()


def test_a_terminal_gets_colours_and_progress(tmp_path: Path) -> None:
    seen = on_a_terminal("check", "-k", "http and not bad-key", cwd=tmp_path, TERM="xterm")
    assert "\x1b[32m■" in seen
    assert re.search(r"2 of 12  http\.[a-z-]+  \d+ s …", seen)


def test_no_color_is_heeded(tmp_path: Path) -> None:
    seen = on_a_terminal("check", "-k", "http and not bad-key", cwd=tmp_path, TERM="xterm", NO_COLOR="1")
    assert "\x1b[32m" not in seen
    assert "■■■■■■■■" in seen


def test_an_ascii_terminal_is_no_reason_to_break(tmp_path: Path) -> None:
    run = program("-k", "http and not bad-key", cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert (run.returncode, run.stderr) == (0, "")
    assert re.search(r"http +#{12} +12 passed   \d+\.\d s", run.stdout)


def test_a_reader_that_leaves_ends_neither_the_run_nor_its_reports(broken: str, tmp_path: Path) -> None:
    arguments = ["check", broken, "-k", "models.list or done", "--api-key-env", "MY_KEY", "--json", "r.json"]
    reader, writer = os.pipe()
    os.close(reader)  # as `| head` does, but at once
    run = subprocess.run(
        [sys.executable, "-m", "chatproof", *arguments],
        env=os.environ | {"MY_KEY": KEY},
        cwd=tmp_path,
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
        timeout=120,
    )
    os.close(writer)
    assert (run.returncode, run.stderr) == (1, b"")
    assert json.loads((tmp_path / "r.json").read_text())["whole"]


def test_a_dumb_terminal_gets_neither_colours_nor_lines_that_move(tmp_path: Path) -> None:
    seen = on_a_terminal("check", "-k", "http and not bad-key", cwd=tmp_path, TERM="dumb")
    assert "12 passed" in seen
    assert "\x1b" not in seen


def test_colours_are_forced_and_the_report_goes_to_standard_output(tmp_path: Path) -> None:
    run = program("-k", "http and not bad-key", "--json", "-", cwd=tmp_path, FORCE_COLOR="1")
    document = json.loads(run.stdout)
    ran = [case for case in document["cases"] if case["started"]]
    assert {case["outcome"] for case in ran} == {"passed"}
    assert "\x1b[32m■" in run.stderr
    assert "12 passed" in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_lorax_is_judged_under_a_profile_of_its_own(folder: Path) -> None:
    run = check("--profile", "lorax", "--json", "r.json")
    assert (run.exit_code, run.stderr) == (0, "")
    assert run.stdout.splitlines()[0].endswith("model tiny   profile lorax")
    assert f"{len(LORAX_CASES)} passed" in run.stdout
    result = json.loads((folder / "r.json").read_text())
    assert result["target"]["profile"] == "lorax"
    assert [case["id"] for case in result["cases"]] == list(LORAX_CASES)
    assert {case["outcome"] for case in result["cases"] if case["id"] not in UNSHOWN} == {"passed"}
    assert result["spent"]["prompt_tokens"] > 0
    unfit = check("--profile", "lorax", "-k", "chat.sse")
    assert (unfit.exit_code, unfit.stdout) == (2, "")
    assert f"fits none of {len(LORAX_CASES)} cases" in unfit.stderr


def test_a_group_is_one_row_however_its_cases_are_spread_over_the_run() -> None:
    run = check("-k", "history or property")
    rows = [line.partition(" ")[0] for line in run.stdout.splitlines() if "■" in line]
    assert sorted(rows) == sorted({*rows})
    assert {"history", "property"} <= {*rows}


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_a_run_leaves_nothing_in_the_current_folder(folder: Path, options: tuple[str, ...]) -> None:
    # in a process of its own: hypothesis asks once where to write
    command = [sys.executable, "-m", "chatproof", "check", "-k", "property", *options]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert [*folder.iterdir()] == []
