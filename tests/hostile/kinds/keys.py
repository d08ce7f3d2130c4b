"""Endpoints that give back the key which they were sent."""

import base64
import html
import json
import re
from collections.abc import Iterator
from urllib.parse import quote

from tests.hostile.kind import Kind, Mischief
from tests.hostile.kinds.texts import DOORS, PLACES, Text
from tests.hostile.peer import EVENTS, Peer

__all__ = ["KEYS"]


def _base64(lead: str) -> Text:
    return lambda key: base64.b64encode(f"{lead}{key}".encode()).decode()


_HIDINGS: dict[str, Text] = {
    "among letters": lambda key: f"x{key}7",
    "in base64": _base64("Bearer "),
    "in base64, one on": _base64("user:pass:"),
    "in base64, two on": _base64("user:passw:"),
    "with per cent": lambda key: quote(key, safe=""),
    "all in per cents": lambda key: "".join(f"%{byte:02x}" for byte in key.encode()),
    "in hexadecimals": lambda key: key.encode().hex(),
    "in capitals": str.upper,
    "in JSON in JSON": lambda key: json.dumps(json.dumps({"key": key})),
    "cut by an excerpt": lambda key: "b" * 185 + key,
    "cut by the endpoint": lambda key: f"Incorrect API key: {key[:12]}...{key[-4:]}",
    "its middle": lambda key: f"<{key[4:-4]}>",
}


_ESCAPES: dict[str, Text] = {
    "with escapes": lambda key: "".join(f"\\u{ord(c):04x}" for c in key),
    "as Go and .NET write it": lambda key: re.sub("[&<>+]", lambda c: f"\\u{ord(c[0]):04X}", key),
    "as PHP writes it": lambda key: key.replace("/", r"\/"),
    "as a page has it": html.escape,
}


def _written(hide: Text) -> Mischief:
    """In an error whose JSON nobody escapes again."""

    async def does(peer: Peer) -> None:
        told = f'{{"error": {{"message": "Incorrect API key: {hide(peer.key)}", "code": null}}}}'
        await peer.body(told, status="400 Bad Request")

    return does


def _stream(*pieces: str) -> Iterator[str]:
    """Events of a stream that is right but for its end."""
    for piece in pieces:
        choice = {"index": 0, "delta": {"content": piece}, "finish_reason": None}
        chunk = {
            "id": "c",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "tiny",
            "choices": [choice],
        }
        yield f"data: {json.dumps(chunk)}\n\n"


def _streamed(*, backwards: bool = False, size: int = 0) -> Mischief:
    """Pieces of so many characters of the key, or two halves."""

    async def does(peer: Peer) -> None:
        key, length = peer.key, size or -(-len(peer.key) // 2)
        pieces = [key[n : n + length] for n in range(0, len(key), length)]
        if peer.is_list:
            await peer.usual()
        elif peer.asked.get("stream"):
            await peer.body("".join(_stream(*(pieces[::-1] if backwards else pieces))), kind=EVENTS)
        else:
            await peer.body(" ".join(_stream(*pieces)))

    return does


KEYS = (
    *(
        Kind(
            name=f"key in {place}", what="the key that it was sent", does=make(str), door=DOORS.get(place, 2)
        )
        for place, make in PLACES.items()
    ),
    *(
        Kind(name=f"key {hiding}", what="an error that quotes it so", does=PLACES["an error"](hide))
        for hiding, hide in _HIDINGS.items()
    ),
    *(
        Kind(name=f"key {hiding}", what="an error that quotes it so", does=_written(hide))
        for hiding, hide in _ESCAPES.items()
    ),
    Kind(
        name="key in a type, cut",
        what="behind 150 letters",
        does=PLACES["a header"](lambda key: "b" * 150 + key),
    ),
    Kind(name="key in two chunks", what="a half in each", does=_streamed(), door=1),
    Kind(
        name="key in two chunks, backwards",
        what="the second half first",
        does=_streamed(backwards=True),
        door=1,
    ),
    Kind(name="key in tokens", what="three letters in a chunk", does=_streamed(size=3), door=1),
)
