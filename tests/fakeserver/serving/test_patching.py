"""Code whose client cannot be handed in, and the fixtures that need no client at all."""

import asyncio
import subprocess
import sys
from pathlib import Path

import httpx
import httpx2
import openai
import pytest

from chatfake import Fake, httpx2_router, respx_router
from tests.fakeserver.asking import chat, post

URL = "https://api.openai.com/v1/chat/completions"


def test_respx_router_answers_under_its_base_url_and_counts_calls(fake: Fake) -> None:
    with respx_router(fake) as router:
        assert httpx.post(URL, json=chat()).content == post(fake, chat()).body
        with httpx.stream("POST", URL, json=chat(stream=True)) as response:
            assert response.read() == post(fake, chat(stream=True)).body
        assert router.calls.call_count == 2
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.post(URL, json=chat(model="fake/stream-cut"))


def test_respx_router_answers_async_clients(fake: Fake) -> None:
    async def ask() -> bytes:
        async with httpx.AsyncClient() as client:
            answer = await client.post(URL, json=chat(stream=True))
            return answer.content

    with respx_router(fake):
        assert asyncio.run(ask()) == post(fake, chat(stream=True)).body


def test_httpx2_router_answers_an_sdk_that_makes_its_own_client(fake: Fake) -> None:
    with httpx2_router(fake):
        client = openai.OpenAI(api_key="sk-x", max_retries=0)
        reply = client.chat.completions.create(
            model="tiny", messages=[{"role": "user", "content": "And Italy?"}]
        )
        assert "And Italy?" in str(reply.choices[0].message.content)

        async def ask() -> str:
            async with openai.AsyncOpenAI(api_key="sk-x", max_retries=0) as other:
                said = await other.chat.completions.create(
                    model="tiny", messages=[{"role": "user", "content": "async"}]
                )
                return str(said.choices[0].message.content)

        assert "async" in asyncio.run(ask())
    assert len(fake.requests) == 2


def test_httpx2_router_leaves_other_urls_and_later_calls_alone(fake: Fake) -> None:
    with httpx2_router(fake, "https://api.example.invalid/"):
        assert httpx2.post("https://api.example.invalid/v1/chat/completions", json=chat()).status_code == 200
        with pytest.raises(httpx2.TransportError):
            httpx2.post("http://127.0.0.1:1/v1/chat/completions", json=chat(), timeout=1)
    with pytest.raises(httpx2.TransportError):
        httpx2.post("https://api.example.invalid/v1/chat/completions", json=chat(), timeout=1)


TESTS = """
import httpx, openai, pytest
BODY = {"model": "one", "messages": [{"role": "user", "content": "hi"}]}

@pytest.mark.fake_scenario("empty-choices")
def test_marked(fake_env):
    reply = openai.OpenAI().chat.completions.create(**BODY)
    assert reply.choices == []
    assert fake_env.last.scenario == "empty-choices"

def test_unmarked(fake_env):
    assert openai.OpenAI().chat.completions.create(**BODY).choices

@pytest.mark.fake_scenario("delay-first-byte=60")
def test_transport(fake_transport):
    with httpx.Client(transport=fake_transport.httpx, timeout=None) as client:
        answer = client.post("http://x/v1/chat/completions", json=BODY, headers={"authorization": f"Bearer {fake_transport.handle.key}"})
    assert answer.status_code == 200
    assert fake_transport.fake.time.now == 60

def test_models(fake_server):
    with pytest.raises(openai.NotFoundError):
        openai.OpenAI(**fake_server.openai).chat.completions.create(**{**BODY, "model": "two"})
"""


def test_fixtures_marker_and_option_do_what_they_say(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\nfake_models = one\naddopts = --strict-markers\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert "4 passed" in run.stdout, run.stdout + run.stderr
