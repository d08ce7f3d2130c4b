"""Whose a request is: which ask it belongs to, or whether it is one beside the conversation.

A title, a summary or a memory that a client asks for carries nothing of what was just said, or carries it as part of a
larger text, or comes when the reply is there.
"""

from collections.abc import Collection, Sequence

from chatproof.history.model.message import Message
from chatproof.history.model.oracle.rounds import OpenRound, gave_back, is_whole
from chatproof.history.model.seen import Displayed, Exchange, Printed, Returned, Step
from chatproof.history.model.words import tags

__all__ = ["asker"]


def asker(
    rounds: Sequence[OpenRound],
    exchange: Exchange,
    step: Step,
    *,
    tools: bool,
    known: Collection[Message] = (),
) -> OpenRound | None:
    """The ask that a request is of, or None. `known` are messages that requests of asks before carried."""
    current = _mentioned(rounds, exchange)
    if current is None:
        return _whose_answer(rounds, exchange, step)
    if (
        Message(role="user", text=current.said) in known
        and not _asks_last(current, exchange)
        and any(_asks_last(current, one) for one in step.exchanges)
    ):
        return None  # the same was said before, and stands in the history of whatever else is asked
    last = current.last
    if last is not None and is_whole(last, tools=tools):
        return current if last.messages == exchange.messages else None
    if _is_exact(current, exchange) or _answering(exchange, step):
        return current
    if _is_quoted(current, exchange) and known and set(known).isdisjoint(exchange.messages):
        return None  # what was said, in another's words, and nothing of a conversation
    exact = [last] if last is not None else [one for one in step.exchanges if _is_exact(current, one)]
    alike = any(not set(one.messages).isdisjoint(exchange.messages) for one in exact)
    return current if alike or not exact else None


def _mentioned(rounds: Sequence[OpenRound], exchange: Exchange) -> OpenRound | None:
    """The ask whose words, or results of whose calls, come last in a request."""
    marked = [(one, tags(one.said.casefold()) or (one.said.casefold(),), _calls(one)) for one in rounds]
    for message in reversed(exchange.messages):
        folded = f"{message.text} {message.odd}".casefold()
        places = [
            (max(folded.rfind(words) if words else -1 for words in said), place)
            for place, (_, said, _) in enumerate(marked)
        ]
        last, place = max(places)
        if last >= 0:
            return marked[place][0]
        for one, _, calls in marked:
            if message.result_of in calls:
                return one
    return None


def _calls(one: OpenRound) -> frozenset[str]:
    return frozenset(node.message.result_of for node in one.nodes if node.message.result_of)


def _is_exact(current: OpenRound, exchange: Exchange) -> bool:
    """Whether what was said is a message of the request, or its end, or it brings results of the ask's calls."""
    calls = _calls(current)
    return any(_ends(one, current.said) or one.result_of in calls for one in exchange.messages)


def _asks_last(current: OpenRound, exchange: Exchange) -> bool:
    """Whether what was said is the last that the user says, or results of the ask's calls come last."""
    calls = _calls(current)
    last = next((one for one in reversed(exchange.messages) if one.role not in ("assistant", "system")), None)
    return last is not None and (_ends(last, current.said) or last.result_of in calls)


def _is_quoted(current: OpenRound, exchange: Exchange) -> bool:
    """Whether what was said stands as it is within a larger text."""
    said = current.said.strip()
    return bool(said) and any(said in one.text for one in exchange.messages if one.role != "prompt")


def _ends(message: Message, said: str) -> bool:
    if message.role == "prompt":
        return said.strip() in message.text
    return message.role == "user" and message.text.rstrip().endswith(said.rstrip())


def _whose_answer(rounds: Sequence[OpenRound], exchange: Exchange, step: Step) -> OpenRound | None:
    """The ask that the answer of a request was for, though the request carries nothing of it.

    Its calls are answered by a request of the ask, or the client gave it back.
    """
    answered = _answering(exchange, step)
    if answered is not None and (whose := _mentioned(rounds, answered)) is not None:
        return whose
    if answered is not None and not any(_mentioned(rounds, one) for one in step.exchanges):
        return rounds[0]
    for one, ask in zip(rounds, step.asks, strict=True):
        ending = ask.ending
        text = ending.text if isinstance(ending, Returned | Printed | Displayed) else None
        arrived = exchange.arrived
        given_back = bool(text) and (
            gave_back(ending, arrived) or (bool(arrived.strip()) and arrived in (text or ""))
        )
        if given_back and not any(
            other.arrived == arrived and _mentioned([one], other) for other in step.exchanges
        ):
            return one
    return None


def _answering(exchange: Exchange, step: Step) -> Exchange | None:
    """The request of the same step in which the calls of an answer have results."""
    calls = {call.id for call in exchange.answer.calls}
    results = (one for one in step.exchanges if any(message.result_of in calls for message in one.messages))
    return next(results, None)
