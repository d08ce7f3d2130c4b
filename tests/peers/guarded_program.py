"""A program on the openai SDK whose client has a guard, run by the tests under version 2, which uses httpx: prints
what comes of each model, as JSON, sync and async, in JSON and SSE mode. Usage: guarded_program.py BASE_URL MODEL...
"""

import asyncio
import json
import sys
from typing import Any

import httpx
import openai

from chatproof.guard import EXCHANGES, ContractError
from chatproof.guard.httpx import AsyncGuardTransport, GuardTransport

known: dict[str, Any] = {"base_url": sys.argv[1], "api_key": "sk-test", "max_retries": 1}


def named(error: ContractError) -> list[str]:
    return sorted({violation.rule for violation in error.violations})


def outcome(error: Exception) -> Any:
    """Broken rules, or the SDK's own error."""
    if isinstance(error, ContractError):
        return named(error)
    cause = error.__cause__
    return [type(error).__name__, named(cause) if isinstance(cause, ContractError) else type(cause).__name__]


def sync(asked: dict[str, Any], **settings: Any) -> Any:
    http_client: Any = httpx.Client(transport=GuardTransport(**settings))
    with openai.OpenAI(**known, http_client=http_client) as client:
        create: Any = client.chat.completions.create
        try:
            answer = create(**asked)
            return len(list(answer) if asked["stream"] else answer.choices)
        except (ContractError, openai.OpenAIError, httpx.HTTPError) as error:
            return outcome(error)


async def not_sync(asked: dict[str, Any], **settings: Any) -> Any:
    http_client: Any = httpx.AsyncClient(transport=AsyncGuardTransport(**settings))
    async with openai.AsyncOpenAI(**known, http_client=http_client) as client:
        create: Any = client.chat.completions.create
        try:
            answer = await create(**asked)
            return len([chunk async for chunk in answer] if asked["stream"] else answer.choices)
        except (ContractError, openai.OpenAIError, httpx.HTTPError) as error:
            return outcome(error)


def all_four(model: str, role: str = "user", **settings: Any) -> list[Any]:
    messages = [{"role": role, "content": "What is the weather in Oslo?"}]
    found: list[Any] = []
    for stream in (False, True):
        asked = {"model": model, "messages": messages, "stream": stream}
        found += [sync(asked, **settings), asyncio.run(not_sync(asked, **settings))]
    return found


results: dict[str, Any] = {model: all_four(model) for model in sys.argv[2:]}
results["wrong request"] = all_four("fake/text", "nobody", judged=EXCHANGES)
sys.stdout.write(json.dumps({"version": openai.__version__, **results}))
