"""`check URL --behind BACKEND` as a user runs it."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from chatfake import Answer, Fake, LiveServer, Request
from chatproof.cases import CASES, GATEWAY_CASES, RESPONSES_CASES
from chatproof.cli import main
from chatproof.probe import headers_of
from chatproof.selftest.endpoint.gateways import WRONG
from chatproof.selftest.endpoint.wrapping import as_json, asked, is_chat, with_body
from tests.conformance.test_plugin import run_pytest

KEY, BACKEND_KEY = "sk-front-3Mf7Ty1Qa", "sk-back-9Lw2Xe6Zs"


class Gateway(Fake):
    """Loses usage, and quotes both keys where it refuses."""

    def __init__(self) -> None:
        super().__init__(models=("tiny",))
        self._make = WRONG["loses-usage"].make(super().answer)

    def answer(self, request: Request) -> Answer:
        found = self._make(request)
        if is_chat(request) and found.status >= 400:
            return as_json(found.status, {"detail": f"{KEY} {BACKEND_KEY}"})
        return found


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FRONT_KEY", KEY)
    monkeypatch.setenv("BACK_KEY", BACKEND_KEY)
    return tmp_path


def check(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments])


def document(name: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(Path(name).read_text(encoding="utf-8"))
    del value["spent"]["seconds"]
    for case in value["cases"]:
        del case["started"], case["seconds"]
    return value


def test_what_only_the_gateway_does_is_told_and_judged_again(folder: Path) -> None:
    with LiveServer(Gateway()) as gateway, LiveServer(Fake(models=("tiny",))) as backend:
        result = check(
            gateway.base_url, "--api-key-env", "FRONT_KEY", "--behind", backend.base_url,
            "--behind-api-key-env", "BACK_KEY", "-k", "gateway or errors.shape or usage", "--json", "a.json",
            "--junit", "a.xml", "--save", "run",
        )  # fmt: skip
        assert result.exit_code == 1, result.output
        behind = backend.base_url
    assert f"behind it {behind}" in result.output
    value = document("a.json")
    assert value["target"]["behind"] == behind
    cases = {case["id"]: case for case in value["cases"]}
    assert list(cases) == [*CASES, *RESPONSES_CASES, *GATEWAY_CASES]
    assert cases["gateway.same-usage"]["outcome"] == "failed"
    assert cases["gateway.same-errors"]["outcome"] == "failed"
    assert cases["chat.json.usage"]["behind"] == "own"
    assert "$BACK_KEY" in cases["gateway.same-usage"]["evidence"][0]["compared"]
    assert "$FRONT_KEY" in cases["gateway.same-usage"]["evidence"][0]["again"]
    program = cases["gateway.same-usage"]["evidence"][0]["python"]
    assert "os.environ['BACK_KEY']" in program
    assert "os.environ['FRONT_KEY']" in program
    assert "behind    the gateway alone" in result.output
    again = check("--from", "run", "--json", "b.json")
    assert again.exit_code == 1
    assert document("b.json") == value
    texts = [(folder / name).read_text(encoding="utf-8") for name in ("a.json", "a.xml", "run/exchanges.har")]
    for text in (*texts, result.output):
        assert KEY not in text
        assert BACKEND_KEY not in text


def test_without_a_backend_there_are_no_such_cases() -> None:
    assert check("-k", "models", "--json", "r.json").exit_code == 0
    assert [case["id"] for case in document("r.json")["cases"]] == [*CASES, *RESPONSES_CASES]
    assert "fits none of" in check("-k", "gateway").output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--behind", "http://127.0.0.1:1/v1"), "give the gateway's URL, too"),
        (("http://x/v1", "--behind-api-key-env", "BACK_KEY"), "none is named (--behind)"),
        (("http://x/v1", "--profile", "lorax", "--behind", "http://y"), "which are in the profile openai"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    result = check(*arguments)
    assert result.exit_code == 2
    assert sentence in result.output
    assert len(result.output.splitlines()) == 1


def test_a_backend_that_cannot_be_asked_ends_the_run() -> None:
    with LiveServer(Fake(models=("tiny",))) as gateway:
        result = check(gateway.base_url, "--behind", "http://127.0.0.1:1/v1")
    assert result.exit_code == 2
    assert "behind the gateway (--behind): Nobody answers at http://127.0.0.1:1/v1" in result.output


def test_with_pytest_and_workers(folder: Path) -> None:
    with LiveServer(Gateway()) as gateway, LiveServer(Fake(models=("tiny",))) as backend:
        run = run_pytest(
            "--pyargs", "chatproof", "--chatproof-url", gateway.base_url, "--chatproof-behind", backend.base_url,
            "-m", "gateway", "-n", "2", "--chatproof-json", "r.json", cwd=folder,
        )  # fmt: skip
    assert run.returncode == 1, run.stdout
    assert "FAILED  gateway.same-usage  must" in run.stdout


def test_a_run_of_workers_is_saved_and_judged_again(folder: Path) -> None:
    """Each worker asks both, and both sides of each stand in one file."""
    with LiveServer(Gateway()) as gateway, LiveServer(Fake(models=("tiny",))) as backend:
        first = run_pytest(
            "--pyargs", "chatproof", "--chatproof-url", gateway.base_url, "--chatproof-behind", backend.base_url,
            "-k", "gateway or chat.json.usage or errors.shape", "--chatproof-save", "run",
            "-n", "2", "--chatproof-json", "a.json", cwd=folder,
        )  # fmt: skip
    again = run_pytest(
        "--pyargs", "chatproof", "--chatproof-from", "run", "--chatproof-json", "b.json", cwd=folder
    )
    assert (first.returncode, again.returncode) == (1, 1), first.stdout + again.stdout
    assert document("a.json") == document("b.json")
    usage = next(case for case in document("a.json")["cases"] if case["id"] == "chat.json.usage")
    assert (usage["outcome"], usage["behind"]) == ("failed", "own")


class LateGateway(Fake):
    """Puts what is no usage beside the answer to a seed alone, which no case about usage asks for."""

    def answer(self, request: Request) -> Answer:
        found = super().answer(request)
        if not is_chat(request) or asked(request).get("seed") != 7:
            return found
        value = json.loads(found.body)
        value["usage"]["total_tokens"] = "many"
        return with_body(found, json.dumps(value).encode())


def test_of_what_a_later_answer_broke_the_backend_was_not_asked(folder: Path) -> None:
    with LiveServer(LateGateway(models=("tiny",))) as gateway, LiveServer(Fake(models=("tiny",))) as backend:
        result = check(
            gateway.base_url, "--behind", backend.base_url, "-k", "chat.json", "--json", "a.json"
        )  # fmt: skip
    assert result.exit_code == 1, result.output
    broken = {
        case["id"]: case["behind"] for case in document("a.json")["cases"] if case["outcome"] == "failed"
    }
    assert broken
    assert set(broken.values()) == {"unknown"}, broken
    assert "behind    what the backend has of it could not be seen" in result.output


def test_words_and_addresses_that_route_are_no_secrets() -> None:
    texts = ["x-portkey-provider: openai", "x-portkey-custom-host: http://127.0.0.1:8615/v1"]
    assert [header.secrets for header in headers_of(texts, {})] == [{}, {}]
    kept = [
        "x-api-key: openai",
        "X-Tenant: t-4711",
        "x-host: http://me:pw@host/",
        "X-Two: $A",
        "myapikey: word",
    ]
    assert all(header.secrets for header in headers_of(kept, {"A": "openai"}))
