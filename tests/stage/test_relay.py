"""A relay passes plain answers on as they come, lays what is unusual over them, and says when its endpoint is gone."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from chatfake import Fake, LiveServer
from chatfake.core.asgi_connection import Receive, Scope, Sender, body_of
from chatproof.history.model.plan import Answer
from chatproof.probe import Access, Header
from chatproof.stage import Relay, Script, Upstream
from tests.stage.asking import ROUTES, post, request, said, token_of

KEY = "sk-upstream-of-a-test"

App = Callable[[Scope, Receive, Sender], Awaitable[None]]


@contextmanager
def relay(url: str, **members: Any) -> Generator[Relay]:
    with Relay(Upstream(base_url=url, api_key=KEY, seconds=5.0, **members)) as stage:
        yield stage


@contextmanager
def served(app: App) -> Generator[str]:
    """An endpoint of a few lines."""

    async def only_http(scope: Scope, receive: Receive, send: Sender) -> None:
        if scope["type"] == "http":
            await app(scope, receive, send)

    with LiveServer(Fake(), app=only_http) as server:
        yield server.base_url


def answering(status: int, body: bytes, **headers: str) -> App:
    """The same to everybody."""
    head = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]

    async def app(_: Scope, receive: Receive, send: Sender) -> None:
        await body_of(receive, 10_000_000)
        await send({"type": "http.response.start", "status": status, "headers": head})
        await send({"type": "http.response.body", "body": body})

    return app


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("stream", [False, True])
def test_a_plain_answer_is_the_endpoints(route: str, stream: bool) -> None:
    with LiveServer() as server, relay(server.base_url) as stage, token_of(stage) as token:
        server.fake.handle(KEY).usually("Straight from there.")
        got = post(stage, token, route, stream=stream)
        assert stage.idle(token, seconds=5)
        (seen,) = stage.exchanges(token)
        assert got.status == 200
        assert not got.broken
        assert (seen.answer, seen.arrived) == (Answer(text="Straight from there."), "Straight from there.")
        assert not seen.left
        assert not stage.trouble(token)


def test_the_endpoint_gets_the_clients_bytes_and_its_own_key() -> None:
    seen: list[tuple[dict[str, str], bytes]] = []

    async def app(scope: Scope, receive: Receive, send: Sender) -> None:
        body = await body_of(receive, 1_000_000)
        seen.append(({name.decode(): value.decode() for name, value in scope["headers"]}, body or b""))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    header = Header(name="x-tenant", value="seven")
    with served(app) as url, relay(url, access=Access(headers=(header,))) as stage, token_of(stage) as token:
        odd = b'{ "model":"tiny",  "messages":[{"role":"user","content":"\\u00e9"}] }'
        head = {"authorization": "Bearer sk-play", "cookie": "a=b", "content-type": "application/json"}
        httpx.post(stage.base_url(token) + "/chat/completions", content=odd, headers=head)
    ((headers, body),) = seen
    assert body == odd
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["x-tenant"] == "seven"
    assert "cookie" not in headers


def test_what_is_unusual_is_laid_over_it() -> None:
    with served(answering(500, b"never asked")) as url, relay(url) as stage, token_of(stage) as token:
        for answer in (Answer(name="empty-choices"), Answer(text="§, said by the fake")):
            stage.arm(token, Script(words=said, answers=(answer,)))
            got = post(stage, token, "chat")
            assert got.status == 200
        first, second = stage.exchanges(token)
        assert first.answer.name == "empty-choices"
        assert second.answer.text.endswith(", said by the fake")


def test_a_piece_passes_before_the_next_one_exists() -> None:
    """The endpoint writes its second event when the client has the first."""
    has_first = threading.Event()
    events = [
        b'data: {"choices":[{"index":0,"delta":{"content":"%s"}}]}\n\n' % word for word in (b"one", b" two")
    ]

    async def app(_: Scope, receive: Receive, send: Sender) -> None:
        await body_of(receive, 1_000_000)
        head = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": events[0], "more_body": True})
        await asyncio.get_running_loop().run_in_executor(None, has_first.wait, 10)
        end = b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
        await send({"type": "http.response.body", "body": events[1] + end})

    with served(app) as url, relay(url) as stage, token_of(stage) as token:
        body = request("chat", stream=True)
        with httpx.stream(
            "POST", stage.base_url(token) + "/chat/completions", json=body, timeout=5
        ) as response:
            pieces = response.iter_raw()
            read = next(pieces)
            assert read == events[0]
            has_first.set()
            read += b"".join(pieces)
        assert stage.idle(token, seconds=5)
        (seen,) = stage.exchanges(token)
        assert read.startswith(b"".join(events))
        assert (seen.answer, seen.left) == (Answer(text="one two"), False)


def test_who_leaves_in_the_middle_is_seen_leaving_and_the_endpoint_is_left_too() -> None:
    left = threading.Event()

    async def app(_: Scope, receive: Receive, send: Sender) -> None:
        await body_of(receive, 1_000_000)
        head = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        event = b'data: {"choices":[{"index":0,"delta":{"content":"one"}}]}\n\n'
        await send({"type": "http.response.body", "body": event, "more_body": True})
        while (await receive())["type"] != "http.disconnect":
            pass
        left.set()

    with served(app) as url, relay(url) as stage, token_of(stage) as token:
        body = request("chat", stream=True)
        with httpx.stream(
            "POST", stage.base_url(token) + "/chat/completions", json=body, timeout=5
        ) as response:
            next(response.iter_raw())
        assert stage.idle(token, seconds=5)
        assert left.wait(5)
        (seen,) = stage.exchanges(token)
        assert seen.left
        assert (seen.answer.name, seen.arrived) == ("text", "one")
        assert not stage.trouble(token)


def test_a_refusal_is_what_the_client_saw_and_tells_no_key() -> None:
    refusal = json.dumps({"error": {"message": f"no such key: {KEY}"}}).encode()
    with served(answering(404, refusal)) as url, relay(url) as stage, token_of(stage) as token:
        got = post(stage, token, "chat")
        (seen,) = stage.exchanges(token)
        assert (got.status, seen.status, seen.answer.name) == (404, 404, "http-404")
        assert KEY.encode() not in got.body
        assert "no such key" in stage.note
        assert "refused 1" in stage.note
        assert KEY not in stage.note


def test_nobody_there_is_trouble_and_no_fault_of_the_client() -> None:
    with LiveServer() as server:
        url = server.base_url
    with relay(url) as stage, token_of(stage) as token:
        got = post(stage, token, "chat")
        assert got.broken
        assert stage.trouble(token) == f"nobody answers at {url} any more"


@pytest.mark.parametrize(
    ("app", "told"),
    [
        (answering(302, b"", location="https://elsewhere.invalid/"), "points elsewhere (HTTP 302)"),
        (answering(200, b"\x1f\x8b", content_encoding="gzip"), "compresses its answers"),
    ],
)
def test_what_cannot_be_passed_on_is_trouble(app: App, told: str) -> None:
    with served(app) as url, relay(url) as stage, token_of(stage) as token:
        got = post(stage, token, "chat")
        assert got.broken
        assert told in stage.trouble(token)


def test_an_answer_without_an_end_is_cut() -> None:
    async def app(_: Scope, receive: Receive, send: Sender) -> None:
        await body_of(receive, 1_000_000)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _number in range(100):
            await send({"type": "http.response.body", "body": b" " * 1_000_000, "more_body": True})

    with served(app) as url, relay(url) as stage, token_of(stage) as token:
        got = post(stage, token, "chat", silence=5)
        assert got.broken
        assert len(got.body) < 40_000_000
        assert stage.idle(token, seconds=5)
        (seen,) = stage.exchanges(token)
        assert seen.answer.name == "reset-in-body"


def test_an_answer_that_does_not_come_is_trouble() -> None:
    asked = threading.Event()
    over = threading.Event()

    async def app(_: Scope, receive: Receive, send: Sender) -> None:
        await body_of(receive, 1_000_000)
        asked.set()
        await asyncio.get_running_loop().run_in_executor(None, over.wait, 10)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    with served(app) as url, relay(url) as stage, token_of(stage) as token:
        thread = threading.Thread(target=post, args=(stage, token, "chat"), kwargs={"silence": 5})
        thread.start()
        assert asked.wait(5)
        assert stage.trouble(token) == f"{url} did not answer in time (--timeout)"
        over.set()
        thread.join()
        assert stage.idle(token, seconds=5)
        assert not stage.trouble(token)
