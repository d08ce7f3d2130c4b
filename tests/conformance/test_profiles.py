"""What an endpoint is judged as: named, several at once, or found out; what it can do, and what is expected of it."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from chatfake import Fake, HandlerTransport, LiveServer, Request
from chatproof.cases import LORAX_CASES, RESPONSES_CASES
from chatproof.judging.capabilities import CAPABILITIES
from chatproof.judging.names import names_of
from chatproof.judging.target import CannotJudgeError, Opened, Target, open_target
from chatproof.report import CaseResult, Outcome
from chatproof.report.expectation import Expectation
from chatproof.selftest.endpoint.wrapping import Handler, as_json, asked, is_chat, requests, where
from tests.conformance.test_check_command import CASES, check
from tests.conformance.test_lorax import lorax
from tests.conformance.test_miniatures import fake
from tests.conformance.test_plugin import run_here

NOT_FOUND = as_json(404, {"detail": "Not Found"})
REFUSED = as_json(
    400, {"error": {"message": "not here", "type": "invalid_request_error", "param": None, "code": None}}
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, which is empty."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def opened_on(handler: Handler, url: str, *profiles: str) -> Opened:
    return open_target(Target(url=url, profiles=profiles), transport=HandlerTransport(handler))


@pytest.mark.parametrize(
    ("handler", "url", "profiles", "evidence"),
    [
        (fake().answer, "http://there/v1", ("openai", "responses"), "GET /models lists 123"),
        (lorax(), "http://there", ("openai", "responses", "lorax"), "GET /models: HTTP 404; GET /info is LoRAX's"),
        (lorax(), "http://there/v1", ("openai", "responses", "lorax"), "GET /models: HTTP 404; GET /info is LoRAX's"),
    ],
    ids=["OpenAI", "LoRAX's root", "LoRAX's /v1"],
)  # fmt: skip
def test_the_profiles_are_found_out(
    handler: Handler, url: str, profiles: tuple[str, ...], evidence: str
) -> None:
    opened = opened_on(handler, url)
    assert (opened.profiles, opened.found_out) == (profiles, evidence)
    described = opened.describe()
    assert described["profile"] == ",".join(profiles)
    assert described["found_out"] == evidence
    assert opened.url == "http://there/v1"
    assert opened.endpoint_of("openai").probe.base_url == "http://there/v1"
    own = opened.endpoint_of("lorax")
    assert own.probe.base_url == ("http://there" if "lorax" in profiles else "http://there/v1")
    assert own.probe.budget is opened.endpoint.probe.budget


def test_an_info_of_another_server_is_not_taken_for_lorax() -> None:
    def handler(request: Request) -> Any:
        if request.path.endswith("/models"):
            return NOT_FOUND
        if request.path == "/info":  # Text Generation Inference
            return as_json(200, {"model_id": "tiny", "router": "text-generation-router", "version": "3.0"})
        return fake().answer(request)

    opened = open_target(
        Target(url="http://there/v1", model="tiny", profiles=()), transport=HandlerTransport(handler)
    )
    assert opened.profiles == ("openai", "responses")
    assert opened.context is None


def test_what_is_named_is_not_looked_for() -> None:
    asked_for: list[str] = []

    def handler(request: Request) -> Any:
        asked_for.append(request.path)
        return fake().answer(request)

    opened = opened_on(handler, "http://there/v1", "responses")
    assert (opened.profiles, opened.found_out) == (("responses",), "")
    assert asked_for == ["/v1/models", "/v1/responses"]
    with pytest.raises(CannotJudgeError, match="names no model"):
        opened_on(
            where(lambda request: request.path == "/info", NOT_FOUND)(fake().answer),
            "http://elsewhere/v1",
            "openai",
            "lorax",
        )


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (NOT_FOUND, "There is no /responses at http://there/v1: HTTP 404"),
        (REFUSED, "refuses a plain request of Open Responses to 'tiny': HTTP 400"),
        (as_json(401, {}), r"wants a key \(HTTP 401\)"),
    ],
)
def test_responses_alone_need_their_route(answer: Any, told: str) -> None:
    handler = where(lambda request: request.path.endswith("/responses"), answer)(fake().answer)
    with pytest.raises(CannotJudgeError, match=told):
        opened_on(handler, "http://there/v1", "responses")


def test_both_profiles_of_lorax_are_judged_in_one_run(folder: Path) -> None:
    with LiveServer(Fake(models=("tiny",), clock=time.time, dialect="lorax")) as server:
        root = server.base_url.removesuffix("/v1")
        found = check(root, "-k", "lorax or completions.json", "--json", "found.json")
        named = check(
            root, "--profile", "openai,lorax", "-k", "lorax or completions.json", "--json", "named.json"
        )
        twice = check(root, "--profile", "lorax", "--profile", "openai", "-k", "lorax or completions.json")
    for run in (found, named, twice):
        assert run.exit_code == 0, run.output
        assert f"1 should warned, {len(LORAX_CASES)} passed" in run.stdout  # LoRAX's texts lack a member
    assert "profile openai, responses, lorax (GET /models: HTTP 404; GET /info is LoRAX's)" in found.stdout
    assert named.stdout.splitlines()[0].endswith("profile openai, lorax")
    document = json.loads((folder / "named.json").read_text())
    assert document["target"]["profiles"] == ["openai", "lorax"]
    assert not {case["id"] for case in document["cases"]} & {*RESPONSES_CASES}
    length = document["target"]["capabilities"][-1]
    assert (length["name"], length["evidence"]) == ("context-length", "GET /info: max_total_tokens")


def test_a_profile_that_is_not_found_is_told_where_nothing_else_was_selected() -> None:
    run = check("-k", "lorax.generate")
    assert run.exit_code == 2
    assert "nothing of the profile lorax was found at http://127.0.0.1" in run.stderr
    assert "--profile lorax" in run.stderr
    wrong = check("--profile", "openai,grpc")
    assert wrong.exit_code == 2
    assert "there is no profile 'grpc'; there are openai, responses, lorax" in wrong.stderr


def test_names_come_in_one_order_and_once() -> None:
    assert names_of(["c, a", "a"], ("a", "b", "c"), "letter") == ("a", "c")
    with pytest.raises(ValueError, match="there is no letter ''; there are a"):
        names_of(["a,"], ("a",), "letter")


def test_capabilities_are_told_with_what_shows_them(folder: Path) -> None:
    run = check("--json", "r.json", "-k", "tools.shape or json.n or embeddings.shape")
    assert run.exit_code == 0
    assert "\nhas           tools, n, embeddings\n" in run.stdout
    found = json.loads((folder / "r.json").read_text())["target"]["capabilities"]
    assert next(one for one in found if one["name"] == "n") == {
        "name": "n",
        "supported": True,
        "evidence": "chat.json.n: passed",
    }


def test_every_capability_is_some_cases() -> None:
    assert {id_ for ids in CAPABILITIES.values() for id_ in ids} <= {*CASES}
    assert {"chat", "tools", "n", "seed", "completions", "embeddings", "responses"} <= {*CAPABILITIES}


def test_what_is_expected_and_unsupported_fails(folder: Path) -> None:
    no_tools = where(lambda r: is_chat(r) and "tools" in asked(r), REFUSED)

    class Without(Fake):
        def answer(self, request: Request) -> Any:
            one = requests(lambda body: body.pop("n", None))(no_tools(super().answer))
            return one(request)

    with LiveServer(Without(models=("tiny",), clock=time.time)) as server:
        plain = check(server.base_url, "-k", "tools.shape or json.n or json.seed")
        wanted = check(
            server.base_url,
            "-k",
            "tools.shape or json.n or json.seed",
            "--expect",
            "tools,seed",
            "--expect",
            "n",
        )
    assert plain.exit_code == 0
    assert "\nhas           seed\nhas not       tools, n\n" in plain.stdout
    assert wanted.exit_code == 1
    assert "2 must failed, 3 passed" in wanted.stdout
    assert "tools is expected (--expect), and is not there: no tool call" in wanted.stdout
    assert "n is expected (--expect), and is not there: n: 2 gives one choice" in wanted.stdout


@pytest.mark.parametrize(
    ("outcome", "level", "becomes"),
    [
        (Outcome.UNSUPPORTED, "may", Outcome.FAILED),
        (Outcome.INCONCLUSIVE, "may", Outcome.FAILED),
        (Outcome.WARNED, "should", Outcome.FAILED),
        (Outcome.WARNED, "must", Outcome.WARNED),
        (Outcome.PASSED, "may", Outcome.PASSED),
        (Outcome.NOT_RUN, "may", Outcome.NOT_RUN),
    ],
)
def test_an_expectation_is_about_what_is_lacking(outcome: Outcome, level: str, becomes: Outcome) -> None:
    case = CaseResult(id="chat.json.n", level=level, outcome=outcome)
    assert Expectation(expected={"chat.json.n": "n"}).applied(case).outcome is becomes
    assert Expectation(expected={"chat.json.seed": "seed"}).applied(case) == case


def test_what_is_expected_has_to_be_looked_at() -> None:
    unknown = check("--expect", "tools,flying")
    assert unknown.exit_code == 2
    assert "there is no capability 'flying'; there are chat, tools, n, " in unknown.stderr
    unseen = check("--expect", "tools", "-k", "json.id")
    assert unseen.exit_code == 2
    assert (
        "tools is expected (--expect), and chat.tools.shape, which looks for it, is not among"
        in unseen.stderr
    )
    elsewhere = check("--expect", "responses", "--profile", "openai", "-k", "json.id")
    assert elsewhere.exit_code == 2


@pytest.mark.usefixtures("folder")
def test_plain_pytest_expects_alike() -> None:
    assert run_here("-k", "json.n", "--chatproof-expect", "n")[0] == 0
    assert run_here("-k", "json.id", "--chatproof-expect", "n")[0] == 2
    assert run_here("-k", "json.id", "--chatproof-expect", "flying")[0] == 2
    assert run_here("-k", "json.id", "--chatproof-profile", "grpc")[0] == 2
    code, said = run_here("-k", "json", "--chatproof-profile", "responses")
    assert code == 0
    assert "1 passed" in said
