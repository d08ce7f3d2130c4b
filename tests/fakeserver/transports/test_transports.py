"""The fake without a socket, through the clients that people use."""

import asyncio
from typing import Any

import httpx
import httpx2
import openai
import pytest

from chatfake import Fake, HandlerTransport
from tests.fakeserver.asking import HELLO, WEATHER, chat, get, post

URL = "http://fake.invalid/v1"


@pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
class TestBoth:
    def transport(self, library: Any, fake: Fake) -> Any:
        return fake.httpx_transport() if library is httpx else fake.httpx2_transport()

    def test_answers_have_the_bytes_of_the_fake(self, library: Any, fake: Fake) -> None:
        with library.Client(transport=self.transport(library, fake), base_url=URL) as client:
            for body in (chat(), chat(stream=True)):
                assert client.post("/chat/completions", json=body).content == post(fake, body).body
            assert client.get("/models").content == get(fake, "/models").body
            assert client.get("/models/org%2Fbig").json()["id"] == "org/big"

    def test_stream_arrives_step_by_step(self, library: Any, fake: Fake) -> None:
        with (
            library.Client(transport=self.transport(library, fake), base_url=URL) as client,
            client.stream("POST", "/chat/completions", json=chat(stream=True)) as response,
        ):
            pieces = list(response.iter_raw())
        assert len(pieces) == len(post(fake, chat(stream=True)).steps)

    @pytest.mark.parametrize("stream", [False, True])
    def test_cut_raises_the_librarys_own_error(self, library: Any, stream: bool, fake: Fake) -> None:
        body = chat(model="fake/stream-cut", stream=stream)
        with (
            library.Client(transport=self.transport(library, fake), base_url=URL) as client,
            pytest.raises(library.RemoteProtocolError),
        ):
            client.post("/chat/completions", json=body)

    def test_async_client_is_answered_and_cut(self, library: Any, fake: Fake) -> None:
        async def run() -> bytes:
            transport = self.transport(library, fake)
            async with library.AsyncClient(transport=transport, base_url=URL) as client:
                with pytest.raises(library.RemoteProtocolError):
                    await client.post("/chat/completions", json=chat(model="fake/stream-cut"))
                content: bytes = (await client.post("/chat/completions", json=chat(stream=True))).content
                return content

        assert asyncio.run(run()) == post(fake, chat(stream=True)).body


def client(fake: Fake) -> openai.OpenAI:
    http = httpx2.Client(transport=fake.httpx2_transport())
    return openai.OpenAI(base_url=URL, api_key="none", http_client=http, max_retries=0)


def test_handler_transport_takes_any_handler(fake: Fake) -> None:
    with httpx.Client(transport=HandlerTransport(fake.answer), base_url=URL) as http:
        assert http.get("/models").status_code == 200


def test_handle_gives_a_clients_arguments(fake: Fake) -> None:
    handle = fake.handle()
    handle.script("Hello!")
    http = httpx2.Client(transport=fake.httpx2_transport())
    sdk = openai.OpenAI(**handle.openai, http_client=http)
    completion = sdk.chat.completions.create(model="m", messages=[{"role": "user", "content": "hi"}])
    assert completion.choices[0].message.content == "Hello!"


def test_sdk_reads_a_tool_call_without_text_in_both_modes(fake: Fake) -> None:
    asked: Any = {"model": "fake/tool-call-only", "messages": HELLO, "tools": [WEATHER]}
    completion = client(fake).chat.completions.create(**asked)
    message = completion.choices[0].message
    assert message.content is None
    assert message.tool_calls
    arguments = ""
    for chunk in client(fake).chat.completions.create(**asked, stream=True):
        for call in chunk.choices[0].delta.tool_calls or []:
            arguments += call.function.arguments or "" if call.function else ""
    assert arguments == '{"city":"city","days":2}'


def test_sdk_reads_empty_choices_in_both_modes(fake: Fake) -> None:
    asked: Any = {"model": "fake/empty-choices", "messages": HELLO}
    assert client(fake).chat.completions.create(**asked).choices == []
    chunks = list(client(fake).chat.completions.create(**asked, stream=True))
    assert [chunk.choices for chunk in chunks] == [[]]


def test_sdk_reads_usage_logprobs_and_refusals(fake: Fake) -> None:
    asked: Any = {"model": "fake/refusal", "messages": HELLO, "logprobs": True}
    completion = client(fake).chat.completions.create(**asked)
    assert completion.usage
    assert completion.usage.total_tokens > 0
    assert completion.choices[0].message.refusal
    assert completion.choices[0].logprobs


def test_sdk_raises_its_own_errors(fake: Fake) -> None:
    def create(**members: Any) -> Any:
        asked: Any = {"model": "m", "messages": HELLO, **members}
        return client(fake).chat.completions.create(**asked)

    with pytest.raises(openai.BadRequestError) as refused:
        create(n=0)
    assert refused.value.code == "integer_below_min_value"
    with pytest.raises(openai.NotFoundError):
        create(model="fake/nothing")
    with pytest.raises(openai.InternalServerError):
        create(model="fake/http-500")
    with pytest.raises(openai.RateLimitError) as limited:
        create(model="fake/http-429", stream=True)
    assert limited.value.response.headers["retry-after"] == "1"
    with pytest.raises(openai.APIConnectionError):
        create(model="fake/stream-cut")


def test_async_sdk_reads_json_and_a_stream(fake: Fake) -> None:
    async def run() -> tuple[str, str]:
        http = httpx2.AsyncClient(transport=fake.httpx2_transport())
        async with openai.AsyncOpenAI(base_url=URL, api_key="none", http_client=http) as sdk:
            asked: Any = {"model": "fake/unicode", "messages": HELLO}
            completion = await sdk.chat.completions.create(**asked)
            stream = await sdk.chat.completions.create(**asked, stream=True)
            text = "".join([chunk.choices[0].delta.content or "" async for chunk in stream])
            return completion.choices[0].message.content or "", text

    completion, streamed = asyncio.run(run())
    assert completion == streamed
    assert completion
