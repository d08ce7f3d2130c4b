"""The same cases as plain pytest, alone and with xdist."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from chatfake import LiveServer
from chatproof.cases import CASES
from tests.conformance.test_check_command import KEY, Broken


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


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_the_cases_are_plain_tests(workers: tuple[str, ...], tmp_path: Path) -> None:
    with LiveServer(Broken("no-done")) as server:
        run = run_pytest(
            "--pyargs", "chatproof", "--chatproof-url", server.base_url, "--chatproof-json", "r.json", *workers,
            cwd=tmp_path, OPENAI_API_KEY=KEY,
        )  # fmt: skip
    assert run.returncode == 1, run.stdout
    assert "FAILED  chat.sse.done  must" in run.stdout
    assert f"1 must failed, {len(CASES) - 1} passed" in run.stdout
    assert f"1 failed, {len(CASES) - 1} passed" in run.stdout.splitlines()[-1]
    result = json.loads((tmp_path / "r.json").read_text())
    assert [case["id"] for case in result["cases"]] == list(CASES)
    assert result["spent"]["requests"] >= len(CASES)
    assert result["target"]["model"] == "tiny"
    assert KEY not in json.dumps(result) + run.stdout


def test_an_endpoint_that_cannot_be_judged_ends_the_session(tmp_path: Path) -> None:
    run = run_pytest("--pyargs", "chatproof", "--chatproof-url", "http://127.0.0.1:1/v1", cwd=tmp_path)
    assert run.returncode == 2
    assert "Nobody answers at http://127.0.0.1:1/v1" in run.stdout


def test_a_session_that_judged_nothing_is_not_green(tmp_path: Path) -> None:
    run = run_pytest("--pyargs", "chatproof", "--chatproof-max-requests", "2", "-k", "history", cwd=tmp_path)
    assert "skipped" in run.stdout.splitlines()[-1]
    assert run.returncode == 2
    assert "not run: the limit of 2 requests is reached" in run.stdout


def test_cases_are_chosen_as_tests_are(tmp_path: Path) -> None:
    run = run_pytest("--pyargs", "chatproof", "-k", "http.utf8", "--chatproof-junit", "r.xml", cwd=tmp_path)
    assert run.returncode == 0, run.stdout
    assert f"1 passed, {len(CASES) - 1} deselected" in run.stdout
    assert "http.utf8" in (tmp_path / "r.xml").read_text()


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
