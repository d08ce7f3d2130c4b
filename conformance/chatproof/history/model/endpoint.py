"""Where a client sends its requests, and what it gets to be set up with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chatproof.gate import Gate
from chatproof.history.model.policy import Policy

__all__ = [
    "CannotBuildError",
    "ClientFactory",
    "Endpoint",
    "EndpointLostError",
    "break_down",
    "look_up",
    "told",
]

_ERROR_SHOWN = 500
"""Characters of an exception's text: some carry a whole response."""


class CannotBuildError(Exception):
    """There is no client to judge; the text says why."""


class EndpointLostError(Exception):
    """The endpoint behind a stage does not answer any more, or not in time: nothing of it is the client's doing."""


def told(error: BaseException) -> str:
    """An exception's type and text."""
    try:
        words = str(error)
    except BaseException as another:  # noqa: BLE001  the client's own text, and its own fault
        words = f"(its text cannot be had: __str__ raised {type(another).__name__})"
    text = Gate().line(f"{type(error).__name__}: {words}" if words else type(error).__name__)
    return text if len(text) <= _ERROR_SHOWN else f"{text[:_ERROR_SHOWN]}…"


def look_up(query: str) -> str:
    """A tool that gives what it was asked for."""
    return f"found {query}"


def break_down(query: str) -> str:
    """A tool that raises."""
    raise RuntimeError(f"nothing works for {query}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a client is to send its requests, and what it is held to there.

    `base_url` ends in `/v1`. `system_prompt` is the one that the client must use, empty for none; a client
    with a prompt of its own is run with that one (`--system-prompt`). `policy` repeats what was declared,
    for clients whose window can be set: the suite itself sets nothing in a client. `home` is a folder for what the
    client stores. `tools` are functions of one text for clients that run tools; one of them raises.
    """

    base_url: str
    api_key: str = field(repr=False)
    model: str
    system_prompt: str
    policy: Policy
    home: Path = Path()
    tools: Mapping[str, Callable[[str], str]] = field(
        default_factory=lambda: {"look_up": look_up, "break_down": break_down}
    )


ClientFactory = Callable[[Endpoint], Any]
"""Builds a client with an empty conversation, or with what lies in `home`.

The client has a method `say(text)`; `again`, `cancel`, `restart`, `clear`, `fork`, `conversation`, `window`, `stream`,
`from_messages` and `close` are used where they are there.
"""
