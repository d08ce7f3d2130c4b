"""pydantic-ai: all messages of a run are the history of the next."""

import importlib
from collections.abc import AsyncIterator
from typing import Any

from tests.peers.histories.programs.driving import Setup, serve

pydantic_ai: Any = importlib.import_module("pydantic_ai")
openai_models: Any = importlib.import_module("pydantic_ai.models.openai")
openai_provider: Any = importlib.import_module("pydantic_ai.providers.openai")


class Chat:
    """An agent, and the messages of its last run."""

    def __init__(self, setup: Setup, _: str) -> None:
        provider = openai_provider.OpenAIProvider(base_url=setup["base_url"], api_key=setup["api_key"])
        model = openai_models.OpenAIChatModel(setup["model"], provider=provider)
        self.agent = pydantic_ai.Agent(model, instructions=setup["system_prompt"])
        self.messages: list[Any] = []

    async def say(self, text: str) -> Any:
        result = await self.agent.run(text, message_history=self.messages)
        self.messages = result.all_messages()
        return result.output

    async def stream(self, text: str) -> AsyncIterator[str]:
        async with self.agent.run_stream(text, message_history=self.messages) as result:
            async for piece in result.stream_text(delta=True):
                yield piece
        self.messages = result.all_messages()


serve(Chat)
