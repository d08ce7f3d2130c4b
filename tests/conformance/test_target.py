"""From a URL to an endpoint that can be judged, or one plain sentence."""

import json
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from chatfake import Answer, Fake, HandlerTransport, Request
from chatproof.judging.target import CannotJudgeError, Opened, Target, open_target
from chatproof.selftest.endpoint.wrapping import as_html, as_json, asked, is_chat

TARGET = Target(url="http://there/v1", api_key="sk-secret", key_variable="MY_KEY")


def opened_on(handler: Callable[[Request], Answer], target: Target = TARGET) -> Opened:
    return open_target(target, transport=HandlerTransport(handler))


def fake_at_v1(request: Request) -> Answer:
    if not request.path.startswith("/v1/"):
        return as_html(404)
    return Fake(models=("tiny", "other")).answer(request)


def test_the_first_listed_model_is_asked() -> None:
    opened = opened_on(fake_at_v1)
    assert opened.model == "tiny"
    assert opened.describe()["url"] == "http://there/v1"
    assert opened.notes == ()


def test_a_model_can_be_named() -> None:
    assert opened_on(fake_at_v1, replace(TARGET, model="other")).model == "other"


@pytest.mark.parametrize("named", [None, "half a \udcff"])
def test_a_model_whose_name_is_no_text_is_not_asked(named: str | None) -> None:
    listed = as_json(200, {"object": "list", "data": [{"id": "\ud800x"}]})
    with pytest.raises(CannotJudgeError, match=r"is no text: half a character .* --model"):
        opened_on(lambda _: listed, replace(TARGET, model=named))


@pytest.mark.parametrize("url", ["http://there", "http://there/"])
def test_a_url_without_v1_is_found_and_told(url: str) -> None:
    opened = opened_on(fake_at_v1, replace(TARGET, url=url))
    assert opened.url == "http://there/v1"
    assert "http://there/v1" in opened.notes[0]


def test_the_whole_chat_url_is_understood() -> None:
    opened = opened_on(fake_at_v1, replace(TARGET, url="http://there/v1/chat/completions"))
    assert opened.url == "http://there/v1"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("localhost:8000", "is no URL"),
        ("ftp://there/v1", "is no URL"),
        ("http://me:secret@there/v1", "name or password"),
        ("http://there/v1?key=secret", "query or fragment"),
        ("http://there:port/v1", "no valid port"),
    ],
)
def test_a_bad_url_is_told(url: str, told: str) -> None:
    with pytest.raises(CannotJudgeError, match=told):
        opened_on(fake_at_v1, replace(TARGET, url=url))


def test_a_refused_key_is_told_by_its_variable() -> None:
    with pytest.raises(CannotJudgeError, match=r"refuses the key in \$MY_KEY \(HTTP 401\)") as told:
        opened_on(lambda _: as_json(401, {"error": {"message": "no"}}))
    assert "sk-secret" not in str(told.value)


def test_a_missing_key_is_told() -> None:
    with pytest.raises(CannotJudgeError, match=r"wants a key .* \$MY_KEY is not set"):
        opened_on(lambda _: as_json(401, {}), replace(TARGET, api_key=None))


def test_a_server_that_lists_no_model_needs_one_named() -> None:
    with pytest.raises(CannotJudgeError, match="--model"):
        opened_on(lambda _: as_json(200, {"object": "list", "data": []}))


def test_an_unknown_model_is_told_with_those_that_are_there() -> None:
    with pytest.raises(CannotJudgeError, match=r"does not serve the model 'fake/nope'.*tiny, other"):
        opened_on(fake_at_v1, replace(TARGET, model="fake/nope"))


def test_a_model_that_refuses_a_plain_request_is_told() -> None:
    def handler(request: Request) -> Answer:
        refused = as_json(400, {"error": {"message": "ask for less"}})
        return refused if is_chat(request) else fake_at_v1(request)

    with pytest.raises(CannotJudgeError, match=r"refuses a plain chat request to 'tiny'.*ask for less"):
        opened_on(handler)


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("the header x-provider is required", r"x-provider is required.*Give it with -H\.$"),
        ("request (3919 tokens) exceeds the available context size", r"context size[^.]*\.$"),
    ],
    ids=["a gateway", "a template longer than the context"],
)
def test_a_refusal_of_a_plain_request_is_advised_by_what_it_says(message: str, told: str) -> None:
    with pytest.raises(CannotJudgeError, match=told):
        opened_on(lambda _: as_json(400, {"message": message}), replace(TARGET, model="tiny"))


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (httpx.ConnectError("[Errno 111] Connection refused"), r"Nobody answers .*connection refused"),
        (httpx.ReadTimeout("slow"), "does not answer within 60 s"),
    ],
)
def test_an_endpoint_that_does_not_answer_is_told(error: Exception, told: str) -> None:
    def handler(_: httpx.Request) -> httpx.Response:
        raise error

    with pytest.raises(CannotJudgeError, match=told):
        open_target(TARGET, transport=httpx.MockTransport(handler))


def test_a_model_that_refuses_the_older_limit_and_a_temperature_is_asked_without_them() -> None:
    def handler(request: Request) -> Answer:
        body = asked(request)
        for member, hint in (("max_tokens", "max_completion_tokens"), ("temperature", "temperature")):
            if is_chat(request) and member in body:
                return as_json(400, {"error": {"message": f"Unsupported: use {hint}"}})
        return fake_at_v1(request)

    opened = opened_on(handler)
    body = opened.endpoint.body()
    assert "max_completion_tokens" in body
    assert "max_tokens" not in body
    assert "temperature" not in body
    assert json.loads(opened.endpoint.plain().sent.body) == body
