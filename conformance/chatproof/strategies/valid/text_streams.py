"""Streams of completions: a completion cut into chunks, and the bytes that travel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from typing import cast

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.valid.cutting import ORDERS, USAGES, chunked
from chatproof.strategies.valid.members import among
from chatproof.strategies.valid.sse import FRAMINGS, Framing, framed_by
from chatproof.strategies.valid.text import text_completions
from chatschema import JsonObject, JsonValue

__all__ = [
    "TextManner",
    "text_assembled",
    "text_chunks",
    "text_chunks_of",
    "text_sse",
    "text_stream_of",
    "text_streams",
]

_MANY = 16
_LISTS = ("tokens", "token_logprobs", "top_logprobs", "text_offset")
_HEAD = ("id", "object", "created", "model")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextManner:
    """How a server cuts."""

    size: int = 4  #: characters of a piece
    last: str = (
        "alone"  #: the finish_reason comes alone, with the last piece, or twice (OpenAI: 2 of 20 streams)
    )
    order: str = ORDERS[0]
    usage: str = USAGES[0]
    padding: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])  #: members of every chunk


_PADDINGS: tuple[JsonObject, ...] = ({}, {"obfuscation": "aB3"}, {"system_fingerprint": "fp_1", "p": "abcd"})
#: All manners of cutting.
MANNERS: SearchStrategy[TextManner] = among(
    [
        TextManner(size=size, last=last, order=order, usage=usage, padding=padding)
        for padding, size, last, order, usage in product(
            _PADDINGS,
            (4, 1, 1000),
            ("alone", "with the last piece", "twice"),
            ORDERS,
            USAGES,
        )
    ]
)


def text_stream_of(completion: JsonObject) -> SearchStrategy[list[JsonObject]]:
    """The chunks that say `completion`, a valid one, without the `[DONE]` after them.

    Cut into pieces of any length, choices interleaved or not, usage alone or beside the last choice. A
    `CompletionStream` puts them together to `text_assembled(completion)`.
    """
    return MANNERS.map(partial(text_chunks_of, completion))


def text_streams() -> SearchStrategy[list[JsonObject]]:
    """The chunks of any streamed completion, in order, without the `[DONE]` after them; at least one."""
    return st.builds(text_chunks_of, text_completions(), MANNERS)


def text_sse() -> SearchStrategy[bytes]:
    """The bytes of any streamed completion, with its `[DONE]`, in any framing that is legal."""

    def sent(framing: Framing, completion: JsonObject, manner: TextManner) -> bytes:
        return framed_by(framing, [*text_chunks_of(completion, manner), "[DONE]"])

    return st.builds(sent, FRAMINGS, text_completions(), MANNERS)


def text_chunks() -> SearchStrategy[JsonObject]:
    """One chunk, any of those of a stream: a piece of text, the end, the usage alone.

    `{"id": "cmpl-0", "object": "text_completion", "created": 1700000000, "model": "gpt-3.5-turbo-instruct",
    "choices": [{"text": "Hi", "index": 0, "logprobs": null, "finish_reason": null}]}`
    """

    def one(stream: list[JsonObject], number: int) -> JsonObject:
        return stream[number % len(stream)]

    return st.builds(one, text_streams(), st.integers(0, 99))


def text_assembled(completion: JsonObject) -> JsonObject:
    """What the chunks of `completion` add up to: members that no chunk carries are gone, null stands for absent."""
    choices: list[JsonValue] = []
    for choice in _choices(completion):
        scores = choice.get("logprobs")
        lists: JsonObject = {
            name: scores[name]
            for name in _LISTS
            if isinstance(scores, dict) and isinstance(scores.get(name), list)
        }
        said = {name: choice[name] for name in ("text", "index", "finish_reason")}
        choices.append({**said, "logprobs": lists or None})
    usage = completion.get("usage")
    whole: JsonObject = {**{name: completion[name] for name in _HEAD}, "choices": choices}
    return {**whole, "usage": usage} if isinstance(usage, dict) else whole


def text_chunks_of(completion: JsonObject, manner: TextManner) -> list[JsonObject]:
    """The chunks that say `completion`, a valid one, in one manner."""
    base: JsonObject = {**{name: completion[name] for name in _HEAD}, **manner.padding}
    parts = (_parts(choice, manner) for choice in _choices(completion))
    return chunked(base, parts, completion.get("usage"), order=manner.order, place=manner.usage)


def _parts(choice: JsonObject, manner: TextManner) -> list[JsonValue]:
    """The members that a choice has in each of its chunks."""
    text, scores = str(choice["text"]), choice.get("logprobs")
    size = manner.size * (1 + len(text) // _MANY)
    edges = range(0, max(1, len(text)), size)
    said: list[JsonObject] = [
        {
            **choice,
            "text": text[edge : edge + size],
            "logprobs": _cut(scores, edge, size),
            "finish_reason": None,
        }
        for edge in edges
    ]
    if manner.last != "alone":
        said[-1]["finish_reason"] = choice["finish_reason"]
    if manner.last != "with the last piece":
        said.append({**choice, "text": "", "logprobs": None})
    return [*said]


def _cut(scores: JsonValue, start: int, size: int) -> JsonValue:
    if not isinstance(scores, dict):
        return None
    return {
        name: items[start : start + size] if isinstance(items, list) else items
        for name, items in scores.items()
    }


def _choices(completion: JsonObject) -> list[JsonObject]:
    return cast("list[JsonObject]", completion["choices"])
