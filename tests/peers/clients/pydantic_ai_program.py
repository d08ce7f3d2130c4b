"""A program on pydantic-ai."""

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
pydantic_ai: Any = importlib.import_module("pydantic_ai")
openai_models: Any = importlib.import_module("pydantic_ai.models.openai")
openai_provider: Any = importlib.import_module("pydantic_ai.providers.openai")
embeddings: Any = importlib.import_module("pydantic_ai.embeddings")
openai_embeddings: Any = importlib.import_module("pydantic_ai.embeddings.openai")


class City(BaseModel):
    """What is asked for in structured output."""

    name: str
    people: int


def provider(at: At) -> Any:
    return openai_provider.OpenAIProvider(base_url=at.base_url, api_key=at.api_key)


def agent(at: At, **more: Any) -> Any:
    return pydantic_ai.Agent(openai_models.OpenAIChatModel(at.model, provider=provider(at)), **more)


def responses_agent(at: At, **more: Any) -> Any:
    return pydantic_ai.Agent(openai_models.OpenAIResponsesModel(at.model, provider=provider(at)), **more)


async def pieces(asked: Any, question: str) -> Any:
    async with asked.run_stream(question) as result:
        return streamed([one async for one in result.stream_text(delta=True, debounce_by=None)])


def say(at: At) -> Any:
    return {"text": agent(at).run_sync(QUESTION).output}


def stream(at: At) -> Any:
    result = agent(at).run_stream_sync(QUESTION)
    return streamed(list(result.stream_text(delta=True, debounce_by=None)))


def say_async(at: At) -> Any:
    return {"text": done(agent(at).run(QUESTION)).output}


def stream_async(at: At) -> Any:
    return done(pieces(agent(at), QUESTION))


def history(at: At) -> Any:
    first = agent(at).run_sync(QUESTION)
    return {"text": agent(at).run_sync(SECOND_QUESTION, message_history=first.all_messages()).output}


def tools(at: At) -> Any:
    return {"text": agent(at, tools=[get_weather]).run_sync(WEATHER_QUESTION).output}


def tools_stream(at: At) -> Any:
    return done(pieces(agent(at, tools=[get_weather]), WEATHER_QUESTION))


def structured(at: At) -> Any:
    return {"object": agent(at, output_type=City).run_sync(QUESTION).output.model_dump()}


def embed(at: At) -> Any:
    model = openai_embeddings.OpenAIEmbeddingModel("text-embedding-3-small", provider=provider(at))
    found = embeddings.Embedder(model).embed_documents_sync(["Hello", "Hello", "Rain"])
    vectors = list(found.embeddings)
    return {
        "lengths": [len(one) for one in vectors],
        "alike": list(vectors[0]) == list(vectors[1]) != list(vectors[2]),
    }


def responses(at: At) -> Any:
    return {"text": responses_agent(at).run_sync(QUESTION).output}


def responses_stream(at: At) -> Any:
    return done(pieces(responses_agent(at), QUESTION))


def responses_tools(at: At) -> Any:
    return {"text": responses_agent(at, tools=[get_weather]).run_sync(WEATHER_QUESTION).output}


if __name__ == "__main__":
    report(
        "pydantic-ai-slim",
        {
            "say": say,
            "stream": stream,
            "say async": say_async,
            "stream async": stream_async,
            "history": history,
            "tools": tools,
            "tools stream": tools_stream,
            "structured": structured,
            "embed": embed,
            "responses": responses,
            "responses stream": responses_stream,
            "responses tools": responses_tools,
        },
    )
