"""The fake on a real socket."""

import asyncio
import logging
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import openai
import pytest

from chatfake import Fake, Handle, LiveServer, ServerError, asgi_app
from chatfake.core.asgi_connection import ConnectionLost
from tests.fakeserver.asking import HELLO, chat, post


@pytest.fixture
def sdk(fake_server: Handle) -> Any:
    with openai.OpenAI(**fake_server.openai, max_retries=0) as client:
        yield client


def test_server_gives_the_bytes_of_the_fake(fake_server: Handle) -> None:
    for body in (chat(), chat(stream=True), chat(n=0), chat(model="fake/http-429")):
        response = httpx.post(f"{fake_server.base_url}/chat/completions", json=body)
        expected = post(Fake(), body)
        assert (response.status_code, response.content) == (expected.status, expected.body)
        for name, value in expected.headers:
            assert response.headers[name] == value


def test_connection_serves_json_a_stream_and_json_again(fake_server: Handle) -> None:
    with httpx.Client(base_url=fake_server.base_url) as client:
        for body in (chat(), chat(stream=True), chat()):
            assert client.post("chat/completions", json=body).status_code == 200
        assert client.head("models").headers["content-length"]
        assert client.options("models").status_code == 204
        assert client.get("models/org%2Fbig").json()["id"] == "org/big"


@pytest.mark.parametrize("stream", [False, True])
def test_cut_loses_the_connection_and_nothing_is_logged(
    stream: bool, fake_server: Handle, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(httpx.RemoteProtocolError):
        httpx.post(
            f"{fake_server.base_url}/chat/completions", json=chat(model="fake/stream-cut", stream=stream)
        )
    assert httpx.get(f"{fake_server.base_url}/models").status_code == 200
    assert not [record for record in caplog.records if record.name.startswith(("uvicorn", "asyncio"))]
    assert capfd.readouterr() == ("", "")


def test_cut_stream_gives_its_first_events_before_it_breaks(fake_server: Handle) -> None:
    body = chat(model="fake/stream-cut", stream=True)
    seen: list[bytes] = []
    url = f"{fake_server.base_url}/chat/completions"
    with httpx.stream("POST", url, json=body) as response, pytest.raises(httpx.RemoteProtocolError):
        seen.extend(response.iter_raw())
    assert b"".join(seen) == post(Fake(), body).body


def test_storyboard_reads_as_it_was_drawn(fake_server: Handle, sdk: openai.OpenAI) -> None:
    fake_server.script("Hello!", fake_server.scenario("empty-choices"), "Back again.")
    history: list[Any] = []
    for said in ("hi", "are you there?", "and now?"):
        asked: list[Any] = [*history, {"role": "user", "content": said}]
        choices = sdk.chat.completions.create(model="m", messages=asked).choices
        if choices:
            history = [*asked, {"role": "assistant", "content": choices[0].message.content}]
    fake_server.assert_sent_history([("user", "hi"), ("assistant", "Hello!"), ("user", "and now?")])


@pytest.mark.parametrize("model", ["fake/tool-call-only", "fake/empty-choices", "fake/unicode"])
def test_sdk_reads_both_modes(model: str, sdk: openai.OpenAI) -> None:
    messages: Any = HELLO
    completion = sdk.chat.completions.create(model=model, messages=messages)
    chunks = list(sdk.chat.completions.create(model=model, messages=messages, stream=True))
    text = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    assert text == "".join(choice.message.content or "" for choice in completion.choices)
    assert next(iter(sdk.models.list())).id == "fake/text"


def test_async_sdk_reads_both_modes(fake_server: Handle) -> None:
    async def run() -> list[str]:
        async with openai.AsyncOpenAI(**fake_server.openai, max_retries=0) as sdk:
            messages: Any = HELLO
            stream = await sdk.chat.completions.create(model="m", messages=messages, stream=True)
            text = "".join([chunk.choices[0].delta.content or "" async for chunk in stream])
            completion = await sdk.chat.completions.create(model="m", messages=messages)
            return [text, completion.choices[0].message.content or ""]

    streamed, completion = asyncio.run(run())
    assert streamed == completion


def test_sdk_retries_after_a_fault_and_the_journal_has_both(fake_server: Handle) -> None:
    fake_server.script(fake_server.fault("stream-cut"), "Hello!")
    with openai.OpenAI(**fake_server.openai, max_retries=1) as sdk:
        messages: Any = HELLO
        assert (
            sdk.chat.completions.create(model="m", messages=messages).choices[0].message.content == "Hello!"
        )
    assert [entry.scenario for entry in fake_server.requests] == ["stream-cut", "script"]


def test_requests_at_once_get_their_own_answers(fake_server_session: LiveServer) -> None:
    def talk(number: int) -> tuple[list[str], int]:
        handle = fake_server_session.handle()
        handle.script(*(f"{number}.{turn}" for turn in range(5)))
        headers = {"authorization": f"Bearer {handle.key}"}
        with httpx.Client(base_url=handle.base_url, headers=headers) as client:
            answers = [client.post("chat/completions", json=chat(user=str(number))).json() for _ in range(5)]
        return [answer["choices"][0]["message"]["content"] for answer in answers], len(handle.requests)

    with ThreadPoolExecutor(8) as pool:
        for number, result in enumerate(pool.map(talk, range(8))):
            assert result == ([f"{number}.{turn}" for turn in range(5)], 5)


def test_client_that_leaves_in_mid_stream_harms_nobody(fake_server: Handle) -> None:
    body = chat(stream=True, n=100)
    with httpx.stream("POST", f"{fake_server.base_url}/chat/completions", json=body) as response:
        next(response.iter_raw())
    assert httpx.post(f"{fake_server.base_url}/chat/completions", json=chat()).status_code == 200


def test_body_past_the_limit_is_refused_without_being_kept() -> None:
    with LiveServer(Fake(max_body=1_000)) as server:
        response = httpx.post(f"{server.base_url}/chat/completions", content=b"x" * 5_000)
        assert (response.status_code, server.requests) == (413, ())


def test_server_stops_while_a_stream_is_under_way_and_can_start_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    server = LiveServer()
    with server:
        handle = server.handle()
        handle.script("word " * 100_000)
        headers = {"authorization": f"Bearer {handle.key}"}
        reader = socket.create_connection(("127.0.0.1", server.port))
        data = httpx.Request("POST", "http://x", json=chat(stream=True)).content
        head = (
            f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: {headers['authorization']}\r\n"
        )
        reader.sendall(f"{head}content-length: {len(data)}\r\n\r\n".encode() + data)
        assert reader.recv(10).startswith(b"HTTP/1.1 2")
    reader.close()
    assert not caplog.records
    with server:
        assert httpx.get(f"{server.base_url}/models").status_code == 200
        with pytest.raises(ServerError, match="running already"):
            server.start()
    server.stop()
    with pytest.raises(ServerError, match="not running"):
        _ = server.base_url
    assert "chatfake-server" not in {thread.name for thread in threading.enumerate() if not thread.is_alive()}


def test_port_in_use_and_a_foreign_host_are_told_in_a_sentence() -> None:
    with (
        LiveServer() as server,
        pytest.raises(ServerError, match=rf"cannot listen on 127\.0\.0\.1:{server.port}: "),
    ):
        LiveServer(port=server.port).start()
    with pytest.raises(ServerError, match=r"cannot listen on 192\.0\.2\.1:0: "):
        LiveServer(host="192.0.2.1").start()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_prints_a_ready_line_and_ends_on_a_signal(number: signal.Signals) -> None:
    code = "from chatfake import serve; serve(port=0); print('ended')"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        assert line.startswith("chatfake is ready at http://127.0.0.1:")
        assert httpx.get(f"{line.split()[-1]}/models").status_code == 200
        server.send_signal(number)
        rest, errors = server.communicate(timeout=20)
    assert (rest, errors, server.returncode) == ("ended\n", "", 0)


def test_app_answers_any_asgi_client(fake: Fake) -> None:
    async def run() -> httpx.Response:
        transport = httpx.ASGITransport(app=asgi_app(fake))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            with pytest.raises(ConnectionLost):
                await client.post("/v1/chat/completions", json=chat(model="fake/stream-cut"))
            return await client.post("/v1/chat/completions", json=chat(stream=True))

    assert asyncio.run(run()).content == post(fake, chat(stream=True)).body


def test_app_obeys_the_lifespan_protocol(fake: Fake) -> None:
    async def run() -> list[str]:
        events = iter(["lifespan.startup", "lifespan.shutdown"])
        sent: list[str] = []

        async def receive() -> dict[str, Any]:
            return {"type": next(events)}

        async def send(message: Any) -> None:
            sent.append(message["type"])

        await asgi_app(fake)({"type": "lifespan"}, receive, send)
        return sent

    assert asyncio.run(run()) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
