"""What an application asks of an endpoint, asked by the `openai` package with strict validation of what comes.

`python strict_sdk.py URL MODEL` prints the calls that raised, as JSON, with the errors' names; 1 where one did.
It runs in an environment that has nothing but that package.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

import openai

URL, MODEL = sys.argv[1:]
client = openai.OpenAI(base_url=URL, _strict_response_validation=True)

ASKED: Any = [{"role": "user", "content": "Say hello in three words."}]
PLACE: Any = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
CLOSED: Any = {**PLACE, "additionalProperties": False}
FUNCTION: Any = {"name": "get_weather", "description": "The weather.", "parameters": PLACE}
TOOLS: Any = [{"type": "function", "function": FUNCTION}]
CALLED: Any = [{"type": "function", "strict": False, **FUNCTION}]
TOLD: Any = {"type": "json_schema", "json_schema": {"name": "place", "strict": True, "schema": CLOSED}}


def chat(**options: Any) -> Any:
    """One answer in one piece."""
    create: Callable[..., Any] = client.chat.completions.create
    return create(model=MODEL, messages=ASKED, **options)


def stream(**options: Any) -> Any:
    """One answer as a stream, which is read to its end."""
    return list(chat(stream=True, stream_options={"include_usage": True}, **options))


CALLS: dict[str, Callable[[], Any]] = {
    "models.list": lambda: list(client.models.list()),
    "models.retrieve": lambda: client.models.retrieve(MODEL),
    "chat": chat,
    "chat, stream": stream,
    "chat, n": lambda: chat(n=2, temperature=1),
    "chat, n, stream": lambda: stream(n=2, temperature=1),
    "chat, logprobs": lambda: chat(logprobs=True, top_logprobs=2),
    "chat, logprobs, stream": lambda: stream(logprobs=True, top_logprobs=2),
    "chat, limits": lambda: chat(max_tokens=5, stop=["\n"]),
    "chat, tools": lambda: chat(tools=TOOLS, tool_choice="required"),
    "chat, tools, stream": lambda: stream(tools=TOOLS, tool_choice="required"),
    "chat, schema": lambda: chat(response_format=TOLD),
    "completions": lambda: client.completions.create(model=MODEL, prompt="Hello"),
    "completions, stream": lambda: list(client.completions.create(model=MODEL, prompt="Hello", stream=True)),
    "embeddings": lambda: client.embeddings.create(model=MODEL, input=["one", "two"]),
    "embeddings, float": lambda: client.embeddings.create(
        model=MODEL, input=["one", "two"], encoding_format="float"
    ),
    "responses": lambda: client.responses.create(model=MODEL, input="Say hello."),
    "responses, stream": lambda: list(client.responses.create(model=MODEL, input="Say hello.", stream=True)),
    "responses, tools": lambda: client.responses.create(model=MODEL, input="Say hello.", tools=CALLED),
}

raised: dict[str, str] = {}
for name, call in CALLS.items():
    try:
        call()
    except Exception as error:  # noqa: BLE001  whatever an application would meet
        raised[name] = type(error).__name__
json.dump(raised, sys.stdout)
sys.exit(1 if raised else 0)
