"""The two things that a history client is to the suite: something that can be built, and something that says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from chatproof.gate import Gate
from chatproof.history.model.policy import Policy

__all__ = ["CannotBuildError", "ClientFactory", "Endpoint", "HistoryClient", "told"]

_ERROR_SHOWN = 500
"""Characters of an exception's text: some carry a whole response."""


class CannotBuildError(Exception):
    """There is no client to judge; the text says why."""


def told(error: BaseException) -> str:
    """An exception's type and text."""
    try:
        words = str(error)
    except BaseException as another:  # noqa: BLE001  the client's own text, and its own fault
        words = f"(its text cannot be had: __str__ raised {type(another).__name__})"
    text = Gate().line(f"{type(error).__name__}: {words}" if words else type(error).__name__)
    return text if len(text) <= _ERROR_SHOWN else f"{text[:_ERROR_SHOWN]}…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a client is to send its requests, and what it is held to there.

    `base_url` ends in `/v1`. `system_prompt` is the one that the client must use, empty for none; a client
    with a prompt of its own is run with that one (`--system-prompt`). `policy` repeats what was declared,
    for clients whose window can be set: the suite itself sets nothing in a client.
    """

    base_url: str
    api_key: str = field(repr=False)
    model: str
    system_prompt: str
    policy: Policy


class HistoryClient(Protocol):
    """One conversation of a client under test. A method `close()`, where there is one, ends it."""

    def say(self, text: str) -> str | None:
        """Say something in the conversation, and give the reply back.

        A round that fails may raise any Exception or return None. One conversation lives in one thread.
        """
        ...


ClientFactory = Callable[[Endpoint], HistoryClient]
"""Builds a client with an empty conversation. It is called once for each conversation."""
