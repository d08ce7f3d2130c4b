"""llm: a conversation of the library."""

import importlib
from collections.abc import Iterator
from typing import Any

from tests.peers.histories.programs.driving import Setup, serve

openai_models: Any = importlib.import_module("llm.default_plugins.openai_models")


class Chat:
    """A conversation. The system prompt is said with each prompt, as the guide has it."""

    def __init__(self, setup: Setup, _: str) -> None:
        model = openai_models.Chat(setup["model"], key=setup["api_key"], api_base=setup["base_url"])
        self.conversation = model.conversation()
        self.system = setup["system_prompt"]

    def say(self, text: str) -> Any:
        return self.conversation.prompt(text, system=self.system, stream=False).text()

    def stream(self, text: str) -> Iterator[str]:
        yield from self.conversation.prompt(text, system=self.system)


serve(Chat)
