"""The case about images: what a message shows reaches the model, or is refused."""

import base64
import struct
import zlib
from collections.abc import Iterator

from chatproof.cases.answer import ChatAnswer, completion, shown
from chatproof.cases.endpoint import Endpoint, in_parts
from chatproof.cases.refusal import end_unless_broken, refusal
from chatproof.cases.registry import case
from chatproof.findings.finding import Finding, InconclusiveError, Level, UnsupportedError
from chatproof.probe import Exchange, Json

__all__: list[str] = []

_SIDE = 64
"""Pixels: vision models refuse images that are smaller than one of their patches (28 with Qwen-VL)."""


def _png() -> bytes:
    """A square, half of it red and half blue."""
    row = b"\0" + b"\xff\0\0" * (_SIDE // 2) + b"\0\0\xff" * (_SIDE // 2)
    head = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(row * _SIDE)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def _asked(endpoint: Endpoint, *more: Json) -> Exchange:
    return endpoint.shared(endpoint.brief([in_parts(*more)]))


@case(
    "chat.image",
    Level.MAY,
    breaks="The model answers about a picture that it has never seen.",
    reference="openai-openapi ChatCompletionRequestMessageContentPartImage: a URL or the data in base64; it costs"
    " prompt tokens",
)
def image(endpoint: Endpoint) -> Iterator[Finding]:
    """An image in a data URI raises prompt_tokens, or gets 4xx with an error object; never 5xx, never dropped."""
    url = f"data:image/png;base64,{base64.b64encode(_png()).decode()}"
    exchange = _asked(endpoint, {"type": "image_url", "image_url": {"url": url}})
    if 400 <= exchange.status < 500:
        yield from refusal(exchange, "messages")
        raise UnsupportedError(f"images are refused: {exchange.describe()}", exchange)
    text = _asked(endpoint)
    if text.status != 200:
        raise InconclusiveError("a text part alone gets no answer (see chat.json.parts)", text)
    if exchange.status != 200:
        yield from end_unless_broken(exchange, "images are refused")
        return
    seen = completion(exchange).required_prompt_tokens()
    alone = completion(text).required_prompt_tokens()
    if seen <= alone:
        yield ChatAnswer(exchange).finding(
            f"more than {alone}, the text's own", shown(seen), "$.usage.prompt_tokens", compared=text
        )
