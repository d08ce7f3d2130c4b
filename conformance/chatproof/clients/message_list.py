"""The plain list of messages, as the LoRAX and OpenAI examples keep it, with what those leave out.

Rule 1: a round enters the list when its reply is there, both messages at once. So a round that failed in
        whatever way leaves no trace, and saying the same again sends it once.
Rule 2: the system prompt is no part of the list, so no window can cut it.
Rule 3: text is passed on as it came.
"""

import ssl
from contextlib import ExitStack
from functools import cache
from typing import Self

import httpx

from chatproof.clients.answers import Ask, Post, json_answer
from chatproof.history.model.client import Endpoint

__all__ = ["MessageList"]


@cache
def _trust() -> ssl.SSLContext:
    """The certificates that are trusted, read once: reading them takes longer than ten requests."""
    return httpx.create_ssl_context()


class MessageList:
    """One conversation, kept in a list, one thread at a time.

    `base_url` ends in `/v1`. `window` is the number of messages sent before the new one, None for all of
    them; it is rounded down to start with a user message. `ask` is `json_answer` or `streamed_answer`.
    `http` is closed by whoever made it.
    """

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        model: str,
        system_prompt: str = "",
        window: int | None = None,
        ask: Ask = json_answer,
        http: httpx.Client | None = None,
    ) -> None:
        self.model = model
        self.system_prompt = system_prompt
        self.window = window
        self._messages: list[dict[str, str]] = []
        self._ask = ask
        self._own = ExitStack()
        http = http or self._own.enter_context(httpx.Client(timeout=60, verify=_trust()))
        self._post = Post(http=http, url=f"{base_url}/chat/completions", api_key=api_key)

    @classmethod
    def at(cls, endpoint: Endpoint) -> Self:
        """A client for an endpoint of the suite, with the window that its policy declares."""
        window = endpoint.policy.window
        return cls(
            base_url=endpoint.base_url,
            api_key=endpoint.api_key,
            model=endpoint.model,
            system_prompt=endpoint.system_prompt,
            window=None if window is None else window.n,
        )

    @property
    def messages(self) -> tuple[dict[str, str], ...]:
        """A copy of what was recorded, oldest first, without the system prompt."""
        return tuple(dict(message) for message in self._messages)

    def say(self, text: str) -> str:
        """Say something, and give the reply back.

        Raises:
            AnswerError: there is no reply. The conversation is as it was before.
        """
        new = {"role": "user", "content": text}
        reply = self._ask(
            self._post, {"model": self.model, "messages": [*self._head(), *self._recent(), new]}
        )
        self._messages += [new, {"role": "assistant", "content": reply}]
        return reply

    def close(self) -> None:
        """Close the connections, where they are the client's own."""
        self._own.close()

    def _head(self) -> list[dict[str, str]]:
        return [{"role": "system", "content": self.system_prompt}] if self.system_prompt else []

    def _recent(self) -> list[dict[str, str]]:
        """The newest whole rounds that fit in the window."""
        if self.window is None:
            return self._messages
        fits = self.window - self.window % 2
        return self._messages[len(self._messages) - fits :] if fits < len(self._messages) else self._messages
