"""langchain's RunnableWithMessageHistory: the library keeps the history of a session, and records after the call."""

import importlib
from collections.abc import Iterator
from typing import Any

from tests.peers.histories.programs.driving import Setup, serve

core: Any = importlib.import_module("langchain_core.chat_history")
history: Any = importlib.import_module("langchain_core.runnables.history")
prompts: Any = importlib.import_module("langchain_core.prompts")
langchain_openai: Any = importlib.import_module("langchain_openai")

STORE: dict[str, Any] = {}


class Chat:
    """A session."""

    def __init__(self, setup: Setup, name: str) -> None:
        model = langchain_openai.ChatOpenAI(
            base_url=setup["base_url"], api_key=setup["api_key"], model=setup["model"]
        )
        prompt = prompts.ChatPromptTemplate.from_messages(
            [
                ("system", "{system_prompt}"),
                prompts.MessagesPlaceholder(variable_name="history"),
                ("human", "{question}"),
            ]
        ).partial(system_prompt=setup["system_prompt"])
        self.chain = history.RunnableWithMessageHistory(
            prompt | model, of_session, input_messages_key="question", history_messages_key="history"
        )
        self.session = f"{setup['base_url']} {setup['id']} {name}"
        self.config = {"configurable": {"session_id": self.session}}

    def say(self, text: str) -> Any:
        return self.chain.invoke({"question": text}, config=self.config).text

    def stream(self, text: str) -> Iterator[str]:
        for chunk in self.chain.stream({"question": text}, config=self.config):
            yield chunk.text

    def clear(self) -> None:
        of_session(self.session).clear()


def of_session(name: str) -> Any:
    return STORE.setdefault(name, core.InMemoryChatMessageHistory())


serve(Chat)
