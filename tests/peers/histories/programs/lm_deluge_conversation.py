"""lm-deluge: a Conversation, to which the question is added before the call and the response after it."""

import importlib
import os
from typing import Any

from tests.peers.histories.programs.driving import Setup, serve

lm_deluge: Any = importlib.import_module("lm_deluge")
models: Any = importlib.import_module("lm_deluge.models")


class Chat:
    """A conversation, and a client of its own: one that was refused asks that model no more."""

    def __init__(self, setup: Setup, name: str) -> None:
        os.environ["LM_DELUGE_KEY"] = setup["api_key"]
        model = f"{setup['base_url']} {name}"
        models.register_model(
            id=model, name=setup["model"], api_base=setup["base_url"], api_key_env_var="LM_DELUGE_KEY"
        )
        self.client = lm_deluge.LLMClient(model)
        self.conversation = lm_deluge.Conversation().system(setup["system_prompt"])

    async def say(self, text: str) -> Any:
        self.conversation = self.conversation.user(text)
        response = await self.client.start(self.conversation)
        self.conversation = self.conversation.with_response(response)
        return response.completion


serve(Chat)
