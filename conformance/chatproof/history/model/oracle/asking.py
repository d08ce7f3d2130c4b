"""Whose a request is: which ask it belongs to, or whether it is one beside the conversation.

A title, a summary or a memory that a client asks for carries nothing of what was just said, or carries it as part of a
larger text, or comes when the reply is there.
"""

from collections.abc import Sequence

from chatproof.history.model.message import Message
from chatproof.history.model.oracle.rounds import OpenRound, is_whole
from chatproof.history.model.seen import Exchange, Returned, Step
from chatproof.history.model.words import tags

__all__ = ["asker"]


def asker(rounds: Sequence[OpenRound], exchange: Exchange, step: Step, *, tools: bool) -> OpenRound | None:
    """The ask that a request is of, or None."""
    current = _mentioned(rounds, exchange)
    if current is None:
        return _whose_answer(rounds, exchange, step)
    last = current.last
    if last is None:
        others = [one for one in step.exchanges if one is not exchange and _is_exact(current, one)]
        return None if others and not _is_exact(current, exchange) else current
    if is_whole(last, tools=tools):
        return current if last.messages == exchange.messages else None
    alike = _is_exact(current, exchange) or not set(last.messages).isdisjoint(exchange.messages)
    return current if alike else None


def _mentioned(rounds: Sequence[OpenRound], exchange: Exchange) -> OpenRound | None:
    """The ask whose words come last in a request."""
    for message in reversed(exchange.messages):
        text = f"{message.text} {message.odd}"
        found = frozenset(tags(text.casefold()))
        for one in rounds:
            said = frozenset(tags(one.said.casefold()))
            if said & found or (not said and one.said and one.said in text):
                return one
    return None


def _is_exact(current: OpenRound, exchange: Exchange) -> bool:
    """Whether what was said is a message of the request, or its end."""
    return any(_ends(message, current.said) for message in exchange.messages)


def _ends(message: Message, said: str) -> bool:
    return message.role in ("user", "prompt") and message.text.rstrip().endswith(said.rstrip())


def _whose_answer(rounds: Sequence[OpenRound], exchange: Exchange, step: Step) -> OpenRound | None:
    """The ask that gave back the answer of a request that carries nothing of it."""
    if not exchange.arrived.strip():
        return None
    for one, ask in zip(rounds, step.asks, strict=True):
        ending = ask.ending
        if isinstance(ending, Returned) and ending.text and exchange.arrived in ending.text:
            return one
    return None
