"""Chunks: a completion cut into the deltas that say it, in the ways that servers cut."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, product, zip_longest
from typing import TypeAlias, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.valid.cutting import ORDERS, USAGES, chunked
from chatproof.strategies.valid.members import among
from chatschema import JsonObject, JsonValue

__all__ = ["Manner", "assembled", "chunks_of", "stream_of"]

T = TypeVar("T", str, list[JsonValue])
#: The members of a chunk's choice beside its index.
_Part: TypeAlias = JsonObject

#: Members of the answer that every chunk repeats.
_EXTRAS: tuple[str, ...] = ("service_tier", "system_fingerprint")
_MANY = 16

#: What a delta brings as text, in the order in which servers say it.
_TEXTS = ("reasoning", "reasoning_content", "refusal", "content")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a server cuts."""

    sizes: tuple[int, ...] = (4,)  #: lengths of the pieces, over and over; 0 is an empty delta
    opening: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])  #: beside the first role
    role: str = "once"  #: or again, in every delta, as OpenRouter does
    last: str = "alone"  #: the finish_reason comes alone, or with the last piece
    order: str = ORDERS[0]
    usage: str = USAGES[0]
    padding: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])  #: members of every chunk


_LONG = ((1000,), (9, 0, 9))
_SIZES = ((4,), (1,), (2, 0, 5), *_LONG)
_OPENINGS: tuple[JsonObject, ...] = ({"content": ""}, {"content": None}, {}, {"content": "", "refusal": None})
_PADDINGS: tuple[JsonObject, ...] = ({}, {"obfuscation": "aB3"}, {"provider": "Somebody", "p": "abcd"})

_MANNERS: tuple[Manner, ...] = tuple(
    Manner(sizes=sizes, opening=opening, role=role, last=last, order=order, usage=usage, padding=padding)
    for sizes, opening, role, last, order, usage, padding in product(
        _SIZES,
        _OPENINGS,
        ("once", "again"),
        ("alone", "with the last piece"),
        ORDERS,
        USAGES,
        _PADDINGS,
    )
)
#: All manners of cutting.
MANNERS: SearchStrategy[Manner] = among(_MANNERS)
#: Those that make few chunks.
SHORT: tuple[Manner, ...] = tuple(manner for manner in _MANNERS if manner.sizes in _LONG)


def stream_of(completion: JsonObject) -> SearchStrategy[list[JsonObject]]:
    """The chunks that say `completion`, a valid one, without the `[DONE]` after them.

    Cut into pieces of any length, choices interleaved or not, usage alone or beside the last choice. A `ChatStream`
    puts them together to `assembled(completion)`.
    """
    return st.builds(partial(chunks_of, completion), MANNERS)


def assembled(completion: JsonObject) -> JsonObject:
    """What the chunks of `completion` add up to: members that no delta carries are gone, and null stands for what
    was left out. Where there is a call or a refusal, an empty text and none are the same.
    """
    body = {name: completion[name] for name in ("id", "object", "created", "model")}
    extras = {name: completion[name] for name in _EXTRAS if name in completion}
    usage = completion.get("usage")
    choices: list[JsonValue] = [*(_whole(choice) for choice in _choices(completion))]
    cost: JsonObject = {"usage": usage} if isinstance(usage, dict) else {}
    return {**body, "choices": choices, **extras, **cost}


def chunks_of(completion: JsonObject, manner: Manner) -> list[JsonObject]:
    """The chunks that say `completion`, a valid one, in one manner."""
    head = {name: completion[name] for name in ("id", "created", "model")}
    extras = {name: completion[name] for name in _EXTRAS if name in completion}
    base: JsonObject = {**head, "object": "chat.completion.chunk", **extras, **manner.padding}
    parts = (_parts(choice, manner) for choice in _choices(completion))
    return chunked(base, parts, completion.get("usage"), order=manner.order, place=manner.usage)


def _parts(choice: JsonObject, manner: Manner) -> Iterator[_Part]:
    message = _object(choice, "message")
    opening: _Part = {"delta": _opening(message, manner)}
    deltas: list[_Part] = [opening, *_said(choice, message, manner)]
    if manner.last == "alone":
        deltas.append({"delta": {}})
    for number, part in enumerate(deltas):
        last = number == len(deltas) - 1
        delta = _object(part, "delta")
        role: JsonObject = {"role": "assistant"} if manner.role == "again" and delta else {}
        yield {
            "index": choice["index"],
            "logprobs": None,
            **part,
            "delta": {**role, **delta},
            "finish_reason": choice["finish_reason"] if last else None,
        }


def _opening(message: JsonObject, manner: Manner) -> JsonObject:
    opening: JsonObject = {"role": "assistant", **manner.opening}
    # an empty text is a text where nothing else is said: it must not be made up
    if opening.get("content") == "" and message.get("content") is None and not _instead(message):
        opening["content"] = None
    return opening


def _said(choice: JsonObject, message: JsonObject, manner: Manner) -> Iterator[_Part]:
    spelling = choice.get("logprobs")
    tokens = spelling if isinstance(spelling, dict) else {}
    for name in _TEXTS:
        text, spelled = message.get(name), tokens.get(name)
        if isinstance(text, str):
            groups = _cut(spelled, manner.sizes) if isinstance(spelled, list) else []
            for piece, group in zip_longest(_cut(text, manner.sizes), groups):
                scores = None if group is None else {"content": None, name: group}
                yield {"delta": {name: piece or ""}, "logprobs": scores}
    for delta in chain(_call_deltas(message, manner), _other_deltas(message, manner)):
        yield {"delta": delta}


def _call_deltas(message: JsonObject, manner: Manner) -> Iterator[JsonObject]:
    calls = message.get("tool_calls")
    for index, call in enumerate(calls if isinstance(calls, list) else ()):
        if not isinstance(call, dict):
            continue
        form, member = ("custom", "input") if call["type"] == "custom" else ("function", "arguments")
        inner = _object(call, form)
        first: JsonObject = {"index": index, "id": call["id"], "type": form}
        yield {"tool_calls": [{**first, form: {"name": inner["name"], member: ""}}]}
        for piece in _cut(str(inner[member]), manner.sizes):
            yield {"tool_calls": [{"index": index, form: {member: piece}}]}


def _other_deltas(message: JsonObject, manner: Manner) -> Iterator[JsonObject]:
    called, audio = message.get("function_call"), message.get("audio")
    if isinstance(called, dict):
        yield {"function_call": {"name": called["name"], "arguments": ""}}
        for piece in _cut(str(called["arguments"]), manner.sizes):
            yield {"function_call": {"arguments": piece}}
    if isinstance(audio, dict):
        pieces = {name: item for name, item in audio.items() if name in ("data", "transcript")}
        yield {"audio": {name: item for name, item in audio.items() if name not in pieces}}
        for name, item in pieces.items():
            for piece in _cut(str(item), manner.sizes):
                yield {"audio": {name: piece}}


def _cut(whole: T, sizes: Sequence[int]) -> list[T]:
    """Pieces whose sum is `whole`, at least one. A longer text has longer ones: twenty tell what there is to tell."""
    pieces: list[T] = []
    start = number = 0
    longer = 1 + len(whole) // _MANY
    while start < len(whole) or not pieces:
        size = sizes[number % len(sizes)] * longer
        pieces.append(whole[start : start + size])
        start, number = start + size, number + 1
    return pieces


def _whole(choice: JsonObject) -> JsonObject:
    said = _object(choice, "message")
    texts = {name: said[name] for name in _TEXTS if isinstance(said.get(name), str)}
    message: JsonObject = {"role": "assistant", "content": None, "refusal": None, **texts}
    parts = {name: said[name] for name in ("tool_calls", "function_call", "audio") if said.get(name)}
    if message["content"] == "" and _instead(said):
        message["content"] = None
    scores = choice.get("logprobs")
    spelled = scores if isinstance(scores, dict) else {}
    tokens: JsonObject = {name: items for name, items in spelled.items() if isinstance(items, list)}
    return {
        "index": choice["index"],
        "message": {**message, **parts},
        "logprobs": {"content": None, **tokens} if tokens else None,
        "finish_reason": choice["finish_reason"],
    }


def _instead(message: JsonObject) -> bool:
    return any(message.get(name) for name in ("tool_calls", "function_call", "refusal"))


def _choices(completion: JsonObject) -> Iterator[JsonObject]:
    choices = completion["choices"]
    yield from (
        choice for choice in (choices if isinstance(choices, list) else ()) if isinstance(choice, dict)
    )


def _object(holder: JsonObject, name: str) -> JsonObject:
    found = holder.get(name)
    return found if isinstance(found, dict) else {}
