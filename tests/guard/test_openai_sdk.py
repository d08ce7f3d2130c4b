"""The openai SDK through a guard, against the fake in process and on a socket."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx2
import openai
import pytest

from chatfake import Fake, LiveServer
from chatproof.guard import EXCHANGES, ContractError, Observation, report
from chatproof.guard.httpx2 import AsyncGuardTransport, GuardTransport

URL = "http://chatfake.invalid/v1"
MESSAGES: Any = [{"role": "user", "content": "What is the weather in Oslo?"}]

#: scenario or fault -> what breaks the JSON answer, and what the stream; nothing where it is right.
BROKEN: dict[str, tuple[set[str], set[str]]] = {
    "text": (set(), set()),
    "tool-call-only": (set(), set()),
    "empty-content": (set(), set()),
    "unicode": (set(), set()),
    "parallel-tool-calls": (set(), set()),
    "gzip": (set(), set()),
    "one-byte-packets": (set(), set()),
    "stream-crlf": (set(), set()),
    "empty-choices": ({"shape.value"}, {"chat.sse.finish-once"}),
    "missing-content": ({"chat.json.content"}, set()),
    "stream-no-done": (set(), {"chat.sse.done"}),
    "finish-missing": (set(), {"chat.sse.finish-once"}),
    "finish-twice": (set(), {"chat.sse.finish-once"}),
    "changed-id": (set(), {"chat.sse.same-head"}),
    "stream-garbled-json": (set(), {"chat.sse.framing"}),
    "stream-error": (set(), {"chat.sse.error"}),
    "message-in-stream": (set(), {"chat.sse.delta-not-message", "chat.sse.shape"}),
    "truncated-json": ({"shape.json"}, {"chat.sse.framing", "chat.sse.done", "chat.sse.finish-once"}),
    "html-200": ({"shape.json"}, {"shape.json"}),
}

models = pytest.mark.parametrize("name", BROKEN)
modes = pytest.mark.parametrize("mode", ["sync", "async"])


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with LiveServer() as live:
        yield live


class Sdk:
    """A client of the SDK, asked in either manner."""

    def __init__(self, mode: str, base_url: str, inner: Any = None, **settings: Any) -> None:
        self.mode = mode
        self._inner = inner
        self._settings = settings
        self._known: dict[str, Any] = {
            "base_url": base_url,
            "api_key": "sk-test-0123456789",
            "max_retries": 0,
        }

    def ask(self, name: str, **options: Any) -> list[Any]:
        """The answer, or its chunks."""
        asked = {"model": f"fake/{name}", "messages": MESSAGES, **options}
        found: list[Any] = []
        if self.mode == "async":
            asyncio.run(self._ask(asked, found))
            return found
        http_client = httpx2.Client(transport=GuardTransport(self._inner, **self._settings))
        with openai.OpenAI(**self._known, http_client=http_client) as client:
            create: Any = client.chat.completions.create
            self.take(create(**asked), found)
        return found

    async def _ask(self, asked: dict[str, Any], found: list[Any]) -> None:
        http_client = httpx2.AsyncClient(transport=AsyncGuardTransport(self._inner, **self._settings))
        async with openai.AsyncOpenAI(**self._known, http_client=http_client) as client:
            create: Any = client.chat.completions.create
            await self.take_async(await create(**asked), found)

    def take(self, answer: Any, found: list[Any]) -> None:
        """Put an answer, or each of its chunks, into a list."""
        found.extend(answer if isinstance(answer, openai.Stream) else [answer])

    async def take_async(self, answer: Any, found: list[Any]) -> None:
        """The same."""
        if isinstance(answer, openai.AsyncStream):
            async for chunk in answer:
                found.append(chunk)  # noqa: PERF401 - what came before an error counts
        else:
            found.append(answer)


class Hurried(Sdk):
    """One that leaves a stream after its first chunk."""

    def take(self, answer: Any, found: list[Any]) -> None:
        with answer:
            found.append(next(iter(answer)))

    async def take_async(self, answer: Any, found: list[Any]) -> None:
        async with answer:
            found.append(await anext(aiter(answer)))


def rules(sdk: Sdk, name: str, **options: Any) -> set[str]:
    """What broke, if anything did."""
    try:
        sdk.ask(name, **options)
    except ContractError as error:
        return {item.rule for item in error.observation.musts}
    return set()


@models
@modes
def test_sdk_gets_right_answers_and_a_contract_error_for_others_in_process(name: str, mode: str) -> None:
    fake = Fake()
    sdk = Sdk(mode, URL, fake.httpx2_transport())
    assert rules(sdk, name) == BROKEN[name][0]
    assert rules(sdk, name, stream=True) == BROKEN[name][1]


@models
@modes
def test_sdk_gets_right_answers_and_a_contract_error_for_others_on_a_socket(
    name: str, mode: str, server: LiveServer
) -> None:
    sdk = Sdk(mode, server.base_url)
    assert rules(sdk, name) == BROKEN[name][0]
    assert rules(sdk, name, stream=True) == BROKEN[name][1]


@modes
@pytest.mark.parametrize("stream", [False, True])
def test_guard_changes_nothing_that_the_sdk_says(mode: str, *, stream: bool) -> None:
    found: list[Observation] = []
    fake = Fake()
    guarded = Sdk(mode, URL, fake.httpx2_transport(), on_violation=report(found.append))
    plain = openai.OpenAI(
        base_url=URL, api_key="x", http_client=httpx2.Client(transport=fake.httpx2_transport())
    )
    for name in ("text", "tool-call-only", "empty-choices", "unicode"):
        create: Any = plain.chat.completions.create
        answer = create(model=f"fake/{name}", messages=MESSAGES, stream=stream)
        assert guarded.ask(name, stream=stream) == (list(answer) if stream else [answer])
    assert {observation.kind for observation in found} == {
        "chat.completion.sse" if stream else "chat.completion"
    }


@modes
def test_chunks_before_the_broken_one_reach_the_program(mode: str) -> None:
    class Remembering(Sdk):
        chunks: list[Any]

        def take(self, answer: Any, found: list[Any]) -> None:
            self.chunks = found
            super().take(answer, found)

        async def take_async(self, answer: Any, found: list[Any]) -> None:
            self.chunks = found
            await super().take_async(answer, found)

    sdk = Remembering(mode, URL, Fake().httpx2_transport())
    with pytest.raises(ContractError) as caught:
        sdk.ask("stream-error", stream=True)
    (violation,) = caught.value.violations
    assert violation.path == f"$[{len(sdk.chunks)}]"
    assert sdk.chunks


@modes
def test_lost_connection_is_what_it_would_be_without_a_guard(mode: str, server: LiveServer) -> None:
    sdk = Sdk(mode, server.base_url)
    with pytest.raises(openai.APIConnectionError):
        sdk.ask("stream-cut", stream=True)


@modes
def test_refusal_is_the_sdks_own_error(mode: str) -> None:
    sdk = Sdk(mode, URL, Fake().httpx2_transport())
    with pytest.raises(openai.BadRequestError):
        sdk.ask("text", temperature=5)
    with pytest.raises(openai.NotFoundError):
        sdk.ask("no-such-scenario")


@modes
def test_program_that_leaves_a_stream_early_hears_nothing(mode: str, server: LiveServer) -> None:
    found: list[Observation] = []
    sdk = Hurried(mode, server.base_url, on_violation=report(found.append))
    assert len(sdk.ask("long-text", stream=True)) == 1
    assert found == []


@modes
def test_wrong_request_is_not_sent(mode: str) -> None:
    fake = Fake()
    sdk = Sdk(mode, URL, fake.httpx2_transport(), judged=EXCHANGES)
    with pytest.raises(ContractError) as caught:
        sdk.ask("text", temperature="hot")
    assert caught.value.kind == "chat.completion.request"
