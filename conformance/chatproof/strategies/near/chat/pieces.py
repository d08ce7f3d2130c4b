"""Near misses of streams whose pieces, joined, are not what was meant: what is said twice, and what says too much."""

import json
from collections.abc import Sequence

from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.chat.broken import Events, chunked
from chatproof.strategies.near.near_miss import catalogue, events, put
from chatproof.strategies.near.rows import Change, rows
from chatproof.strategies.valid.members import mapped, texts
from chatschema import JsonObject, JsonValue

__all__ = ["NEAR_PIECES"]


def _stream(deltas: Sequence[JsonObject], reason: str) -> Events:
    """The first delta has a role, and the last chunk a reason to end."""
    head: JsonObject = {
        "id": "chatcmpl-0",
        "object": "chat.completion.chunk",
        "created": 1_700_000_000,
        "model": "gpt-4o-2024-08-06",
    }
    ends: list[tuple[JsonObject, str | None]] = [*[(delta, None) for delta in deltas], ({}, reason)]
    chunks: list[JsonValue] = [
        {**head, "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": end}]}
        for delta, end in ends
    ]
    return [*chunks, "[DONE]"]


def _call(arguments: str) -> Events:
    """A call whose head stands in event 0, its arguments in event 1, and nothing more in event 2."""
    head: JsonObject = {"index": 0, "id": "call_0", "type": "function"}
    first: JsonObject = {**head, "function": {"name": "f", "arguments": ""}}
    deltas: list[JsonObject] = [
        {"tool_calls": [{"index": 0, "function": {"arguments": text}}]} for text in (arguments, "")
    ]
    return _stream([{"role": "assistant", "content": None, "tool_calls": [first]}, *deltas], "tool_calls")


def _content(*pieces: str) -> Events:
    """The pieces begin with event 1."""
    deltas: list[JsonObject] = [{"content": piece} for piece in pieces]
    return _stream([{"role": "assistant", "content": ""}, *deltas], "stop")


def _words(text: str) -> Events:
    return _content("The ", f"end {text}", "is near.")


def _pieces(stream: Events, *pieces: str) -> Events:
    """The stream with other pieces of text."""
    for number, piece in enumerate(pieces, 1):
        stream = put(stream, number, "choices", 0, "delta", "content", by=piece)
    return stream


def _halved(stream: Events) -> bytes:
    data = events(_pieces(stream, "HIGH", "LOW"))
    return data.replace(b"HIGH", b"\\ud83d").replace(b"LOW", b"\\ude00")


_OBJECTS: SearchStrategy[str] = mapped(texts(), lambda text: json.dumps({"text": text}))

_CHANGES: dict[str, Change] = {
    "cumulative": lambda stream: _pieces(stream, "The ", "The end", "The end is near."),
    "halved": _halved,
    "templated": lambda stream: _pieces(stream, "<tool_call>\n", '{"name": "f", ', '"arguments": {}}'),
    "said-again": lambda stream: put(stream, 2, by=stream[1]),
    "after-empty-object": mapped(_OBJECTS, lambda text: "{}" + text),
    "encoded": mapped(_OBJECTS, json.dumps),
    "cut": mapped(_OBJECTS, lambda text: text[:-1]),
}

NEAR_PIECES = catalogue(
    *rows(
        __file__,
        _CHANGES,
        words=chunked(mapped(texts(), _words)),
        call=chunked(mapped(_OBJECTS, _call)),
    )
)
