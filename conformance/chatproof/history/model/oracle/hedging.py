"""Requests that are sent twice for one answer: of a client that takes what comes first, the others are beside it."""

from collections.abc import Collection, Iterator, Sequence

from chatproof.history.model.oracle.rounds import brings_calls, is_whole
from chatproof.history.model.plan import Again
from chatproof.history.model.seen import Exchange, Returned, Step

__all__ = ["hedges"]

_MOST = 2
"""Requests that are alike of a round that ends with calls."""


def hedges(step: Step, before: Collection[bytes], *, tools: bool) -> frozenset[int]:
    """The numbers of the requests of a step whose whole answers, or late ones, the client has left for another's.

    The same was asked in another request, and the answer to that was given back, or its calls were answered. `before`
    are bodies of requests of steps before: one that does not ask what is asked in this step comes late.
    """
    alike: dict[bytes, list[Exchange]] = {}
    for exchange in step.exchanges:
        alike.setdefault(exchange.body, []).append(exchange)
    late = [one.number for one in step.exchanges if one.body in before and _is_late(one, step)]
    return frozenset(late if len(late) < len(step.exchanges) else ()) | frozenset(
        number for same in alike.values() if len(same) > 1 for number in _left(same, step, tools=tools)
    )


def _is_late(exchange: Exchange, step: Step) -> bool:
    """Whether a request asks nothing of this step: what is said again, or asked for again, may be the same as before.

    Where the same is said again, it is what another request asks with a longer history.
    """
    last = exchange.messages[-1:]
    if isinstance(step.move, Again):  # it is a question that is asked for again, and no result
        return any(one.role == "tool" for one in last)
    if not any(ask.said in one.text for ask in step.asks for one in last):
        return True
    return any(
        one.messages[-1:] == last and len(one.messages) > len(exchange.messages) for one in step.exchanges
    )


def _left(same: Sequence[Exchange], step: Step, *, tools: bool) -> Iterator[int]:
    taken = next((one for one in same if _is_taken(one, step, tools=tools)), None)
    if taken is None and _is_given_up(same, step, tools=tools):
        taken = same[0]
    if taken is None:
        return
    for one in same:
        is_later = one.number > taken.number
        if one is not taken and (
            is_later or one.left or is_whole(one, tools=tools) or brings_calls(one.answer)
        ):
            yield one.number


def _is_given_up(same: Sequence[Exchange], step: Step, *, tools: bool) -> bool:
    """Whether a round ends with calls that nobody answers: who has called tools as often as it does, says so."""
    told = any(isinstance(ask.ending, Returned) and ask.ending.text for ask in step.asks)
    if len(same) > _MOST:  # that is no hedge, but asking for another answer
        return False
    return tools and not told and step.exchanges[-1] in same and all(brings_calls(one.answer) for one in same)


def _is_taken(one: Exchange, step: Step, *, tools: bool) -> bool:
    if one.left:
        return False
    if tools and brings_calls(one.answer):
        calls = {call.id for call in one.answer.calls}
        later = (message for other in step.exchanges for message in other.messages)
        return any(message.result_of in calls for message in later)
    texts = (ask.ending.text or "" for ask in step.asks if isinstance(ask.ending, Returned))
    return (
        is_whole(one, tools=tools)
        and bool(one.answer.text)
        and any(text.endswith(one.answer.text) for text in texts)
    )
