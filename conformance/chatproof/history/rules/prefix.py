"""Whether each request begins with the one before."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from chatproof.history.model.message import Message
from chatproof.history.model.oracle import Judged
from chatproof.history.model.seen import Exchange, Play
from chatproof.history.rules.registry import Breach
from chatproof.history.rules.wire import breach_by, canonical, items_of
from chatschema import JsonValue

__all__ = ["prefix_stable"]


def prefix_stable(play: Play, judged: Sequence[Judged]) -> Iterator[Breach]:
    """A request says the same as the one before and more, and yet its JSON begins in another way.

    What tools gave in a round that is over may be cleared, where that is declared.
    """
    before: dict[str, Judged] = {}
    for one in judged:
        if one.side or one.ask is None:
            continue
        last = before.get(one.ask.to)
        before[one.ask.to] = one
        if (
            last is None
            or one.expectation.cut
            or last.expectation.cut
            or last.exchange.route != one.exchange.route
        ):
            continue
        if not _goes_on(last.exchange.messages, one.exchange.messages):
            continue
        old, new = _prompt(last.exchange), _prompt(one.exchange)
        if play.policy.clears_results and one.step != last.step:
            old, new = [_without_result(item) for item in old], [_without_result(item) for item in new]
        for earlier, later in zip(old, new, strict=False):
            if canonical(earlier) != canonical(later):
                yield breach_by(
                    one,
                    "The request does not begin with the one before, though nothing was cut.",
                    canonical(earlier),
                    canonical(later),
                )
                return


def _prompt(exchange: Exchange) -> list[JsonValue]:
    """What the endpoint makes its prompt of: instructions, and messages or items."""
    instructions = exchange.json.get("instructions")
    first = [instructions] if exchange.route == "responses" and instructions is not None else []
    return [*first, *items_of(exchange)]


def _without_result(item: JsonValue) -> JsonValue:
    """A message or item without what a tool gave, where it is a result."""
    if not isinstance(item, dict) or not (
        item.get("role") == "tool" or item.get("type") == "function_call_output"
    ):
        return item
    return {name: value for name, value in item.items() if name not in ("content", "output")}


def _goes_on(old: Sequence[Message], new: Sequence[Message]) -> bool:
    """Whether the new messages begin with the old ones, whatever the system prompt is, and what tools have given."""
    earlier = [_known(message) for message in old if message.role != "system"]
    later = [_known(message) for message in new if message.role != "system"]
    return len(new) - len(later) == len(old) - len(earlier) and later[: len(earlier)] == earlier


def _known(message: Message) -> Message:
    """Without the words of a result, which nobody but the client knows."""
    return replace(message, text="") if message.result_of else message
