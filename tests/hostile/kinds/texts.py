"""Where an endpoint can put a text of its own: rows for keys and for what a terminal obeys are made of these."""

import json
from collections.abc import Callable

from tests.hostile.kind import Mischief
from tests.hostile.peer import EVENTS, Peer

__all__ = ["DOORS", "PLACES", "Text"]

Text = Callable[[str], str]
"""A text, made with the key that came."""


def _refusal(text: Text) -> Mischief:
    async def does(peer: Peer) -> None:
        told = text(peer.key)
        error = {"message": told, "type": told, "param": told, "code": told}
        await peer.json({"error": error}, status="400 Bad Request")

    return does


def _models(text: Text) -> Mischief:
    """In the list of models; what is asked of them is refused."""

    async def does(peer: Peer) -> None:
        told = text(peer.key)
        if not peer.is_list:
            await peer.json({"error": {"message": f"no model {told}", "code": None}}, status="404 Not Found")
            return
        listed = [{"id": f"{told}{n}", "object": "model", "created": 1, "owned_by": told} for n in range(3)]
        await peer.json({"object": "list", "data": listed})

    return does


def _answer(text: Text) -> Mischief:
    """In every member of an answer or a stream that is nearly right."""

    async def does(peer: Peer) -> None:
        told = text(peer.key)
        if peer.is_list:
            await peer.usual()
            return
        if peer.asked.get("stream"):
            choice = {"index": 0, "delta": {"role": told, "content": told, told: 1}, "finish_reason": told}
            event = {"id": told, "object": told, "model": told, "choices": [choice]}
            named = told.replace("\n", " ").replace("\r", " ")
            await peer.body(f"event: {named}\ndata: {json.dumps(event)}\n\ndata: {named}\n\n", kind=EVENTS)
            return
        call = {"id": told, "type": told, "function": {"name": told, "arguments": told}}
        message = {"role": told, "content": told, "tool_calls": [call], told: told}
        choice = {"index": 0, "message": message, "finish_reason": told}
        await peer.json({"id": told, "object": told, "model": told, "choices": [choice], told: told})

    return does


def _page(text: Text) -> Mischief:
    async def does(peer: Peer) -> None:
        await peer.body(f"<html>{text(peer.key) * 3}</html>", kind="text/html")

    return does


def _header(text: Text) -> Mischief:
    """As the content type, and in a header of the endpoint's own."""

    async def does(peer: Peer) -> None:
        told = text(peer.key).replace("\n", "\r")
        await peer.body("{}", f"x-told: {told}", kind=f"text/{told}")

    return does


def _reason(text: Text) -> Mischief:
    """Behind the status."""

    async def does(peer: Peer) -> None:
        await peer.body("{}", status=f"400 {text(peer.key)}".replace("\n", "\r"))

    return does


def _redirect(text: Text) -> Mischief:
    async def does(peer: Peer) -> None:
        told = text(peer.key).replace("\n", "%0A")
        await peer.body("", f"location: /{told}?key={told}#{told}", status="302 Found")

    return does


PLACES: dict[str, Callable[[Text], Mischief]] = {
    "an error": _refusal,
    "a model's id": _models,
    "an answer": _answer,
    "a page": _page,
    "a header": _header,
    "a status": _reason,
    "a redirect": _redirect,
}

DOORS = {"an answer": 1}
"""Exit codes at the door: who lists models well is judged."""
