"""The openai SDK against the fake, in process and over a socket."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx2
import openai
import pytest
from openai import AsyncOpenAI, OpenAI
from openai.types.responses import ResponseCustomToolCall, ResponseFunctionToolCall
from pydantic import BaseModel

from chatfake import Fake, Reply, ToolCall
from chatfake.handle import Handle
from tests.fakeserver.responses.asking import RUN, WEATHER

URL = "http://fake.invalid/v1"
TOOL: Any = {**WEATHER, "strict": False}


class City(BaseModel):
    name: str
    inhabitants: int
    districts: list[str]


@pytest.fixture
def handle(fake: Fake) -> Handle:
    return fake.handle()


@pytest.fixture
def client(fake: Fake, handle: Handle) -> Iterator[OpenAI]:
    with httpx2.Client(transport=fake.httpx2_transport()) as http:
        yield OpenAI(base_url=URL, api_key=handle.key, http_client=http, max_retries=0)


def test_create_answers_and_reads_all_of_it(client: OpenAI) -> None:
    response = client.responses.create(model="tiny", input="Hello", instructions="Be brief.")
    assert response.output_text.startswith("turn 1 | 2 messages")
    assert (response.status, response.instructions) == ("completed", "Be brief.")
    assert response.usage is not None
    assert response.usage.total_tokens == response.usage.input_tokens + response.usage.output_tokens


def test_answers_pass_the_strict_models_of_the_sdk(fake: Fake, handle: Handle) -> None:
    with httpx2.Client(transport=fake.httpx2_transport()) as http:
        strict = OpenAI(
            base_url=URL,
            api_key=handle.key,
            http_client=http,
            _strict_response_validation=True,
            max_retries=0,
        )
        for name in (
            "text",
            "refusal",
            "reasoning",
            "tool-call-only",
            "length",
            "annotations",
            "error-object-200",
        ):
            assert strict.responses.create(model=f"fake/{name}", input="Hello").id.startswith("resp_")


def test_stream_of_create_has_every_piece(client: OpenAI) -> None:
    pieces: list[str] = []
    done = ""
    for event in client.responses.create(model="tiny", input="Hello", stream=True):
        if event.type == "response.output_text.delta":
            pieces.append(event.delta)
        if event.type == "response.completed":
            done = event.response.output_text
    assert "".join(pieces) == done
    assert done.endswith("you said: Hello")


def test_stream_helper_puts_the_response_together(client: OpenAI, handle: Handle) -> None:
    handle.script(
        Reply(text="Wait.", tool_calls=(ToolCall(name="get_weather", arguments='{"city":"Rome"}'),))
    )
    kinds: list[str] = []
    with client.responses.stream(model="tiny", input="Hello", tools=[TOOL]) as stream:
        for event in stream:
            kinds.append(event.type)
            if event.type == "response.function_call_arguments.delta":
                assert '{"city":"Rome"}'.startswith(event.snapshot)
        response = stream.get_final_response()
    message, call = response.output
    assert response.output_text == "Wait."
    assert message.type == "message"
    assert call.type == "function_call"
    assert json.loads(call.arguments) == {"city": "Rome"}
    assert kinds[-1] == "response.completed"


def test_stream_helper_parses_structured_text(client: OpenAI) -> None:
    with client.responses.stream(model="tiny", input="Hello", text_format=City) as stream:
        parsed = stream.get_final_response().output_parsed
    assert isinstance(parsed, City)


def test_parse_gives_an_instance(client: OpenAI) -> None:
    response = client.responses.parse(model="tiny", input="A city", text_format=City)
    assert isinstance(response.output_parsed, City)
    assert response.output_parsed.districts


def test_parse_gives_arguments_of_a_tool(client: OpenAI) -> None:
    tool = openai.pydantic_function_tool(City)
    described: Any = {"type": "function", **tool["function"]}
    response = client.responses.parse(model="tiny", input="A city", tools=[described], tool_choice="required")
    (call,) = response.output
    assert call.type == "function_call"
    assert City.model_validate_json(call.arguments).inhabitants


def run_agent(client: OpenAI, items: list[Any], tools: list[Any], most: int = 5) -> tuple[str, int]:
    """Asks until the model says something, and runs the tools that it calls."""
    for turn in range(most):
        response = client.responses.create(model="fake/parallel-tool-calls", input=items, tools=tools)
        # as the documentation of the API has it: all of the output goes back
        items += [item.model_dump(exclude_none=True) for item in response.output]
        calls = [
            item
            for item in response.output
            if isinstance(item, ResponseFunctionToolCall | ResponseCustomToolCall)
        ]
        if not calls:
            return response.output_text, turn + 1
        for call in calls:
            items.append({"type": f"{call.type}_output", "call_id": call.call_id, "output": "21 degrees"})
    raise AssertionError("the agent does not end")


def test_agent_calls_its_tools_and_ends(client: OpenAI, handle: Handle) -> None:
    text, turns = run_agent(client, [{"role": "user", "content": "Weather?"}], [TOOL, RUN])
    assert (text.split(": ")[-1], turns) == ("21 degrees", 2)
    assert [message["role"] for message in handle.messages] == ["user", "assistant", "tool", "tool"]


def test_next_turn_takes_the_output_as_it_is(client: OpenAI) -> None:
    items: list[Any] = [{"role": "user", "content": "Hello"}]
    for scenario in ("text", "reasoning", "refusal", "annotations", "two-choices"):
        response = client.responses.create(
            model=f"fake/{scenario}", input=items, include=["reasoning.encrypted_content"]
        )
        items += [*response.output, {"role": "user", "content": "And now?"}]
    last = client.responses.create(model="tiny", input=items)
    assert last.output_text.startswith("turn 6 | 12 messages")


def test_async_client_streams_and_parses(fake: Fake, handle: Handle) -> None:
    async def run() -> tuple[str, City | None, str]:
        async with httpx2.AsyncClient(transport=fake.httpx2_transport()) as http:
            asynchronous = AsyncOpenAI(base_url=URL, api_key=handle.key, http_client=http, max_retries=0)
            response = await asynchronous.responses.create(model="tiny", input="Hello")
            async with asynchronous.responses.stream(model="tiny", input="Hello", text_format=City) as stream:
                parsed = (await stream.get_final_response()).output_parsed
            pieces = [
                event.delta
                async for event in await asynchronous.responses.create(
                    model="tiny", input="Hello", stream=True
                )
                if event.type == "response.output_text.delta"
            ]
            return response.output_text, parsed, "".join(pieces)

    text, parsed, streamed = asyncio.run(run())
    assert text == streamed
    assert isinstance(parsed, City)


def test_errors_are_those_of_the_sdk(client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        client.responses.create(model="tiny", input="Hello", previous_response_id="resp_1")
    assert (refused.value.code, refused.value.param) == (
        "previous_response_not_found",
        "previous_response_id",
    )
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve("resp_1")
    with pytest.raises(openai.NotFoundError):
        client.responses.delete("resp_1")
    with pytest.raises(openai.NotFoundError):
        client.responses.cancel("resp_1")
    with pytest.raises(openai.RateLimitError):
        client.responses.create(model="fake/http-429", input="Hello")


@pytest.mark.parametrize("fault", ["stream-error", "stream-error-event"])
def test_error_in_a_stream_is_seen(fault: str, client: OpenAI) -> None:
    stream = client.responses.create(model=f"fake/{fault}", input="Hello", stream=True)
    if fault == "stream-error":
        with pytest.raises(openai.APIError, match="had an error"):
            list(stream)
    else:
        last = list(stream)[-1]
        assert last.type == "error"
        assert last.code == "server_error"


def test_failed_response_is_read_as_one(client: OpenAI) -> None:
    response = client.responses.create(model="fake/error-object-200", input="Hello")
    assert response.status == "failed"
    assert response.error is not None
    assert response.error.code == "server_error"


def test_tokens_are_counted(client: OpenAI) -> None:
    counted = client.responses.input_tokens.count(model="tiny", input="Hello")
    created = client.responses.create(model="tiny", input="Hello")
    assert created.usage is not None
    assert counted.input_tokens == created.usage.input_tokens


def test_sdk_works_over_a_socket(fake_server: Handle) -> None:
    with OpenAI(**fake_server.openai) as client:
        text, _ = run_agent(client, [{"role": "user", "content": "Weather?"}], [TOOL])
        assert text.endswith("21 degrees")
        with client.responses.stream(model="tiny", input="Hello") as stream:
            assert stream.get_final_response().output_text.endswith("Hello")
