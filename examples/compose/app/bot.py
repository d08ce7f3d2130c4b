"""A small application that keeps a conversation. Only the standard library, so that any Python image runs it."""

# ruff: noqa: INP001  a program of its own

import json
import os
from urllib.request import Request, urlopen

Message = dict[str, str]


class Bot:
    """Asks the endpoint that OPENAI_BASE_URL names."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def say(self, text: str) -> str:
        """The answer; the turn is kept once there is one."""
        asked: list[Message] = [*self.messages, {"role": "user", "content": text}]
        answer = self._ask(asked)
        self.messages = [*asked, {"role": "assistant", "content": answer}]
        return answer

    def _ask(self, messages: list[Message]) -> str:
        request = Request(  # noqa: S310  the URL is the deployment's own
            f"{os.environ['OPENAI_BASE_URL']}/chat/completions",
            data=json.dumps({"model": "tiny", "messages": messages}).encode(),
            headers={
                "authorization": f"Bearer {os.environ['OPENAI_API_KEY']}",
                "content-type": "application/json",
            },
        )
        with urlopen(request, timeout=30) as response:  # noqa: S310
            content: str = json.load(response)["choices"][0]["message"]["content"]
        return content
