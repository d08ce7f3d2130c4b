"""A conversation as a value: messages, and the model that answered last. To add is to make another one.

So what somebody else holds never changes, and a round that fails is forgotten by not being taken.
"""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any, Self

from chatproof.clients.answers import Reply
from chatproof.clients.files import versioned
from chatproof.clients.messages import Content, assistant, checked, most_recent, system, user
from chatproof.clients.tools import Tools
from chatschema import JsonObject

__all__ = ["Conversation"]

_FORMAT = "chatproof.conversation/1"


@dataclass(frozen=True, slots=True)
class Conversation:
    """The messages, oldest first, the system prompt among them; `model_used` is empty before the first reply."""

    messages: tuple[JsonObject, ...] = ()
    model_used: str = ""

    def system(self, text: str) -> Self:
        """With a system prompt; an empty text adds none."""
        return self.add(*system(text))

    def user(self, content: Content) -> Self:
        """With what a user said: a text, or parts with images."""
        return self.add(user(content))

    def assistant(self, text: str) -> Self:
        """With a reply."""
        return self.add(assistant(text))

    def add(self, *messages: Mapping[str, Any]) -> Self:
        """With further messages; they are copied."""
        return replace(self, messages=(*self.messages, *(dict(deepcopy(one)) for one in messages)))

    def with_response(self, reply: Reply, tools: Tools | None = None) -> Self:
        """With a reply and who gave it; with tools, its calls are kept and answered by them.

        Raises:
            AnswerError: there are no tools, and the reply has no text.
        """
        new = [reply.message, *tools.results(reply.calls)] if tools else [reply.said]
        return replace(self.add(*new), model_used=reply.model)

    def request(self, limit: int | None = None) -> list[JsonObject]:
        """What is sent: the system prompt, at most `limit` messages of history, and what was said since."""
        head = self._head
        last = self._last_said
        return [*self.messages[:head], *most_recent(self.messages[head:last], limit), *self.messages[last:]]

    def before_last(self) -> tuple[Self, JsonObject]:
        """The conversation before the last round, and what the user said in it.

        Raises:
            LookupError: nobody said anything.
        """
        last = self._last_said
        if last == len(self.messages):
            raise LookupError("nothing was said yet")
        return replace(self, messages=self.messages[:last]), self.messages[last]

    def cleared(self) -> Self:
        """With the system prompt alone."""
        return replace(self, messages=self.messages[: self._head])

    def to_json(self) -> str:
        """As JSON text, with a version."""
        told = {"format": _FORMAT, "model_used": self.model_used, "messages": self.messages}
        return json.dumps(told, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The conversation of a JSON text.

        Raises:
            ValueError: it is none of this version; the text says why.
        """
        value = versioned(text, _FORMAT, "model_used", "messages")
        model_used = value["model_used"]
        if not isinstance(model_used, str):
            raise ValueError("model_used is no text")  # noqa: TRY004  it came from a file
        return cls(tuple(checked(value["messages"])), model_used)

    @property
    def _head(self) -> int:
        roles = [message["role"] for message in self.messages]
        return next((at for at, role in enumerate(roles) if role not in ("system", "developer")), len(roles))

    @property
    def _last_said(self) -> int:
        """Where the last user's message is; behind the end where there is none."""
        turns = [at for at, message in enumerate(self.messages) if message["role"] == "user"]
        return turns[-1] if turns else len(self.messages)
