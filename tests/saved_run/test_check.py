"""A run that is saved, and judged again without its endpoint."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from chatfake import Answer, Fake, LiveServer, Request
from chatproof.cli import main
from chatproof.selftest.endpoint.miniatures import MINIATURES
from chatproof.selftest.endpoint.wrapping import Handler, as_json, is_chat
from tests.conformance.test_plugin import run_pytest

KEY = "sk-saved-8Zp3Wd5Kx1"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MY_KEY", KEY)
    return tmp_path


def check(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments])


def document(name: str) -> dict[str, Any]:
    """A result document without its times."""
    value: dict[str, Any] = json.loads(Path(name).read_text(encoding="utf-8"))
    del value["spent"]["seconds"]
    for case in value["cases"]:
        del case["started"], case["seconds"]
    return value


class Wrapped(Fake):
    """The fake behind something."""

    def __init__(self, make: Any) -> None:
        super().__init__(models=("tiny",))
        self._make: Handler = make(super().answer)

    def answer(self, request: Request) -> Answer:
        return self._make(request)


def echoing(handler: Handler) -> Handler:
    """Quotes the key in a refusal, and answers one request with what is no text."""

    def answer(request: Request) -> Answer:
        if is_chat(request) and b"wizard" in request.body:
            return as_json(
                400, {"error": {"message": f"no wizard for {dict(request.headers).get('authorization')}"}}
            )
        return handler(request)

    return answer


SAVED = {"echoing": echoing, **{name: MINIATURES[name].make for name in ("bom", "latin-1", "sse-as-text")}}


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(make, marks=() if name == "echoing" else pytest.mark.exhaustive, id=name)
        for name, make in SAVED.items()
    ],
)
def test_the_same_comes_of_it_without_the_endpoint(make: Any, folder: Path) -> None:
    with LiveServer(Wrapped(make)) as server:
        options = ("--api-key-env", "MY_KEY", "-H", "X-Secret: hush-hush-17")
        first = check(server.base_url, *options, "--save", "run", "--json", "a.json")
    again = check("--from", "run", "--json", "b.json")
    assert first.exit_code == again.exit_code, again.output
    assert document("a.json") == document("b.json")
    assert [path.name for path in (folder / "run").iterdir()] == ["exchanges.har"]
    har = (folder / "run" / "exchanges.har").read_text(encoding="utf-8")
    assert KEY not in har
    assert "hush-hush-17" not in har
    assert len(json.loads(har)["log"]["entries"]) == document("a.json")["spent"]["requests"]


def test_what_was_selected_is_selected_again() -> None:
    assert check("--save", "run", "-k", "models", "--json", "a.json").exit_code == 0
    assert check("--from", "run", "--json", "b.json").exit_code == 0
    assert document("a.json") == document("b.json")
    assert check("--from", "run", "-k", "models.list", "--json", "c.json").exit_code == 0


def test_the_fast_cases_are_selected_again() -> None:
    assert check("--save", "run", "--fast", "--json", "a.json").exit_code == 0
    assert check("--from", "run", "--json", "b.json").exit_code == 0
    assert document("a.json") == document("b.json")


def test_what_was_not_asked_is_not_run() -> None:
    assert check("--save", "run", "-k", "models").exit_code == 0
    result = check("--from", "run", "-k", "models or http.utf8", "--json", "b.json")
    assert result.exit_code == 2
    outcomes = {case["id"]: (case["outcome"], case["message"]) for case in document("b.json")["cases"]}
    assert outcomes["models.list"] == ("passed", "")
    assert outcomes["http.utf8"][0] == "not-run"
    assert "has no answer to this request, which was not made then: POST http" in outcomes["http.utf8"][1]


@pytest.mark.parametrize("most", [7, 8, 9, 10])  # a session of three requests is broken off on the way
def test_a_limit_ends_both_alike(most: int) -> None:
    first = check("--save", "run", "--max-requests", str(most), "--json", "a.json")
    again = check("--from", "run", "--json", "b.json")
    assert first.exit_code == again.exit_code == 0
    assert document("a.json") == document("b.json")


def test_a_level_and_a_baseline_are_given_anew(folder: Path) -> None:
    with LiveServer(Wrapped(MINIATURES["bom"].make)) as server:
        assert check(server.base_url, "--save", "run", "-k", "http").exit_code == 0
    assert check("--from", "run", "--level", "should").exit_code == 1
    assert check("--from", "run", "--level", "should", "--write-baseline", "known.toml").exit_code == 0
    assert check("--from", "run", "--level", "should", "--baseline", "known.toml").exit_code == 0


def test_a_run_that_could_not_be_made_is_told_alike() -> None:
    first = check("http://127.0.0.1:1/v1", "--save", "run")
    again = check("--from", "run")
    assert first.exit_code == again.exit_code == 2
    assert first.output == again.output


def test_validate_reads_it_too() -> None:
    assert check("--save", "run", "-k", "chat.sse").exit_code == 0
    result = CliRunner().invoke(main, ["validate", "run/exchanges.har"])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    "workers",
    [pytest.param((), marks=pytest.mark.exhaustive, id="alone"), pytest.param(("-n", "2"), id="xdist")],
)
def test_with_pytest(workers: tuple[str, ...], folder: Path) -> None:
    with LiveServer(Wrapped(echoing)) as server:
        first = run_pytest(
            "--pyargs", "chatproof", "--chatproof-url", server.base_url, "--chatproof-save", "run",
            "--chatproof-json", "a.json", *workers, cwd=folder, OPENAI_API_KEY=KEY,
        )  # fmt: skip
    again = run_pytest(
        "--pyargs", "chatproof", "--chatproof-from", "run", "--chatproof-json", "b.json", cwd=folder
    )
    assert first.returncode == again.returncode, again.stdout
    assert document("a.json") == document("b.json")
    assert KEY not in (folder / "run" / "exchanges.har").read_text(encoding="utf-8")
    both = run_pytest("--pyargs", "chatproof", "--chatproof-from", "run", "--chatproof-save", "x", cwd=folder)
    assert both.returncode == 2
    assert "exclude each other" in both.stdout + both.stderr


def test_workers_judge_it_again(folder: Path) -> None:
    assert check("--save", "run", "-k", "chat.json").exit_code == 0
    again = run_pytest("--pyargs", "chatproof", "--chatproof-from", "run", "-n", "2", cwd=folder)
    assert again.returncode == 0, again.stdout


def har_of(value: object) -> str:
    return json.dumps({"log": {"version": "1.2", "entries": [], "_chatproof": value}})


WRONG = {
    "foreign": (json.dumps({"log": {"version": "1.2", "entries": []}}), "is not by `check --save`"),
    "no json": ("{", "is no JSON, or not whole"),
    "deep": ("[" * 100_000, "is no JSON, or not whole"),
    "a list": ("[]", "is not by `check --save`"),
    "another version": (har_of({"run": 99}), "of another version"),
    "no facts": (har_of({"run": 1}), "what it says of the run cannot be read"),
    "wrong facts": (
        har_of({"run": 1, "asked": {"": {}}, "profile": ["openai"], "seed": 0, "expression": "", "marks": "", "behind": "", "judged": {}, "ended": None}),
        "what it says of the run cannot be read",
    ),
    "another profile": (
        har_of({"run": 1, "asked": {}, "profile": ["x"], "seed": 0, "expression": "", "marks": "", "behind": "", "judged": {}, "ended": None}),
        "what it says of the run cannot be read",
    ),
    "nothing asked": (
        har_of({"run": 1, "asked": {}, "profile": ["lorax"], "seed": 0, "expression": "", "marks": "", "behind": "", "judged": {}, "ended": None}),
        "ended before anything was asked",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_judged_again_is_one_sentence(name: str, folder: Path) -> None:
    text, sentence = WRONG[name]
    (folder / "run").mkdir()
    (folder / "run" / "exchanges.har").write_text(text)
    result = check("--from", "run")
    assert result.exit_code == 2
    assert result.output.startswith("chatproof: ")
    assert sentence in result.output
    assert len(result.output.splitlines()) == 1


def test_where_nothing_is_saved_is_told(folder: Path) -> None:
    assert "there is no such folder" in check("--from", "nowhere").output
    (folder / "empty").mkdir()
    assert "there is no run of `check --save` in it" in check("--from", "empty").output
    (folder / "empty" / ".part-1").mkdir()
    assert "did not come to its end" in check("--from", "empty").output
    assert "leave the URL out" in check("http://x/v1", "--from", "empty").output
    assert "exclude each other" in check("--save", "a", "--from", "empty").output


def test_what_is_there_is_not_overwritten(folder: Path) -> None:
    (folder / "run").mkdir()
    (folder / "run" / "exchanges.har").write_text('{"log": {}}')
    result = check("--save", "run")
    assert result.exit_code == 2
    assert "is no run of chatproof's" in result.output
    assert (folder / "run" / "exchanges.har").read_text() == '{"log": {}}'
    (folder / "file").write_text("")
    result = check("--save", "file")
    assert result.exit_code == 2
    assert result.output == "chatproof: --save file: nothing can be written there: File exists\n"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_takes_nothing(folder: Path) -> None:
    (folder / "run").mkdir(mode=0o500)
    assert "nothing can be written there" in check("--save", "run").output


def test_what_cannot_be_written_in_the_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("chatproof.saved_run.saving.replacing", full)
    result = check("--save", "run", "-k", "models.list")
    assert result.exit_code == 2
    assert result.output.endswith("not all exchanges are there: No space left on device\n")


def test_list_saves_nothing(folder: Path) -> None:
    assert check("--list", "--save", "run").exit_code == 0
    assert not (folder / "run").exists()
