"""A program on llm, the library of the command of that name."""

import importlib
import json
from typing import Any

from pydantic import BaseModel

from tests.peers.clients.reporting import (
    QUESTION,
    SECOND_QUESTION,
    WEATHER_QUESTION,
    At,
    done,
    get_weather,
    report,
    streamed,
)

# by name, for the tests' own environment does not have it
openai_models: Any = importlib.import_module("llm.default_plugins.openai_models")


class City(BaseModel):
    """What is asked for in structured output."""

    name: str
    people: int


def model(at: At, kind: str = "Chat") -> Any:
    return getattr(openai_models, kind)(
        at.model, key=at.api_key, api_base=at.base_url, supports_tools=True, supports_schema=True
    )


def say(at: At) -> Any:
    response = model(at).prompt(QUESTION, stream=False)
    found: dict[str, Any] = {"text": response.text()}
    if response.tool_calls():
        found["calls"] = [[call.name, json.dumps(call.arguments)] for call in response.tool_calls()]
    return found


def stream(at: At) -> Any:
    return streamed(list(model(at).prompt(QUESTION, stream=True)))


def say_async(at: At) -> Any:
    async def ask() -> Any:
        return await model(at, "AsyncChat").prompt(QUESTION, stream=False).text()

    return {"text": done(ask())}


def stream_async(at: At) -> Any:
    async def ask() -> list[str]:
        return [piece async for piece in model(at, "AsyncChat").prompt(QUESTION, stream=True)]

    return streamed(done(ask()))


def history(at: At) -> Any:
    conversation = model(at).conversation()
    conversation.prompt(QUESTION, stream=False).text()
    return {"text": conversation.prompt(SECOND_QUESTION, stream=False).text()}


def tools(at: At) -> Any:
    return {"text": model(at).chain(WEATHER_QUESTION, tools=[get_weather], stream=False).text()}


def tools_stream(at: At) -> Any:
    return streamed(list(model(at).chain(WEATHER_QUESTION, tools=[get_weather])))


def structured(at: At) -> Any:
    return {"object": json.loads(model(at).prompt(QUESTION, schema=City, stream=False).text())}


def responses(at: At) -> Any:
    return {"text": model(at, "Responses").prompt(QUESTION, stream=False).text()}


def responses_stream(at: At) -> Any:
    return streamed(list(model(at, "Responses").prompt(QUESTION, stream=True)))


def responses_tools(at: At) -> Any:
    chain = model(at, "Responses").chain(WEATHER_QUESTION, tools=[get_weather], stream=False)
    return {"text": chain.text()}


if __name__ == "__main__":
    report(
        "llm",
        {
            "say": say,
            "stream": stream,
            "say async": say_async,
            "stream async": stream_async,
            "history": history,
            "tools": tools,
            "tools stream": tools_stream,
            "structured": structured,
            "responses": responses,
            "responses stream": responses_stream,
            "responses tools": responses_tools,
        },
    )
