"""An endpoint without a chat route is judged on what it has; one that has none, and a web page, are no endpoint."""

import json
import re
from collections.abc import Callable

import pytest
from click import unstyle

from chatfake import Answer, HandlerTransport, Request
from chatproof.cases import cases_of
from chatproof.judging.collector import new_result
from chatproof.judging.judge import Judge
from chatproof.judging.target import CannotJudgeError, Target, open_target
from chatproof.report import Outcome, Result
from chatproof.report.exit_code import exit_code
from chatproof.report.terminal import summary
from chatproof.selftest.endpoint.miniatures import MINIATURES
from chatproof.selftest.endpoint.variants import UNSHOWN
from chatproof.selftest.endpoint.wrapping import CRASH, Handler, as_html, as_json, is_chat, where
from tests.conformance.test_miniatures import CASES, fake

NEEDS_NONE = {"models.list", "models.serves", "models.retrieve", "http.unknown-route", "history.ids-differ"}
NOT_FOUND = as_json(404, {"detail": "Not Found"})
REASON = "The model `tiny` does not support Chat Completions API"


def embedder(chat: Answer, handler: Handler | None = None) -> Handler:
    """A server of embeddings: its chat route is missing, and says why."""
    others = handler or fake().answer
    return lambda request: chat if request.path.endswith("/chat/completions") else others(request)


def run_on(
    handler: Handler,
    *,
    url: str = "http://there/v1",
    model: str | None = None,
    profiles: tuple[str, ...] = (),
) -> Result:
    opened = open_target(Target(url=url, model=model, profiles=profiles), transport=HandlerTransport(handler))
    judge = Judge(opened.endpoint, api_key=None, key_variable="KEY")
    results = tuple(judge.judge(case) for case in cases_of(opened.profiles).values())
    probe = opened.endpoint.probe
    return new_result(opened.describe(), probe.budget.spent, results, ended=probe.ended)


def last_line(result: Result) -> str:
    return unstyle(summary(result)).splitlines()[-1]


def ended_as(result: Result, outcome: Outcome) -> set[str]:
    return {case.id for case in result.cases if case.outcome is outcome}


def groups(*names: str) -> set[str]:
    return {id_ for id_ in CASES if id_.startswith(names)}


@pytest.mark.parametrize(
    ("chat", "reason"),
    [
        (as_json(404, {"error": {"message": REASON}}), f"does not chat with the model 'tiny': HTTP 404, .*{REASON}"),
        (NOT_FOUND, "There is no chat route at .*/v1/chat/completions: HTTP 404, .*Not Found"),
        (as_json(405, {"detail": "Method Not Allowed"}), "There is no chat route at .*HTTP 405"),
        (as_json(501, {"error": {"message": "Start it without --embeddings"}}), "HTTP 501, .*--embeddings"),
        (as_json(400, {"error": {"message": '"tiny" does not support chat'}}), "HTTP 400, .*does not support chat"),
    ],
    ids=["a reason", "404", "405", "501", "Ollama"],
)  # fmt: skip
def test_an_endpoint_without_chat_is_judged_on_what_it_has(chat: Answer, reason: str) -> None:
    result = run_on(embedder(chat))
    others = groups("completions.", "embeddings.", "responses.")
    assert ended_as(result, Outcome.PASSED) == NEEDS_NONE | others
    assert ended_as(result, Outcome.UNSUPPORTED) == {*CASES} - NEEDS_NONE - others
    lacking = [c for c in result.cases if c.outcome is Outcome.UNSUPPORTED and c.id != "http.bad-key"]
    messages = {case.message for case in lacking}
    assert len(messages) == 1
    assert re.search(reason, messages.pop())
    assert all(case.evidence[0].again for case in lacking)
    assert (result.whole, exit_code(result)) == (True, 0)
    notes = result.target["notes"]
    assert isinstance(notes, list)
    assert re.match("it has no chat: HTTP ", str(notes[0]))


@pytest.mark.parametrize("route", ["/completions", "/embeddings", "/responses"])
def test_one_route_is_enough(route: str) -> None:
    def alone(request: Request) -> Answer:
        here = request.path.endswith((route, "/models", "/tiny")) and not is_chat(request)
        return fake().answer(request) if here else NOT_FOUND

    result = run_on(alone)
    its = groups(f"{route[1:]}.") | {"models.list", "models.serves", "models.retrieve", "http.unknown-route"}
    assert ended_as(result, Outcome.PASSED) | ended_as(result, Outcome.UNSUPPORTED) == {*CASES}
    assert ended_as(result, Outcome.PASSED) >= its - {
        "responses.store-false-is-not-stored",
        "http.unknown-route",
    }
    assert exit_code(result) == 0
    # what is missing costs a request each: chat, and the other two
    assert result.spent.requests <= len(its) + 12


def test_what_it_has_is_held_to_its_musts() -> None:
    result = run_on(embedder(NOT_FOUND, MINIATURES["vector-without-object"].make(fake().answer)))
    assert exit_code(result) == 1
    assert last_line(result).startswith("1 must failed, ")


def test_a_url_that_may_lack_v1_is_asked_about_it() -> None:
    def handler(request: Request) -> Answer:
        known = request.path.endswith("/models")
        return as_json(200, {"object": "list", "data": [{"id": "tiny"}]}) if known else NOT_FOUND

    with pytest.raises(CannotJudgeError, match=re.escape("Does the base URL end in /v1?")):
        run_on(handler, url="http://there/api")


def test_embeddings_without_a_list_are_an_endpoint_once_the_model_is_named() -> None:
    def handler(request: Request) -> Answer:
        known = request.path.endswith("/embeddings") and json.loads(request.body)["model"] == "tiny"
        return fake().answer(request) if known else NOT_FOUND

    result = run_on(handler, model="tiny")
    assert ended_as(result, Outcome.WARNED) == {"models.list", "models.retrieve"}
    assert groups("embeddings.") <= ended_as(result, Outcome.PASSED)
    assert exit_code(result) == 0


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (403, Outcome.UNSUPPORTED),
        (404, Outcome.UNSUPPORTED),
        (400, Outcome.UNSUPPORTED),
        (501, Outcome.UNSUPPORTED),
    ],
)
def test_a_route_that_is_missing_costs_one_request_and_spoils_no_run(status: int, outcome: Outcome) -> None:
    asked: list[str] = []
    missing = as_json(status, {"error": {"message": "no", "type": "x", "param": None, "code": None}})

    def handler(request: Request) -> Answer:
        if not request.path.endswith(("/embeddings", "/responses")):
            return fake().answer(request)
        asked.append(request.path)
        return missing

    result = run_on(handler)
    assert ended_as(result, outcome) - {*UNSHOWN} == groups("embeddings.", "responses.")
    assert (result.whole, exit_code(result)) == (True, 0)
    twice = 2 if status == 403 else 1  # whether it is the key that is refused has to be found out
    assert len(asked) == 2 * twice


def test_a_route_that_breaks_is_a_warning_beside_a_chat_that_works() -> None:
    """llama-cpp-python says 500 where it was not started for embeddings: it cannot be told from a fault."""
    broken = where(lambda request: request.path.endswith("/embeddings"), CRASH)
    result = run_on(broken(fake().answer))
    assert ended_as(result, Outcome.WARNED) == {"embeddings.shape"}
    assert ended_as(result, Outcome.INCONCLUSIVE) - {*UNSHOWN} == groups("embeddings.") - {"embeddings.shape"}


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
