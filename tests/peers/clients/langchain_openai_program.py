"""A program on langchain-openai."""

import importlib
import json
from typing import Any

from pydantic import BaseModel

from tests.peers.clients.reporting import (
    QUESTION,
    SECOND_QUESTION,
    WEATHER_QUESTION,
    WEATHER_TOOL,
    At,
    done,
    get_weather,
    report,
    streamed,
)

# by name, for the tests' own environment does not have it
langchain_openai: Any = importlib.import_module("langchain_openai")
messages: Any = importlib.import_module("langchain_core.messages")


class City(BaseModel):
    """What is asked for in structured output."""

    name: str
    people: int


def chat(at: At, **more: Any) -> Any:
    return langchain_openai.ChatOpenAI(base_url=at.base_url, api_key=at.api_key, model=at.model, **more)


def told(message: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"text": message.text}
    if message.tool_calls:
        found["calls"] = [[call["name"], json.dumps(call["args"])] for call in message.tool_calls]
    if message.invalid_tool_calls:
        found["invalid calls"] = len(message.invalid_tool_calls)
    blocks = message.content if isinstance(message.content, list) else []
    refusals = [block["refusal"] for block in blocks if block.get("type") == "refusal"]
    if refused := message.additional_kwargs.get("refusal") or "".join(refusals):
        found["refusal"] = refused
    return found


def say(at: At) -> Any:
    return told(chat(at).invoke(QUESTION))


def stream(at: At) -> Any:
    return streamed([chunk.text for chunk in chat(at).stream(QUESTION)])


def say_async(at: At) -> Any:
    return told(done(chat(at).ainvoke(QUESTION)))


def stream_async(at: At) -> Any:
    async def ask() -> list[str]:
        return [chunk.text async for chunk in chat(at).astream(QUESTION)]

    return streamed(done(ask()))


def history(at: At) -> Any:
    said = [messages.HumanMessage(QUESTION)]
    said += [chat(at).invoke(said), messages.HumanMessage(SECOND_QUESTION)]
    return told(chat(at).invoke(said))


def _results(message: Any) -> list[Any]:
    if not message.tool_calls:
        raise ValueError(f"no call but {len(message.invalid_tool_calls)} invalid ones")
    return [
        messages.ToolMessage(get_weather(**call["args"]), tool_call_id=call["id"])
        for call in message.tool_calls
    ]


def tools(at: At) -> Any:
    model = chat(at).bind_tools([WEATHER_TOOL])
    said = [messages.HumanMessage(WEATHER_QUESTION)]
    first = model.invoke(said)
    return told(model.invoke([*said, first, *_results(first)]))


def tools_stream(at: At) -> Any:
    model = chat(at).bind_tools([WEATHER_TOOL])
    said = [messages.HumanMessage(WEATHER_QUESTION)]
    first, *rest = model.stream(said)
    for chunk in rest:
        first += chunk
    return streamed([chunk.text for chunk in model.stream([*said, first, *_results(first)])])


def structured(at: At) -> Any:
    return {"object": chat(at).with_structured_output(City).invoke(QUESTION).model_dump()}


def embed(at: At) -> Any:
    embeddings = langchain_openai.OpenAIEmbeddings(
        base_url=at.base_url, api_key=at.api_key, check_embedding_ctx_length=False
    )
    vectors = embeddings.embed_documents(["Hello", "Hello", "Rain"])
    return {"lengths": [len(one) for one in vectors], "alike": vectors[0] == vectors[1] != vectors[2]}


def responses(at: At) -> Any:
    return told(chat(at, use_responses_api=True).invoke(QUESTION))


def responses_stream(at: At) -> Any:
    return streamed([chunk.text for chunk in chat(at, use_responses_api=True).stream(QUESTION)])


def responses_tools(at: At) -> Any:
    model = chat(at, use_responses_api=True).bind_tools([WEATHER_TOOL])
    said = [messages.HumanMessage(WEATHER_QUESTION)]
    first = model.invoke(said)
    return told(model.invoke([*said, first, *_results(first)]))


if __name__ == "__main__":
    report(
        "langchain-openai",
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
