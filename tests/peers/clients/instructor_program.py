"""A program on instructor: every answer is an object of a model."""

import importlib
from typing import Any

from pydantic import BaseModel

from tests.peers.clients.reporting import QUESTION, At, done, report

# by name, for the tests' own environment does not have it
instructor: Any = importlib.import_module("instructor")
openai: Any = importlib.import_module("openai")

ASKED: list[Any] = [{"role": "user", "content": QUESTION}]


class City(BaseModel):
    """What is asked for."""

    name: str
    people: int


def asked(at: At) -> dict[str, Any]:
    return {"model": at.model, "messages": ASKED, "response_model": City}


def client(at: At, mode: Any = None) -> Any:
    sdk = openai.OpenAI(base_url=at.base_url, api_key=at.api_key)
    return instructor.from_openai(sdk, mode=mode or instructor.Mode.TOOLS)


def say(at: At) -> Any:
    return {"object": client(at).create(**asked(at)).model_dump()}


def say_async(at: At) -> Any:
    sdk = openai.AsyncOpenAI(base_url=at.base_url, api_key=at.api_key)
    found = done(instructor.from_openai(sdk).create(**asked(at)))
    return {"object": found.model_dump()}


def stream(at: At) -> Any:
    *_, last = client(at).create_partial(**asked(at))
    return {"object": last.model_dump()}


def structured(at: At) -> Any:
    return {"object": client(at, instructor.Mode.JSON_SCHEMA).create(**asked(at)).model_dump()}


if __name__ == "__main__":
    report("instructor", {"say": say, "say async": say_async, "stream": stream, "structured": structured})
