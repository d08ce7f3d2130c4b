"""The openai SDK and a list: the question is appended, the list is sent, the message that comes is appended."""

from collections.abc import Iterator
from typing import Any

import openai

from tests.peers.histories.programs.driving import Setup, serve


class Chat:
    """A list of messages."""

    def __init__(self, setup: Setup, _: str) -> None:
        self.client = openai.OpenAI(base_url=setup["base_url"], api_key=setup["api_key"])
        self.model = setup["model"]
        self.messages: list[Any] = [{"role": "system", "content": setup["system_prompt"]}]

    def say(self, text: str) -> str | None:
        self.messages.append({"role": "user", "content": text})
        answer = self.client.chat.completions.create(model=self.model, messages=self.messages)
        message = answer.choices[0].message
        self.messages.append(message)
        return message.content

    def stream(self, text: str) -> Iterator[str]:
        self.messages.append({"role": "user", "content": text})
        reply = ""
        for chunk in self.client.chat.completions.create(
            model=self.model, messages=self.messages, stream=True
        ):
            if chunk.choices and chunk.choices[0].delta.content:
                reply += chunk.choices[0].delta.content
                yield chunk.choices[0].delta.content
        self.messages.append({"role": "assistant", "content": reply})


serve(Chat)
