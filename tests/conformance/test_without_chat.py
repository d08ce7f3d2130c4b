"""An endpoint without a chat route is judged on what it has, and no such run is green; a web page is no endpoint."""

import json
import re
from collections.abc import Callable

import pytest
from click import unstyle

from chatfake import Answer, HandlerTransport, Request
from chatproof.cases import CASES
from chatproof.judging.collector import new_result
from chatproof.judging.judge import Judge
from chatproof.judging.target import CannotJudgeError, Target, open_target
from chatproof.report import Outcome, Result
from chatproof.report.exit_code import exit_code
from chatproof.report.terminal import summary
from chatproof.selftest.endpoint.miniatures import MINIATURES
from chatproof.selftest.endpoint.wrapping import Handler, as_html, as_json, is_chat
from tests.conformance.test_miniatures import fake

NEEDS_NONE = {"models.list", "models.serves", "models.retrieve", "http.unknown-route"}
NOT_FOUND = as_json(404, {"detail": "Not Found"})
REASON = "The model `tiny` does not support Chat Completions API"
VECTOR = {
    "object": "list",
    "data": [{"object": "embedding", "index": 0, "embedding": [0.1]}],
    "model": "tiny",
}


def embedder(chat: Answer, handler: Handler | None = None) -> Handler:
    """A server of embeddings: its chat route is missing, and says why."""
    others = handler or fake().answer
    return lambda request: chat if request.path.endswith("/chat/completions") else others(request)


def run_on(handler: Handler, *, url: str = "http://there/v1", model: str | None = None) -> Result:
    opened = open_target(Target(url=url, model=model), transport=HandlerTransport(handler))
    judge = Judge(opened.endpoint, api_key=None, key_variable="KEY")
    results = tuple(judge.judge(case) for case in CASES.values())
    probe = opened.endpoint.probe
    return new_result(opened.describe(), probe.budget.spent, results, ended=probe.ended)


def last_line(result: Result) -> str:
    return unstyle(summary(result)).splitlines()[-1]


@pytest.mark.parametrize(
    ("chat", "reason"),
    [
        (as_json(404, {"error": {"message": REASON}}), f"does not chat with the model 'tiny': HTTP 404, .*{REASON}"),
        (NOT_FOUND, "There is no chat route at .*/v1/chat/completions: HTTP 404, .*Not Found"),
        (as_json(405, {"detail": "Method Not Allowed"}), "There is no chat route at .*HTTP 405"),
        (as_json(501, {"error": {"message": "Start it without --embeddings"}}), "HTTP 501, .*--embeddings"),
    ],
    ids=["a reason", "404", "405", "501"],
)  # fmt: skip
def test_what_needs_no_chat_is_judged_and_the_rest_says_why_not(chat: Answer, reason: str) -> None:
    result = run_on(embedder(chat))
    outcomes = {case.id: case.outcome for case in result.cases}
    assert {id_ for id_, outcome in outcomes.items() if outcome is Outcome.PASSED} == NEEDS_NONE
    (message,) = {case.message for case in result.cases if case.outcome is Outcome.NOT_RUN}
    assert message
    assert set(outcomes.values()) == {Outcome.PASSED, Outcome.NOT_RUN}
    assert not result.whole
    assert exit_code(result) == 2
    assert last_line(result).startswith("not whole: ")
    assert last_line(result).endswith(f"; {len(CASES) - len(NEEDS_NONE)} cases were not run")
    assert re.search(reason, last_line(result))
    assert "/v1?" not in last_line(result)
    assert result.target["notes"] == ["it has no chat: what needs one is not judged"]


def test_what_it_has_is_held_to_its_musts() -> None:
    result = run_on(embedder(NOT_FOUND, MINIATURES["models-without-object"].make(fake().answer)))
    assert exit_code(result) == 1
    assert last_line(result).startswith("1 must failed, and the run is not whole: There is no chat route")


def test_a_url_that_may_lack_v1_is_asked_about_it() -> None:
    handler = embedder(NOT_FOUND, lambda r: as_json(200, {"object": "list", "data": [{"id": "tiny"}]}))
    assert "Does the base URL end in /v1?" in last_line(run_on(handler, url="http://there/api"))


def test_embeddings_without_a_list_are_an_endpoint_once_the_model_is_named() -> None:
    def handler(request: Request) -> Answer:
        known = request.path.endswith("/embeddings") and json.loads(request.body)["model"] == "tiny"
        return as_json(200, VECTOR) if known else NOT_FOUND

    result = run_on(handler, model="tiny")
    assert {c.id for c in result.cases if c.outcome is Outcome.WARNED} == {"models.list", "models.retrieve"}
    assert exit_code(result) == 2


def refused(handler: Handler, model: str | None) -> str:
    with pytest.raises(CannotJudgeError) as told:
        open_target(Target(url="http://there/v1", model=model), transport=HandlerTransport(handler))
    return str(told.value)


@pytest.mark.parametrize("model", [None, "tiny"])
@pytest.mark.parametrize(
    ("handler", "what"),
    [
        (lambda _: as_html(200), "a web page"),
        (lambda r: as_html(405 if is_chat(r) else 200), "a web page"),
        (lambda _: as_html(404), "no API"),
    ],
    ids=["every address", "GET alone", "404"],
)
def test_a_web_page_is_no_endpoint(
    handler: Callable[[Request], Answer], what: str, model: str | None
) -> None:
    sentence = refused(handler, model)
    assert sentence.startswith(f"http://there/v1 is {what}: at http://there/v1/models there is HTTP ")


def test_neither_chat_nor_models_nor_embeddings_are_no_endpoint() -> None:
    assert refused(lambda _: NOT_FOUND, "tiny").startswith(
        "There is no chat route at http://there/v1/chat/compl"
    )
