"""The same cases as plain pytest, alone and with xdist."""

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from chatfake import LiveServer
from chatproof.cases import cases_of
from chatproof.selftest.endpoint.variants import UNSHOWN
from tests.conformance.test_check_command import CASES, KEY, Broken

OTHERS = len(CASES) - len(UNSHOWN)
"""Those that pass where one is broken: the endpoint takes no other key than its own, which the plain fake cannot show."""


def run_pytest(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run pytest as a user would, in an empty folder."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("PYTEST_", "OPENAI_", "HYPOTHESIS_"))}
    return subprocess.run(
        [sys.executable, "-m", "pytest", *arguments, "-p", "no:cacheprovider"],
        env=kept | environment,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def run_here(*arguments: str) -> tuple[int, str]:
    """Run pytest in this process, in the current folder: its exit code and what it prints."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = pytest.main([*arguments, "--pyargs", "chatproof", "-s", "-p", "no:cacheprovider"])
    return int(code), said.getvalue()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, which is empty; nothing is set that pytest would heed."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("PYTEST_", "OPENAI_", "HYPOTHESIS_"))]:
        monkeypatch.delenv(name)
    return tmp_path


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_the_cases_are_plain_tests(workers: tuple[str, ...], tmp_path: Path) -> None:
    with LiveServer(Broken("no-done")) as server:
        run = run_pytest(
            "--pyargs", "chatproof", "--chatproof-url", server.base_url, "--chatproof-json", "r.json", *workers,
            cwd=tmp_path, OPENAI_API_KEY=KEY,
        )  # fmt: skip
    assert run.returncode == 1, run.stdout
    assert "FAILED  chat.sse.done  must" in run.stdout
    assert f"1 must failed, {OTHERS} passed" in run.stdout
    assert f"1 failed, {OTHERS} passed" in run.stdout.splitlines()[-1]
    result = json.loads((tmp_path / "r.json").read_text())
    assert [case["id"] for case in result["cases"]] == list(CASES)
    assert result["spent"]["requests"] >= len(CASES)
    assert result["target"]["model"] == "tiny"
    assert KEY not in json.dumps(result) + run.stdout


@pytest.mark.usefixtures("folder")
def test_an_endpoint_that_cannot_be_judged_ends_the_session() -> None:
    code, said = run_here("--chatproof-url", "http://127.0.0.1:1/v1")
    assert code == 2
    assert "Nobody answers at http://127.0.0.1:1/v1" in said


@pytest.mark.usefixtures("folder")
def test_a_session_that_judged_nothing_is_not_green() -> None:
    code, said = run_here("--chatproof-max-requests", "2", "-k", "history")
    assert "skipped" in said.splitlines()[-1]
    assert code == 2
    assert "not run: the limit of 2 requests is reached" in said


def test_a_session_whose_cases_something_else_kept_from_running_is_not_green(folder: Path) -> None:
    code, _ = run_here("-k", "http.utf8", "--setup-plan", "--chatproof-json", "r.json")
    assert code == 2
    assert json.loads((folder / "r.json").read_text())["whole"] is False
    assert run_here("-k", "http.utf8", "--collect-only")[0] == 0


def test_cases_are_chosen_as_tests_are(folder: Path) -> None:
    code, said = run_here("-k", "http.utf8", "--chatproof-junit", "r.xml")
    assert code == 0, said
    assert f"1 passed, {len(cases_of()) - 1} deselected" in said
    assert "http.utf8" in (folder / "r.xml").read_text()


def test_an_endpoint_that_no_case_looked_at_is_told(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text("def test_own(): pass\n")
    run = run_pytest("--chatproof-url", "http://127.0.0.1:1/v1", cwd=tmp_path)
    assert run.returncode == 0, run.stdout
    assert "nothing was judged at --chatproof-url" in run.stdout


@pytest.mark.parametrize("option", ["--chatproof-json", "--chatproof-junit"])
def test_standard_output_is_no_file_for_a_report(option: str, folder: Path) -> None:
    code, _ = run_here("-k", "models.list", option, "-")
    assert code == 2
    assert list(folder.iterdir()) == []


def test_a_session_without_cases_pays_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text(
        "import sys\n\n"
        "def test_own():\n"
        "    heavy = {'chatproof.cases', 'chatproof.judging.session', 'chatschema', 'httpx', 'uvicorn', 'pydantic'}\n"
        "    assert heavy & set(sys.modules) == set()\n"
    )
    run = run_pytest("-p", "no:hypothesispytest", "-p", "no:respx", "-p", "no:anyio", cwd=tmp_path)
    assert run.returncode == 0, run.stdout
    assert "1 passed" in run.stdout
    assert "= chatproof =" not in run.stdout
