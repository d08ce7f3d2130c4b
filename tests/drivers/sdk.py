"""Clients on OpenAI's own SDK: synchronous, asynchronous, streaming."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from openai import AsyncOpenAI, OpenAI

from chatproof.history.model.endpoint import Endpoint


class _Kept:
    def __init__(self, endpoint: Endpoint) -> None:
        self.model = endpoint.model
        self.messages: list[Any] = [{"role": "system", "content": endpoint.system_prompt}]

    def asked(self, text: str) -> list[Any]:
        return [*self.messages, {"role": "user", "content": text}]

    def keep(self, text: str, reply: str | None) -> str | None:
        if reply:
            self.messages = [*self.asked(text), {"role": "assistant", "content": reply}]
        return reply


class SdkSync(_Kept):
    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self.sdk = OpenAI(base_url=endpoint.base_url, api_key="EMPTY")

    def say(self, text: str) -> str | None:
        answer = self.sdk.chat.completions.create(model=self.model, messages=self.asked(text))
        return self.keep(text, answer.choices[0].message.content)

    def close(self) -> None:
        self.sdk.close()


class SdkStream(SdkSync):
    def say(self, text: str) -> Iterator[str]:  # type: ignore[override]
        read = ""
        with self.sdk.chat.completions.create(
            model=self.model, messages=self.asked(text), stream=True
        ) as stream:
            for chunk in stream:
                piece = chunk.choices[0].delta.content if chunk.choices else None
                if piece:
                    read += piece
                    yield piece
        self.keep(text, read)


class SdkResponses(SdkSync):
    def say(self, text: str) -> str | None:
        answer = self.sdk.responses.create(model=self.model, input=self.asked(text))
        return self.keep(text, answer.output_text)


class SdkAsync(_Kept):
    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self.sdk = AsyncOpenAI(base_url=endpoint.base_url, api_key="EMPTY")

    async def say(self, text: str) -> str | None:
        answer = await self.sdk.chat.completions.create(model=self.model, messages=self.asked(text))
        return self.keep(text, answer.choices[0].message.content)

    async def close(self) -> None:
        await self.sdk.close()


class SdkAsyncStream(SdkAsync):
    async def say(self, text: str) -> AsyncIterator[str]:  # type: ignore[override]
        read = ""
        stream = await self.sdk.chat.completions.create(
            model=self.model, messages=self.asked(text), stream=True
        )
        async with stream:
            async for chunk in stream:
                piece = chunk.choices[0].delta.content if chunk.choices else None
                if piece:
                    read += piece
                    yield piece
        self.keep(text, read)
