"""One request for each ask, bounded, and no key in what is told."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest
import respx

from chatfake import Fake, Request
from chatproof.clients import AnswerError, ChatModel, MessageList, chat_model

URL = "http://there/v1"
KEY = "sk-test-0123456789abcdef"
FAILURES: dict[str, Callable[[httpx.Request], httpx.Response]] = {
    "html": lambda _: httpx.Response(200, html="<html>Bad gateway</html>"),
    "502": lambda _: httpx.Response(502, html="<html>Bad gateway</html>"),
    "429": lambda _: httpx.Response(429, json={"error": {"message": "slow"}}, headers={"retry-after": "1"}),
    "301": lambda _: httpx.Response(301, headers={"location": "http://elsewhere/"}),
    "cut": lambda _: httpx.Response(200, content=b'{"id": "chatcmpl-1", "choices": [{"index"'),
    "error in 200": lambda _: httpx.Response(200, json={"error": {"message": "out of memory"}}),
    "bad gzip": lambda _: httpx.Response(200, content=b"no", headers={"content-encoding": "gzip"}),
}


def reply(request: httpx.Request) -> httpx.Response:
    """What the fake answers."""
    asked = Request(method="POST", path="/v1/chat/completions", body=request.content)
    answer = Fake(lenient=True).answer(asked)
    return httpx.Response(answer.status, content=answer.body, headers=list(answer.headers))


def raising(error: Exception) -> Callable[[httpx.Request], httpx.Response]:
    def broken(_: httpx.Request) -> httpx.Response:
        raise error

    return broken


FAILURES["timeout"] = raising(httpx.ReadTimeout("slow"))
FAILURES["refused"] = raising(httpx.ConnectError("refused"))


def model() -> ChatModel:
    return ChatModel(base_url=URL, api_key=KEY, model="tiny")


HI = [{"role": "user", "content": "hi"}]
#: The three ways to ask.
WAYS: dict[str, Callable[[ChatModel], Any]] = {
    "ask": lambda model: model.ask(HI),
    "stream": lambda model: list(model.stream(HI)),
    "async": lambda model: asyncio.run(model.ask_async(HI)),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("failure", FAILURES)
@respx.mock
def test_a_failure_is_an_answer_error_after_one_request(failure: str, way: str) -> None:
    route = respx.post(f"{URL}/chat/completions").mock(side_effect=FAILURES[failure])
    talk = model()
    with pytest.raises(AnswerError) as told:
        WAYS[way](talk)
    talk.close()
    assert len(route.calls) == 1
    assert len(str(told.value)) < 500


@pytest.mark.parametrize("way", WAYS)
@respx.mock
def test_a_key_that_is_quoted_is_not_told(way: str) -> None:
    quoted = {"error": {"message": f"Incorrect API key provided: {KEY}"}}
    respx.post(f"{URL}/chat/completions").mock(return_value=httpx.Response(401, json=quoted))
    with pytest.raises(AnswerError, match="HTTP 401") as told:
        WAYS[way](model())
    assert KEY not in str(told.value)
    assert KEY not in repr(model())


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("status", [200, 500])
@respx.mock
def test_an_answer_that_never_ends_is_given_up(
    way: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_model, "_MOST_BYTES", 1000)

    class Endless(httpx.SyncByteStream, httpx.AsyncByteStream):
        read = 0

        def __iter__(self) -> Iterator[bytes]:
            while True:
                Endless.read += 1
                yield b": still there\n"

        async def __aiter__(self) -> AsyncIterator[bytes]:
            for part in self:
                yield part

    respx.post(f"{URL}/chat/completions").mock(return_value=httpx.Response(status, stream=Endless()))
    with pytest.raises(AnswerError, match="longer than 1,000 bytes" if status == 200 else "HTTP 500"):
        WAYS[way](model())
    assert Endless.read < 100


@pytest.mark.parametrize("way", WAYS)
@respx.mock
def test_a_server_that_drips_is_given_up(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter(range(0, 10_000, 400))
    monkeypatch.setattr(chat_model, "monotonic", lambda: next(times))
    body = b": still there\n" * 10
    respx.post(f"{URL}/chat/completions").mock(return_value=httpx.Response(200, stream=Dripping(body)))
    with pytest.raises(AnswerError, match="longer than 600 seconds"):
        WAYS[way](model())


class Dripping(httpx.SyncByteStream, httpx.AsyncByteStream):
    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        return (bytes([byte]) for byte in self._body)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self:
            yield part


@pytest.mark.parametrize("way", WAYS)
def test_what_is_sent_is_the_text_as_it_was_and_the_key(way: str) -> None:
    with respx.mock:
        route = respx.post(f"{URL}/chat/completions").mock(side_effect=reply)
        WAYS[way](model()) if way != "stream" else next(model().stream(HI))
        assert route.calls.last.request.headers["authorization"] == f"Bearer {KEY}"
        assert json.loads(route.calls.last.request.content)["messages"] == HI


@pytest.mark.parametrize(
    "text", ["\ud800", "\r\n \t\x7f", "{x} {{y}} %s ${z}", "\u202e e\u0301 \U0001f600", "x" * 100_000]
)
def test_a_text_goes_through_as_it_is(text: str) -> None:
    sent: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent[:] = [one["content"] for one in json.loads(request.content)["messages"]]
        return reply(httpx.Request("POST", URL, json={"model": "tiny", "messages": HI}))

    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        talk = MessageList(ChatModel(base_url=URL, api_key=KEY, model="tiny", http=http))
        first = talk.say(text)
        talk.say(text)
    assert sent == [text, first, text]


def test_a_task_that_is_cancelled_hangs_up() -> None:
    async def play() -> bool:
        begun, closed = asyncio.Event(), asyncio.Event()

        class Waiting(httpx.AsyncByteStream):
            async def __aiter__(self) -> AsyncIterator[bytes]:
                begun.set()
                await asyncio.Event().wait()
                yield b""

            async def aclose(self) -> None:
                closed.set()

        transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=Waiting()))
        async with httpx.AsyncClient(transport=transport) as http:
            task = asyncio.create_task(
                ChatModel(base_url=URL, api_key=KEY, model="tiny", async_http=http).ask_async(HI)
            )
            await begun.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        return closed.is_set()

    assert asyncio.run(play())


def test_a_cookie_that_was_set_is_not_sent_back() -> None:
    with respx.mock:
        route = respx.post(f"{URL}/chat/completions").mock(
            return_value=httpx.Response(500, headers={"set-cookie": "session=1; Path=/"})
        )
        talk = model()
        for _ in range(2):
            with pytest.raises(AnswerError):
                talk.ask(HI)
        talk.close()
    assert "cookie" not in route.calls.last.request.headers
