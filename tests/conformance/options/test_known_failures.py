"""`--level`, `--baseline` and `--write-baseline` of a run, from the command and from pytest."""

import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from chatfake import LiveServer
from chatproof.selftest.endpoint.miniatures import MINIATURES
from tests.conformance.test_check_command import CASES, KEY, Broken, check
from tests.conformance.test_plugin import OTHERS, run_here, run_pytest

WARNED = "no-retrieve"
SECRET = "sk-proj-abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(scope="module")
def failed() -> Iterator[str]:
    """An endpoint that breaks a must: chat.sse.done."""
    with LiveServer(Broken("no-done")) as server:
        yield server.base_url


@pytest.fixture(scope="module")
def warned() -> Iterator[str]:
    """An endpoint that breaks a should."""
    with LiveServer(Broken(WARNED)) as server:
        yield server.base_url


def known(*ids: str, more: str = "") -> None:
    rows = [f'[[known]]\nid = "{id_}"\nreason = "reported {SECRET}"\n{more}' for id_ in ids]
    Path("known.toml").write_text("\n".join(rows))


def test_a_baseline_is_written_once_and_then_the_run_passes(failed: str, folder: Path) -> None:
    file = folder / "known.toml"
    first = check(failed, "--write-baseline", "known.toml", OPENAI_API_KEY=KEY)
    assert (first.exit_code, first.stderr) == (0, "known.toml: 1 known, 1 without a reason\n")
    assert 'id = "chat.sse.done"\nreason = ""' in file.read_text()
    file.write_text(
        file.read_text().replace('reason = ""', f'reason = "reported {SECRET}"\nuntil = 2999-12-31')
    )
    run = check(
        failed, "--baseline", "known.toml", "--json", "r.json", "--junit", "r.xml", OPENAI_API_KEY=KEY
    )
    assert run.exit_code == 0, run.output
    assert "known         chat.sse.done: reported [key] (until 2999-12-31)" in run.stdout
    assert "FAILED" not in run.stdout
    assert f"1 known, {OTHERS} passed" in run.stdout.splitlines()[-1]
    (case,) = [one for one in json.loads((folder / "r.json").read_text())["cases"] if one["known"]]
    assert (case["id"], case["outcome"]) == ("chat.sse.done", "expected")
    assert case["evidence"]
    skipped = [one.attrib["message"] for one in ET.parse(folder / "r.xml").iter("skipped")]  # noqa: S314  our own
    assert [text for text in skipped if text.startswith("expected")] == [
        "expected: reported [key] (until 2999-12-31)"
    ]
    assert SECRET not in run.output + (folder / "r.json").read_text() + (folder / "r.xml").read_text()
    before = file.read_text()
    again = check(failed, "--write-baseline", "known.toml", OPENAI_API_KEY=KEY)
    assert (again.exit_code, file.read_text()) == (0, before)
    assert again.stderr.endswith("1 known, 0 without a reason\n")
    assert [one.name for one in folder.iterdir() if one.name.endswith(".part")] == []


def test_a_known_failure_that_passes_fails_the_run(folder: Path) -> None:
    known("chat.sse.done", "chat.json.shape")
    run = check("-k", "sse.done", "--baseline", "known.toml", "--junit", "r.xml")
    assert run.exit_code == 1
    assert (
        "STALE  chat.sse.done  must\n  It is listed as known, and passes now: remove its row from known.toml."
        in run.stdout
    )
    assert "chat.json.shape" not in run.stdout  # it did not run
    assert run.stdout.splitlines()[-1].startswith(f"1 stale, {len(CASES) - 1} not run")
    (failure,) = ET.parse(folder / "r.xml").iter("failure")  # noqa: S314  our own
    assert failure.attrib["type"] == "stale"
    written = check("-k", "sse.done", "--write-baseline", "known.toml")
    assert written.exit_code == 0
    assert 'id = "chat.json.shape"' in (folder / "known.toml").read_text()
    assert "chat.sse.done" not in (folder / "known.toml").read_text()


def test_a_run_that_is_not_whole_writes_no_baseline(failed: str, folder: Path) -> None:
    known("chat.json.shape")
    before = (folder / "known.toml").read_text()
    with LiveServer(Broken("no-done")) as server:
        url = server.base_url
    for where in (url, f"{failed}/nowhere"):
        run = check(where, "--write-baseline", "known.toml", OPENAI_API_KEY=KEY)
        assert run.exit_code == 2
    assert (folder / "known.toml").read_text() == before


def test_a_run_that_a_limit_of_the_users_own_ends_writes_no_baseline(failed: str, folder: Path) -> None:
    run = check(failed, "--max-requests", "12", "--write-baseline", "known.toml", OPENAI_API_KEY=KEY)
    assert run.exit_code == 2
    assert "known.toml is not written: not all was judged" in run.stderr
    assert [*folder.iterdir()] == []


def test_a_file_that_is_no_baseline_is_not_written_over(folder: Path) -> None:
    (folder / "notes.toml").write_text("[mine]\n")
    run = check("--write-baseline", "notes.toml")
    assert (run.exit_code, "notes.toml: a baseline has rows and nothing else" in run.stderr) == (2, True)
    assert (folder / "notes.toml").read_text() == "[mine]\n"


@pytest.mark.usefixtures("folder")
def test_a_baseline_that_cannot_be_used_is_one_sentence() -> None:
    known("chat.sse.dne")
    run = check("--baseline", "known.toml")
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr.startswith(
        "chatproof: known.toml: no case is called 'chat.sse.dne'; near are chat.sse.done"
    )
    missing = check("--baseline", "none.toml")
    assert (missing.exit_code, missing.stderr) == (
        2, "chatproof: none.toml: cannot be read: No such file or directory.\n",
    )  # fmt: skip


@pytest.mark.usefixtures("folder")
def test_a_row_of_another_profile_is_no_error() -> None:
    known("lorax.root-route")
    assert check("-k", "sse.done", "--baseline", "known.toml").exit_code == 0


def test_a_broken_should_fails_where_that_is_asked_for(warned: str, folder: Path) -> None:
    id_ = MINIATURES[WARNED].breaks
    assert check(warned, OPENAI_API_KEY=KEY).exit_code == 0
    run = check(
        warned, "--level", "should", "--junit", "r.xml", "--write-baseline", "known.toml", OPENAI_API_KEY=KEY
    )
    assert f"FAILED  {id_}  should" in run.stdout
    assert f"1 should failed, {OTHERS} passed" in run.stdout
    (failure,) = ET.parse(folder / "r.xml").iter("failure")  # noqa: S314  our own
    assert failure.attrib["type"] == "should"
    assert f'id = "{id_}"\nreason = ""\nlevel = "should"' in (folder / "known.toml").read_text()
    red = check(warned, "--level", "should", OPENAI_API_KEY=KEY)
    green = check(warned, "--level", "should", "--baseline", "known.toml", OPENAI_API_KEY=KEY)
    assert (red.exit_code, green.exit_code) == (1, 0)
    assert f"1 known, {OTHERS} passed" in green.stdout


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_pytest_expects_them_too(workers: tuple[str, ...], failed: str, folder: Path) -> None:
    known("chat.sse.done", "models.list")
    run = run_pytest(
        "--pyargs", "chatproof", "--chatproof-url", failed, "--chatproof-baseline", "known.toml", "-rx",
        "-k", "sse.done or models.list", "--chatproof-json", "r.json", *workers, cwd=folder, OPENAI_API_KEY=KEY,
    )  # fmt: skip
    assert run.returncode == 1, run.stdout
    assert "reported [key]" in run.stdout
    assert SECRET not in run.stdout + run.stderr + (folder / "r.json").read_text()
    assert "STALE  models.list  must" in run.stdout
    assert "1 failed, " in run.stdout.splitlines()[-1]
    assert "1 xfailed" in run.stdout.splitlines()[-1]


def test_pytest_takes_the_level_and_refuses_what_is_no_baseline(
    warned: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    case = ("--chatproof-url", warned, "-k", MINIATURES[WARNED].breaks.split(".")[-1])
    assert run_here(*case)[0] == 0
    assert run_here(*case, "--chatproof-level", "should")[0] == 1
    known(MINIATURES[WARNED].breaks)
    assert run_here(*case, "--chatproof-level", "should", "--chatproof-baseline", "known.toml")[0] == 0
    (folder / "known.toml").write_text("x = 1")
    code, said = run_here(*case, "--chatproof-baseline", "known.toml")
    assert code == 2
    assert "chatproof: known.toml: a baseline has rows and nothing else" in said + "".join(
        capsys.readouterr()
    )
