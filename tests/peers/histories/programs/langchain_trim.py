"""langchain's trim_messages over a list, as its guide has it: the last ten messages that begin with a user's."""

import importlib
from typing import Any

from tests.peers.histories.programs.driving import Setup, serve

messages: Any = importlib.import_module("langchain_core.messages")
langchain_openai: Any = importlib.import_module("langchain_openai")


class Chat:
    """A list of messages, cut before each call."""

    def __init__(self, setup: Setup, _: str) -> None:
        self.model = langchain_openai.ChatOpenAI(
            base_url=setup["base_url"], api_key=setup["api_key"], model=setup["model"]
        )
        self.messages = [messages.SystemMessage(setup["system_prompt"])]
        self.trimmer = messages.trim_messages(
            max_tokens=setup["window"] + 2,
            token_counter=len,
            strategy="last",
            include_system=True,
            start_on="human",
        )

    def say(self, text: str) -> Any:
        self.messages.append(messages.HumanMessage(text))
        reply = (self.trimmer | self.model).invoke(self.messages)
        self.messages.append(reply)
        return reply.text


serve(Chat)
