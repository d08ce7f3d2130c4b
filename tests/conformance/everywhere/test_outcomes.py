"""A case that a later answer breaks fails everywhere: pytest, the exit code, both reports, the terminal, with xdist."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from chatfake import LiveServer
from chatproof.cases import LORAX_CASES
from chatproof.report import CaseResult, Outcome
from chatproof.report.alike import by_cause, without_particulars
from chatproof.report.document import Evidence
from tests.conformance.test_check_command import CASES, KEY, Broken, check
from tests.conformance.test_plugin import OTHERS, run_pytest

FINISH = "chat.sse.finish-once"


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_what_another_answer_breaks_fails_everywhere(workers: tuple[str, ...], tmp_path: Path) -> None:
    with LiveServer(Broken("finish-twice-with-tools")) as server:
        run = run_pytest(
            "--pyargs", "chatproof", "--chatproof-url", server.base_url, "--chatproof-json", "r.json",
            "--chatproof-junit", "r.xml", "--junitxml", "pytest.xml", *workers,
            cwd=tmp_path, OPENAI_API_KEY=KEY,
        )  # fmt: skip
    assert run.returncode == 1, run.stdout
    assert f"1 failed, {OTHERS} passed" in run.stdout.splitlines()[-1]
    assert f"1 must failed, {OTHERS} passed" in run.stdout
    result = json.loads((tmp_path / "r.json").read_text())
    assert [case["id"] for case in result["cases"] if case["outcome"] == "failed"] == [FINISH]
    for name in ("r.xml", "pytest.xml"):
        cases = ET.parse(tmp_path / name).getroot().findall(".//testcase")  # noqa: S314  our own
        assert len(cases) == len(CASES) + (len(LORAX_CASES) if name == "pytest.xml" else 0)
        assert [FINISH in str(case.get("name")) for case in cases if case.find("failure") is not None] == [
            True
        ]


def test_a_group_that_a_later_answer_changed_is_shown_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with LiveServer(Broken("finish-twice-with-tools")) as server:
        run = check(server.base_url, OPENAI_API_KEY=KEY)
        alone = check(server.base_url, "-k", "chat.sse", OPENAI_API_KEY=KEY)
    assert run.exit_code == 1
    rows = [line for line in run.stdout.splitlines() if line.startswith("chat.sse ")]
    assert ["failed" in row for row in rows] == [False, True]
    assert f"FAILED  {FINISH}" in run.stdout
    assert alone.exit_code == 0  # it asks for no tools


def test_what_is_known_is_known_of_later_answers_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    row = f'[[known]]\nid = "{FINISH}"\nreason = "reported"\n'
    (tmp_path / "known.toml").write_text(row)
    with LiveServer(Broken("finish-twice-with-tools")) as server:
        run = check(server.base_url, "--baseline", "known.toml", OPENAI_API_KEY=KEY)
    assert run.exit_code == 0, run.output
    assert f"1 known, {OTHERS} passed" in run.stdout


def case(id_: str, seen: str, message: str = "it breaks") -> CaseResult:
    evidence = (Evidence(level="must", expected="4xx", seen=seen),)
    return CaseResult(id=id_, level="must", outcome=Outcome.FAILED, message=message, evidence=evidence)


def test_cases_that_say_the_same_are_one_group() -> None:
    cases = [
        case("a.a", 'HTTP 200, application/json, {"id": "1"}'),
        case("a.b", 'HTTP 200, application/json, {"id": "2"}'),
        case("a.c", "HTTP 500, text/html, <html>"),
        case("a.d", 'HTTP 200, application/json, {"id": "1"}', "something else breaks"),
    ]
    assert [[one.id for one in group] for group in by_cause(cases)] == [["a.a", "a.b"], ["a.c"], ["a.d"]]


def test_particulars_are_no_part_of_a_cause() -> None:
    assert without_particulars('seen "x" at 3') == without_particulars('seen "y" at 14')
    assert without_particulars("seen null") != without_particulars("seen true")
