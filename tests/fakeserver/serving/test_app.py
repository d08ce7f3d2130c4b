"""A fake behind another application, and answers by a plan that is handed in."""

import json

import httpx
import pytest

from chatfake import Fake, LiveServer, Plan, Request
from chatfake.core.asgi_connection import Receive, Scope, Sender, body_of, request_of
from chatfake.scripting.plan import parse_plan
from chatfake.serving.asgi import send_answer
from tests.fakeserver.asking import HELLO, chat


class Behind:
    """An application whose every answer is one plan's, whatever is asked."""

    def __init__(self, plan: Plan) -> None:
        self.fake = Fake(models=("tiny",))
        self.plan = plan

    async def app(self, scope: Scope, receive: Receive, send: Sender) -> None:
        body = await body_of(receive, 1_000_000)
        answer = self.fake.answer_by(self.plan, request_of(scope, body or b""))
        await send_answer(answer, scope, receive, send)


@pytest.mark.parametrize(
    ("written", "status"), [("http-503", 503), ("empty-choices", 200), ("html-200", 200), ("text", 200)]
)
def test_an_application_asks_the_fake(written: str, status: int) -> None:
    with LiveServer(app=Behind(parse_plan(written)).app) as server:
        got = httpx.post(f"{server.base_url}/chat/completions", json=chat())
    assert got.status_code == status


def test_a_plan_that_is_handed_in_stands_above_all_others() -> None:
    fake = Fake(models=("tiny",))
    handle = fake.handle()
    handle.script("scripted")
    body = json.dumps({"model": "fake/http-500", "messages": list(HELLO)}).encode()
    headers = (("authorization", f"Bearer {handle.key}"), ("x-fake-scenario", "http-404"))
    request = Request(method="POST", path="/v1/chat/completions", headers=headers, body=body)
    assert fake.answer(request).status == 404
    answer = fake.answer_by(parse_plan("empty-choices"), request)
    assert json.loads(answer.body)["choices"] == []
    assert handle.unused == 1
    assert handle.last.scenario == "empty-choices"
