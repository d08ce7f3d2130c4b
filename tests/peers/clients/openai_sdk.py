"""A program on the openai SDK, versions 2 and 3."""

import json
from typing import Any

import openai
from pydantic import BaseModel

from tests.peers.clients.reporting import (
    QUESTION,
    SECOND_QUESTION,
    WEATHER_PARAMETERS,
    WEATHER_QUESTION,
    WEATHER_TOOL,
    At,
    done,
    get_weather,
    report,
    streamed,
)

ASKED: list[Any] = [{"role": "user", "content": QUESTION}]


class City(BaseModel):
    """What is asked for in structured output."""

    name: str
    people: int


def client(at: At) -> Any:
    return openai.OpenAI(base_url=at.base_url, api_key=at.api_key)


def async_client(at: At) -> Any:
    return openai.AsyncOpenAI(base_url=at.base_url, api_key=at.api_key)


def told(completion: Any) -> dict[str, Any]:
    message = completion.choices[0].message
    found: dict[str, Any] = {"text": message.content}
    if message.tool_calls:
        found["calls"] = [[call.function.name, call.function.arguments] for call in message.tool_calls]
    if message.refusal:
        found["refusal"] = message.refusal
    return found


def text_of(chunk: Any) -> str:
    return (chunk.choices[0].delta.content or "") if chunk.choices else ""


def say(at: At) -> Any:
    return told(client(at).chat.completions.create(model=at.model, messages=ASKED))


def stream(at: At) -> Any:
    chunks = client(at).chat.completions.create(model=at.model, messages=ASKED, stream=True)
    return streamed([text_of(chunk) for chunk in chunks])


def say_async(at: At) -> Any:
    async def ask() -> Any:
        async with async_client(at) as asker:
            return told(await asker.chat.completions.create(model=at.model, messages=ASKED))

    return done(ask())


def stream_async(at: At) -> Any:
    async def ask() -> Any:
        async with async_client(at) as asker:
            chunks = await asker.chat.completions.create(model=at.model, messages=ASKED, stream=True)
            return streamed([text_of(chunk) async for chunk in chunks])

    return done(ask())


def history(at: At) -> Any:
    messages = list(ASKED)
    asker = client(at)
    first = asker.chat.completions.create(model=at.model, messages=messages)
    messages += [first.choices[0].message, {"role": "user", "content": SECOND_QUESTION}]
    return told(asker.chat.completions.create(model=at.model, messages=messages))


def _results(message: Any) -> list[Any]:
    return [
        {
            "role": "tool",
            "tool_call_id": call.id,
            "content": get_weather(**json.loads(call.function.arguments)),
        }
        for call in message.tool_calls
    ]


def tools(at: At) -> Any:
    messages: list[Any] = [{"role": "user", "content": WEATHER_QUESTION}]
    asked: dict[str, Any] = {"model": at.model, "tools": [WEATHER_TOOL]}
    asker = client(at)
    first = asker.chat.completions.create(messages=messages, **asked).choices[0].message
    messages += [first, *_results(first)]
    return told(asker.chat.completions.create(messages=messages, **asked))


def tools_stream(at: At) -> Any:
    messages: list[Any] = [{"role": "user", "content": WEATHER_QUESTION}]
    asked: dict[str, Any] = {"model": at.model, "tools": [WEATHER_TOOL]}
    asker = client(at)
    with asker.chat.completions.stream(messages=messages, **asked) as chunks:
        first = chunks.get_final_completion().choices[0].message
    messages += [first.model_dump(exclude_none=True, exclude={"parsed"}), *_results(first)]
    with asker.chat.completions.stream(messages=messages, **asked) as events:
        return streamed([event.delta for event in events if event.type == "content.delta"])


def structured(at: At) -> Any:
    answer = client(at).chat.completions.parse(model=at.model, messages=ASKED, response_format=City)
    return {"object": answer.choices[0].message.parsed.model_dump()}


def embed(at: At) -> Any:
    answer = client(at).embeddings.create(model="text-embedding-3-small", input=["Hello", "Hello", "Rain"])
    vectors = [one.embedding for one in answer.data]
    return {"lengths": [len(one) for one in vectors], "alike": vectors[0] == vectors[1] != vectors[2]}


def models(at: At) -> Any:
    return {"models": sorted(one.id for one in client(at).models.list())[:3]}


def said(response: Any) -> dict[str, Any]:
    parts = [part for item in response.output if item.type == "message" for part in item.content]
    refusal = "".join(part.refusal for part in parts if part.type == "refusal")
    return {"text": response.output_text, **({"refusal": refusal} if refusal else {})}


def responses(at: At) -> Any:
    return said(client(at).responses.create(model=at.model, input=QUESTION))


def responses_stream(at: At) -> Any:
    events = list(client(at).responses.create(model=at.model, input=QUESTION, stream=True))
    aside = [type(event).__name__ for event in events if event.type == "error"]
    pieces = [event.delta for event in events if event.type == "response.output_text.delta"]
    return streamed(pieces, **({"told aside": aside} if aside else {}))


def responses_tools(at: At) -> Any:
    tool = {"type": "function", "name": "get_weather", "parameters": WEATHER_PARAMETERS, "strict": False}
    asked: dict[str, Any] = {"model": at.model, "tools": [tool]}
    items: list[Any] = [{"role": "user", "content": WEATHER_QUESTION}]
    asker = client(at)
    first = asker.responses.create(input=items, **asked)
    for call in first.output:
        items.append(call)
        if call.type == "function_call":
            result = get_weather(**json.loads(call.arguments))
            items.append({"type": "function_call_output", "call_id": call.call_id, "output": result})
    return said(asker.responses.create(input=items, **asked))


if __name__ == "__main__":
    report(
        "openai",
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
            "models": models,
            "responses": responses,
            "responses stream": responses_stream,
            "responses tools": responses_tools,
        },
    )
