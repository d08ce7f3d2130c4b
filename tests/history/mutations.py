"""Ways in which one request can go wrong, each with the difference that it is."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chatproof.history.model.deviation import Cause, Difference
from chatproof.history.model.seen import Exchange, Play

Wire = dict[str, Any]
Change = Callable[[list[Wire]], list[Wire]]


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """What is done to the messages of a request, and what it is then called. It finds its message by its identity,
    so that it can be done to the requests after it in the same way.
    """

    name: str
    change: Change
    kind: Difference
    causes: tuple[Cause, ...]


def cause_of(wires: Sequence[Wire], at: int) -> Cause:
    """What a message of a right request is."""
    wire = wires[at]
    if wire["role"] == "system":
        return Cause.SYSTEM
    if wire["role"] == "tool":
        return Cause.RESULT
    if wire.get("tool_calls"):
        return Cause.CALL
    newest = max(number for number, one in enumerate(wires) if one["role"] == "user")
    return Cause.NEW if at == newest else Cause.KEPT


def mutations(wires: Sequence[Wire], foreign: Sequence[tuple[Wire, Cause]]) -> Iterator[Mutation]:
    """All single mutations of a request. `foreign` are messages that are not to be in it."""
    for at, wire in enumerate(wires):
        cause = cause_of(wires, at)
        yield Mutation(name=f"without {at}", change=_removed(wire), kind=Difference.MISSING, causes=(cause,))
        yield Mutation(name=f"{at} twice", change=_after(wire, wire), kind=Difference.TWICE, causes=(cause,))
        if cause is not Cause.RESULT:
            for name, alter in _TEXTS.items():
                text = wire["content"]
                if text and alter(text) != text:
                    yield _altered(f"{name} {at}", wire, {**wire, "content": alter(text)}, cause)
        for role in ("user", "assistant", "system", "tool"):
            if role != wire["role"]:
                yield _altered(f"role {role} {at}", wire, {**wire, "role": role}, cause)
        if cause is Cause.CALL:
            for name, alter in _ARGUMENTS.items():
                calls = [
                    {
                        **call,
                        "function": {**call["function"], "arguments": alter(call["function"]["arguments"])},
                    }
                    for call in wire["tool_calls"]
                ]
                yield _altered(f"{name} {at}", wire, {**wire, "tool_calls": calls}, cause)
        elif cause is not Cause.RESULT:
            odd = {**wire, "content": None}
            yield replace(_altered(f"null {at}", wire, odd, cause), kind=Difference.MALFORMED)
        for other in range(at):
            yield Mutation(
                name=f"{other} and {at} change places",
                change=_swapped(wires[other], wire),
                kind=Difference.MOVED,
                causes=tuple(cause_of(wires, one) for one in range(other, at + 1)),
            )
    extra = [*foreign, *((one, Cause.NEVER_SAID) for one in _PLACEHOLDERS)]
    for at, wire in enumerate(wires[:-1]):
        for one, cause in extra:
            yield Mutation(
                name=f"{cause} after {at}: {one}",
                change=_after(wire, one),
                kind=Difference.EXTRA,
                causes=(cause,),
            )


_TEXTS: dict[str, Callable[[str], str]] = {
    "trimmed": str.strip,
    "upper": str.upper,
    "cut in half": lambda text: text[: len(text) // 2],
    "cut at its end": lambda text: text[:-1],
    "emptied": lambda _: "",
    "longer": lambda text: f"{text}.",
    "prefixed": lambda text: f"Today is Monday. {text}",
    "one letter": lambda text: f"{text[:3]}#{text[4:]}",
    "repr": repr,
    "null": lambda _: "None",
}

_ARGUMENTS: dict[str, Callable[[str], Any]] = {
    "serialised": lambda text: json.dumps(json.loads(text), separators=(",", ":")),
    "an object": json.loads,
    "no arguments": lambda _: "",
}

_PLACEHOLDERS: tuple[Wire, ...] = (
    {"role": "assistant", "content": "None"},
    {"role": "assistant", "content": ""},
    {"role": "user", "content": "[empty string]"},
    {"role": "system", "content": "Please return text."},
)


def _altered(name: str, wire: Wire, other: Wire, cause: Cause) -> Mutation:
    return Mutation(
        name=name,
        change=lambda wires: [other if one == wire else one for one in wires],
        kind=Difference.ALTERED,
        causes=(cause,),
    )


def _removed(wire: Wire) -> Change:
    return lambda wires: [one for one in wires if one != wire]


def _after(wire: Wire, new: Wire) -> Change:
    return lambda wires: [one for old in wires for one in ([old, new] if old == wire else [old])]


def _swapped(first: Wire, second: Wire) -> Change:
    def change(wires: list[Wire]) -> list[Wire]:
        if first not in wires or second not in wires:
            return wires
        exchanged = {wires.index(first): second, wires.index(second): first}
        return [exchanged.get(at, one) for at, one in enumerate(wires)]

    return change


def wires_of(exchange: Exchange) -> list[Wire]:
    """The messages of a chat request."""
    messages: list[Wire] = json.loads(exchange.body)["messages"]
    return messages


def mutated(play: Play, number: int, change: Change, *, lasting: bool) -> Play:
    """The play with one request changed, or with `lasting` all from that one on."""

    def body(exchange: Exchange) -> bytes:
        if exchange.number != number and not (lasting and exchange.number > number):
            return exchange.body
        return json.dumps({**json.loads(exchange.body), "messages": change(wires_of(exchange))}).encode()

    steps = tuple(
        replace(step, exchanges=tuple(replace(one, body=body(one)) for one in step.exchanges))
        for step in play.steps
    )
    return replace(play, steps=steps)
