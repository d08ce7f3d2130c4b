"""A client whose requests the page is to show."""

import contextlib
from typing import Any

import httpx

from chatfake import Handle, LiveServer


class Client:
    """Sends what a client would, under a handle's key."""

    def __init__(self, server: LiveServer, handle: Handle) -> None:
        self.handle = handle
        self._http = httpx.Client(
            base_url=server.base_url, headers={"authorization": f"Bearer {handle.key}"}, timeout=20
        )

    def ask(self, *messages: dict[str, Any], headers: dict[str, str] | None = None, **members: Any) -> None:
        """An answer that breaks off is part of the story."""
        self.post("/chat/completions", {"model": "tiny", "messages": list(messages), **members}, headers)

    def post(self, path: str, body: Any, headers: dict[str, str] | None = None) -> None:
        """To any route."""
        with contextlib.suppress(httpx.HTTPError):
            self._http.post(path, json=body, headers=headers or {})

    def leave(self, *messages: dict[str, Any], lines: int, **members: Any) -> None:
        """Reads so many lines of a stream and goes."""
        body = {"model": "tiny", "messages": list(messages), "stream": True, **members}
        with self._http.stream("POST", "/chat/completions", json=body) as answer:
            for place, _ in enumerate(answer.iter_lines(), start=1):
                if place == lines:
                    break
        assert self.handle.verdict().under_way == ()

    def close(self) -> None:
        self._http.close()
