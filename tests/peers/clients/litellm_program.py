"""A program on litellm, with its provider for OpenAI-compatible servers."""

import importlib
import json
import os
from typing import Any

# it asks a host for its table of prices at import, else
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

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
litellm: Any = importlib.import_module("litellm")

ASKED: list[Any] = [{"role": "user", "content": QUESTION}]


class City(BaseModel):
    """What is asked for in structured output."""

    name: str
    people: int


def named(at: At) -> dict[str, Any]:
    return {"model": f"openai/{at.model}", "api_base": at.base_url, "api_key": at.api_key}


def told(completion: Any) -> dict[str, Any]:
    message = completion.choices[0].message
    found: dict[str, Any] = {"text": message.content}
    if message.tool_calls:
        found["calls"] = [[call.function.name, call.function.arguments] for call in message.tool_calls]
    if refusal := (message.provider_specific_fields or {}).get("refusal"):
        found["refusal"] = refusal
    return found


def text_of(chunk: Any) -> str:
    return (chunk.choices[0].delta.content or "") if chunk.choices else ""


def say(at: At) -> Any:
    return told(litellm.completion(messages=ASKED, **named(at)))


def stream(at: At) -> Any:
    return streamed([text_of(one) for one in litellm.completion(messages=ASKED, stream=True, **named(at))])


def say_async(at: At) -> Any:
    return told(done(litellm.acompletion(messages=ASKED, **named(at))))


def stream_async(at: At) -> Any:
    async def ask() -> list[str]:
        chunks = await litellm.acompletion(messages=ASKED, stream=True, **named(at))
        return [text_of(chunk) async for chunk in chunks]

    return streamed(done(ask()))


def history(at: At) -> Any:
    first = litellm.completion(messages=ASKED, **named(at)).choices[0].message
    messages = [*ASKED, first, {"role": "user", "content": SECOND_QUESTION}]
    return told(litellm.completion(messages=messages, **named(at)))


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
    asked = {"tools": [WEATHER_TOOL], **named(at)}
    messages: list[Any] = [{"role": "user", "content": WEATHER_QUESTION}]
    first = litellm.completion(messages=messages, **asked).choices[0].message
    return told(litellm.completion(messages=[*messages, first, *_results(first)], **asked))


def tools_stream(at: At) -> Any:
    asked = {"tools": [WEATHER_TOOL], "stream": True, **named(at)}
    messages: list[Any] = [{"role": "user", "content": WEATHER_QUESTION}]
    chunks = list(litellm.completion(messages=messages, **asked))
    first = litellm.stream_chunk_builder(chunks, messages=messages).choices[0].message
    again = litellm.completion(messages=[*messages, first, *_results(first)], **asked)
    return streamed([text_of(chunk) for chunk in again])


def structured(at: At) -> Any:
    answer = litellm.completion(messages=ASKED, response_format=City, **named(at))
    return {"object": City.model_validate_json(answer.choices[0].message.content).model_dump()}


def embed(at: At) -> Any:
    asked = named(at) | {"model": "openai/text-embedding-3-small"}
    vectors = [one["embedding"] for one in litellm.embedding(input=["Hello", "Hello", "Rain"], **asked).data]
    return {"lengths": [len(one) for one in vectors], "alike": vectors[0] == vectors[1] != vectors[2]}


def said(response: Any) -> dict[str, Any]:
    parts = [part for item in response.output if item.type == "message" for part in item.content]
    refusal = "".join(part.refusal for part in parts if part.type == "refusal")
    return {
        "text": "".join(part.text for part in parts if part.type == "output_text"),
        **({"refusal": refusal} if refusal else {}),
    }


def responses(at: At) -> Any:
    return said(litellm.responses(input=QUESTION, **named(at)))


def responses_stream(at: At) -> Any:
    events = litellm.responses(input=QUESTION, stream=True, **named(at))
    return streamed([one.delta for one in events if one.type == "response.output_text.delta"])


if __name__ == "__main__":
    report(
        "litellm",
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
        },
    )
