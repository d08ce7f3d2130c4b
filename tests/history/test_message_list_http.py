"""The reference client's HTTP side, mocked as its users would mock it: a failed round leaves no trace."""

import json
from collections.abc import Callable

import httpx
import pytest
import respx

from chatfake import Fake, Request
from chatproof.clients import AnswerError, MessageList

URL = "http://there/v1"


def reply(request: httpx.Request) -> httpx.Response:
    """What the fake answers."""
    asked = Request(method="POST", path="/v1/chat/completions", body=request.content)
    answer = Fake().answer(asked)
    return httpx.Response(answer.status, content=answer.body, headers=list(answer.headers))


def client() -> MessageList:
    return MessageList(base_url=URL, api_key="sk-test", model="tiny", system_prompt="Be brief.")


def sent(call: respx.models.Call) -> list[tuple[str, str]]:
    return [(m["role"], m["content"]) for m in json.loads(call.request.content)["messages"]]


def raising(error: Exception) -> Callable[[httpx.Request], httpx.Response]:
    def broken(_: httpx.Request) -> httpx.Response:
        raise error

    return broken


@pytest.mark.parametrize(
    "failure",
    [
        lambda _: httpx.Response(200, html="<html>Bad gateway</html>"),
        lambda _: httpx.Response(502, html="<html>Bad gateway</html>"),
        lambda _: httpx.Response(429, json={"error": {"message": "slow down"}}, headers={"retry-after": "1"}),
        lambda _: httpx.Response(200, content=b'{"id": "chatcmpl-1", "choices": [{"index"'),
        lambda _: httpx.Response(200, json={"error": {"message": "out of memory"}}),
        raising(httpx.ReadTimeout("slow")),
        raising(httpx.ConnectError("refused")),
    ],
    ids=["html-200", "html-502", "429", "cut", "error-200", "timeout", "refused"],
)
@respx.mock
def test_a_round_that_failed_is_not_in_the_next_request(
    failure: Callable[[httpx.Request], httpx.Response],
) -> None:
    route = respx.post(f"{URL}/chat/completions")
    talk = client()
    route.side_effect = reply
    first = talk.say("hi")
    route.side_effect = failure
    with pytest.raises(AnswerError):
        talk.say("are you there?")
    route.side_effect = reply
    talk.say("and now?")
    assert sent(route.calls.last) == [
        ("system", "Be brief."),
        ("user", "hi"),
        ("assistant", first),
        ("user", "and now?"),
    ]
    assert route.calls.last.request.headers["authorization"] == "Bearer sk-test"
    talk.close()
