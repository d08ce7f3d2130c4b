"""Asking a stage as a client would: over a socket, JSON or a stream, on each route."""

import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from chatproof.history.model.words import words
from chatproof.stage import FakeStage

ROUTES = {
    "chat": ("/chat/completions", "messages"),
    "responses": ("/responses", "input"),
    "completions": ("/completions", "prompt"),
}


def said(side: str) -> str:
    """The words of one play."""
    return words(1, 1, side)


@contextmanager
def token_of(stage: FakeStage) -> Generator[str]:
    """A token for one test."""
    token = stage.begin(said)
    try:
        yield token
    finally:
        stage.end(token)


def request(route: str, text: str = "Hello", *, stream: bool = False, **more: Any) -> dict[str, Any]:
    """The body of a request to a route."""
    member = ROUTES[route][1]
    value: Any = text if member == "prompt" else [{"role": "user", "content": text}]
    return {"model": "tiny", member: value, **({"stream": True} if stream else {}), **more}


@dataclass(frozen=True, kw_only=True)
class Got:
    """What a client got: all bytes until the end or the loss."""

    status: int
    body: bytes
    broken: bool
    headers: httpx.Headers


def post(
    stage: FakeStage,
    token: str,
    route: str,
    *,
    stream: bool = False,
    text: str = "Hello",
    silence: float = 0.5,
) -> Got:
    """Ask once; an answer that never ends is left after so many seconds of silence."""
    url = stage.base_url(token) + ROUTES[route][0]
    read = bytearray()
    status, headers, broken = 0, httpx.Headers(), False
    timeout = httpx.Timeout(10, read=silence)
    try:
        with (
            httpx.Client(timeout=timeout, verify=False) as http,  # noqa: S501  there is no TLS
            http.stream("POST", url, json=request(route, text, stream=stream)) as response,
        ):
            status, headers = response.status_code, response.headers
            for piece in response.iter_raw():
                read += piece
    except httpx.HTTPError:
        broken = True
    return Got(status=status, body=bytes(read), broken=broken, headers=headers)


def chunks(body: bytes) -> Iterator[Any]:
    """The JSON of each event."""
    for line in body.splitlines():
        if line.startswith(b"data: {"):
            yield json.loads(line[6:])
