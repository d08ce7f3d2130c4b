"""instructor and a list: an object comes, whose text is the reply."""

import importlib
from typing import Any

from tests.peers.histories.programs.driving import Setup, serve

instructor: Any = importlib.import_module("instructor")
openai: Any = importlib.import_module("openai")


class Chat:
    """A list of messages. A plain text is asked for with `response_model=None`."""

    def __init__(self, setup: Setup, _: str) -> None:
        sdk = openai.OpenAI(base_url=setup["base_url"], api_key=setup["api_key"])
        self.client = instructor.from_openai(sdk)
        self.model = setup["model"]
        self.messages: list[Any] = [{"role": "system", "content": setup["system_prompt"]}]

    def say(self, text: str) -> Any:
        self.messages.append({"role": "user", "content": text})
        answer = self.client.create(model=self.model, messages=self.messages, response_model=None)
        reply = answer.choices[0].message.content
        self.messages.append({"role": "assistant", "content": reply})
        return reply


serve(Chat)
