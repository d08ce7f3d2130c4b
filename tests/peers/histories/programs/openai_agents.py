"""openai-agents with a session in memory: `openai_agents.py chat` or `responses`, its default."""

import importlib
import sys
from collections.abc import AsyncIterator
from typing import Any

from tests.peers.histories.programs.driving import Setup, serve

agents: Any = importlib.import_module("agents")
openai: Any = importlib.import_module("openai")

agents.set_tracing_disabled(disabled=True)  # it sends its traces to a host, else
MODELS = {"chat": "OpenAIChatCompletionsModel", "responses": "OpenAIResponsesModel"}


class Chat:
    """A session."""

    def __init__(self, setup: Setup, name: str) -> None:
        client = openai.AsyncOpenAI(base_url=setup["base_url"], api_key=setup["api_key"])
        model = getattr(agents, MODELS[sys.argv[1]])(model=setup["model"], openai_client=client)
        self.agent = agents.Agent(name="Assistant", instructions=setup["system_prompt"], model=model)
        self.session = agents.SQLiteSession(name)

    async def say(self, text: str) -> Any:
        return (await agents.Runner.run(self.agent, text, session=self.session)).final_output

    async def stream(self, text: str) -> AsyncIterator[str]:
        result = agents.Runner.run_streamed(self.agent, text, session=self.session)
        async for event in result.stream_events():
            if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
                yield event.data.delta


serve(Chat)
