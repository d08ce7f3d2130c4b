"""A fake endpoint without a socket, and what reached it."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx

from chatfake import Fake, Handle, Reply
from chatfake.generation.scenarios import Scenario
from chatfake.scripting.plan import Plan
from chatproof.clients import ChatModel

__all__ = ["There", "saying"]


@cache
def _fake() -> tuple[Fake, httpx.Client]:
    fake = Fake(lenient=True)
    return fake, httpx.Client(transport=fake.httpx_transport())


def _handle() -> Handle:
    return _fake()[0].handle()


@dataclass(frozen=True, kw_only=True)
class There:
    """One key of the fake."""

    handle: Handle = field(default_factory=_handle)

    def model(self, name: str = "tiny") -> ChatModel:
        """A model that asks it, in tasks too."""
        fake, http = _fake()
        return ChatModel(
            base_url=self.handle.base_url,
            api_key=self.handle.api_key,
            model=name,
            http=http,
            async_http=httpx.AsyncClient(transport=fake.httpx_transport()),
        )

    def answers(self, *answers: "str | Reply | Scenario | Plan") -> None:
        """The next answers: texts as they are said, or plans."""
        self.handle.clear()
        self.handle.script(*(saying(one) if isinstance(one, str) else one for one in answers))

    @property
    def sent(self) -> list[tuple[str, object]]:
        """Role and content of the messages of the last request."""
        return [(str(one["role"]), one.get("content")) for one in self.handle.messages]

    @property
    def models(self) -> list[str]:
        """Which model each request asked."""
        asked: list[Any] = [one.json for one in self.handle.requests]
        return [str(one["model"]) for one in asked]


def saying(text: str) -> Reply:
    """A reply of this text, whatever it is the name of."""
    return Reply(text=text)
