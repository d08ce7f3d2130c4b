"""A program on openai-agents, by the chat API and by its default, the Responses API."""

import importlib
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
agents: Any = importlib.import_module("agents")
openai: Any = importlib.import_module("openai")

agents.set_tracing_disabled(disabled=True)  # it sends its traces to a host, else


class City(BaseModel):
    """What is asked for in structured output."""

    name: str
    people: int


def agent(at: At, model: str = "OpenAIChatCompletionsModel", **more: Any) -> Any:
    client = openai.AsyncOpenAI(base_url=at.base_url, api_key=at.api_key)
    named = getattr(agents, model)(model=at.model, openai_client=client)
    return agents.Agent(name="peer", model=named, **more)


def responses_agent(at: At, **more: Any) -> Any:
    return agent(at, "OpenAIResponsesModel", **more)


def tool() -> Any:
    return agents.function_tool(get_weather)


async def pieces(asked: Any, question: str) -> Any:
    result = agents.Runner.run_streamed(asked, question)
    found = [
        event.data.delta
        async for event in result.stream_events()
        if event.type == "raw_response_event" and event.data.type == "response.output_text.delta"
    ]
    return streamed(found, final=result.final_output)


def say(at: At) -> Any:
    return {"text": agents.Runner.run_sync(agent(at), QUESTION).final_output}


def stream(at: At) -> Any:
    return done(pieces(agent(at), QUESTION))


def say_async(at: At) -> Any:
    return {"text": done(agents.Runner.run(agent(at), QUESTION)).final_output}


def history(at: At) -> Any:
    first = agents.Runner.run_sync(agent(at), QUESTION)
    said = [*first.to_input_list(), {"role": "user", "content": SECOND_QUESTION}]
    return {"text": agents.Runner.run_sync(agent(at), said).final_output}


def tools(at: At) -> Any:
    return {"text": agents.Runner.run_sync(agent(at, tools=[tool()]), WEATHER_QUESTION).final_output}


def tools_stream(at: At) -> Any:
    return done(pieces(agent(at, tools=[tool()]), WEATHER_QUESTION))


def structured(at: At) -> Any:
    return {"object": agents.Runner.run_sync(agent(at, output_type=City), QUESTION).final_output.model_dump()}


def responses(at: At) -> Any:
    return {"text": agents.Runner.run_sync(responses_agent(at), QUESTION).final_output}


def responses_stream(at: At) -> Any:
    return done(pieces(responses_agent(at), QUESTION))


def responses_tools(at: At) -> Any:
    asked = responses_agent(at, tools=[tool()])
    return {"text": agents.Runner.run_sync(asked, WEATHER_QUESTION).final_output}


if __name__ == "__main__":
    report(
        "openai-agents",
        {
            "say": say,
            "stream": stream,
            "say async": say_async,
            "stream async": stream,
            "history": history,
            "tools": tools,
            "tools stream": tools_stream,
            "structured": structured,
            "responses": responses,
            "responses stream": responses_stream,
            "responses tools": responses_tools,
        },
    )
