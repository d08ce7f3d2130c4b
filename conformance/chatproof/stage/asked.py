"""A request of a client as the fake is asked it: nothing in it chooses, cuts or refuses the answer."""

import json
from collections.abc import Mapping
from typing import Any

from chatfake.core.http import Request
from chatfake.core.json_text import JsonError, parse

__all__ = ["ROUTES", "asked"]

ROUTES: Mapping[str, str] = {
    "/chat/completions": "chat",
    "/responses": "responses",
    "/completions": "completions",
}
"""Paths without `/v1`, and what the routes are called."""

_CUTTING = ("stop", "max_tokens", "max_completion_tokens", "max_output_tokens", "parallel_tool_calls", "echo")
"""What would make the answer another one than the plan's."""

_MOST_CHOICES = 8

_PLENTY = 1_000_000
"""Tokens; the completions route takes a few where nobody says how many."""


def asked(path: str, body: bytes) -> tuple[Request, bool]:
    """What the fake is asked: the client's request, or where it is none, some request to the same route.

    And whether it answers that with a stream.
    """
    members = _members(body)
    if members is None:
        sound: dict[str, Any] = {"messages": [{"role": "user", "content": "?"}], "input": "?", "prompt": "?"}
        members = {"model": "tiny", **sound}
        body = b""
    unwanted = [name for name in _CUTTING if name in members]
    if not (isinstance(choices := members.get("n", 1), int) and 0 < choices <= _MOST_CHOICES):
        unwanted.append("n")
    if path == "/completions":
        members["max_tokens"] = _PLENTY
        unwanted = [name for name in unwanted if name != "max_tokens"]
    if unwanted or path == "/completions" or not body:
        for name in unwanted:
            members.pop(name, None)
        body = json.dumps(members).encode()
    headers = (("content-type", "application/json"),)
    return Request(method="POST", path=f"/v1{path}", headers=headers, body=body), members.get(
        "stream"
    ) is True


def _members(body: bytes) -> dict[str, Any] | None:
    try:
        value = parse(body)
    except JsonError:
        return None
    return value if isinstance(value, dict) else None
