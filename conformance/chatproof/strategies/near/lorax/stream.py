"""Near misses of LoRAX's native streams."""

import json
from collections.abc import Mapping
from typing import Any

from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.near_miss import catalogue, events, put
from chatproof.strategies.near.rows import Base, Change, rows
from chatproof.strategies.valid.lorax.generate import plain_generate_streams
from chatschema import JsonObject, JsonValue

__all__ = ["NEAR_LORAX_STREAM", "STREAM_ERROR", "sent_events"]

#: What the router says when the model stops without an end.
STREAM_ERROR: JsonObject = {"error": "Incomplete generation", "error_type": "incomplete_generation"}

_WORDS: Mapping[str, JsonValue] = {
    "DONE": "[DONE]",
    "ERROR": STREAM_ERROR,
    "NESTED": {"error": {"message": "no", "type": "validation"}, "error_type": "x"},
    "UNTYPED": {"error": "Model is overloaded"},
    "CUT": '{"token": {"id": 1',
    "NAN": '{"token": {"logprob": NaN}}',
}


def sent_events(streams: SearchStrategy[list[Any]], words: Mapping[str, JsonValue]) -> Base:
    """Streams for rows, which have a name for the last event, `end`."""
    return Base(
        values=streams,
        sent=events,
        number=lambda stream, name: ["end"].index(name) + len(stream) - 1,
        words=words,
    )


def _never_said(stream: list[JsonObject]) -> list[JsonObject]:
    return [*stream[:-1], {**stream[-1], "generated_text": None, "details": None}]


def _another_text(stream: list[JsonObject]) -> list[JsonObject]:
    """The tokens say nothing that looks like a mark, of which one cannot be sure that it is text."""
    said = [put(put(event, "token", "text", by="a"), "token", "special", by=False) for event in stream]
    said[-1] = put({**said[-1], "generated_text": "b"}, "details", "finish_reason", by="length")
    return said


_CHANGES: dict[str, Change] = {
    "comment": lambda _stream: b": hi\n\n",
    "never-said": _never_said,
    "details-early": lambda stream: put(stream, 0, "details", by=stream[-1]["details"]),
    "another-text": _another_text,
    "off-by-one": lambda stream: put(stream, -1, "details", "generated_tokens", by=len(stream) + 1),
    "first-in-a-list": lambda stream: [json.dumps([stream[0]]), *stream],
    "named": lambda stream: b"event: token\n" + events(stream),
    "open": lambda stream: events(stream).removesuffix(b"\n"),
}

NEAR_LORAX_STREAM = catalogue(*rows(__file__, _CHANGES, stream=sent_events(plain_generate_streams(), _WORDS)))
