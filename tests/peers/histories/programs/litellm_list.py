"""litellm and a list."""

import importlib
import os
from collections.abc import Iterator
from typing import Any

from tests.peers.histories.programs.driving import Setup, serve

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # it asks a host for its table of prices at import, else
litellm: Any = importlib.import_module("litellm")


class Chat:
    """A list of messages."""

    def __init__(self, setup: Setup, _: str) -> None:
        model = f"openai/{setup['model']}"
        self.asked = {"model": model, "api_base": setup["base_url"], "api_key": setup["api_key"]}
        self.messages: list[Any] = [{"role": "system", "content": setup["system_prompt"]}]

    def say(self, text: str) -> Any:
        self.messages.append({"role": "user", "content": text})
        message = litellm.completion(messages=self.messages, **self.asked).choices[0].message
        self.messages.append(message)
        return message.content

    def stream(self, text: str) -> Iterator[str]:
        self.messages.append({"role": "user", "content": text})
        reply = ""
        for chunk in litellm.completion(messages=self.messages, stream=True, **self.asked):
            if chunk.choices and chunk.choices[0].delta.content:
                reply += chunk.choices[0].delta.content
                yield chunk.choices[0].delta.content
        self.messages.append({"role": "assistant", "content": reply})


serve(Chat)
