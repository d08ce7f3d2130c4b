"""The openai SDK with asyncio, and a list to which the text of the reply is appended."""

from collections.abc import AsyncIterator
from typing import Any

import openai

from tests.peers.histories.programs.driving import Setup, serve


class Chat:
    """A list of messages."""

    def __init__(self, setup: Setup, _: str) -> None:
        self.client = openai.AsyncOpenAI(base_url=setup["base_url"], api_key=setup["api_key"])
        self.model = setup["model"]
        self.messages: list[Any] = [{"role": "system", "content": setup["system_prompt"]}]

    async def say(self, text: str) -> str | None:
        self.messages.append({"role": "user", "content": text})
        answer = await self.client.chat.completions.create(model=self.model, messages=self.messages)
        reply = answer.choices[0].message.content
        self.messages.append({"role": "assistant", "content": reply})
        return reply

    async def stream(self, text: str) -> AsyncIterator[str]:
        self.messages.append({"role": "user", "content": text})
        reply = ""
        chunks = await self.client.chat.completions.create(
            model=self.model, messages=self.messages, stream=True
        )
        async for chunk in chunks:
            if chunk.choices and chunk.choices[0].delta.content:
                reply += chunk.choices[0].delta.content
                yield chunk.choices[0].delta.content
        self.messages.append({"role": "assistant", "content": reply})


serve(Chat)
