"""langchain's create_agent with a LangGraph saver: a thread's messages are the state of the graph."""

import importlib
from collections.abc import Iterator
from typing import Any

from tests.peers.histories.programs.driving import Setup, serve

agents: Any = importlib.import_module("langchain.agents")
memory: Any = importlib.import_module("langgraph.checkpoint.memory")
langchain_openai: Any = importlib.import_module("langchain_openai")


class Chat:
    """A thread."""

    def __init__(self, setup: Setup, name: str) -> None:
        model = langchain_openai.ChatOpenAI(
            base_url=setup["base_url"], api_key=setup["api_key"], model=setup["model"]
        )
        self.agent = agents.create_agent(
            model, tools=[], system_prompt=setup["system_prompt"], checkpointer=memory.InMemorySaver()
        )
        self.config = {"configurable": {"thread_id": name}}

    def say(self, text: str) -> Any:
        state = self.agent.invoke({"messages": [{"role": "user", "content": text}]}, self.config)
        return state["messages"][-1].text

    def stream(self, text: str) -> Iterator[str]:
        asked = {"messages": [{"role": "user", "content": text}]}
        for message, _ in self.agent.stream(asked, self.config, stream_mode="messages"):
            yield message.text


serve(Chat)
