"""A round that is under way: its messages until now, and what it was answered."""

from dataclasses import dataclass, field

from chatproof.history.model.answers import ANSWERS
from chatproof.history.model.oracle.transcript import Node
from chatproof.history.model.plan import Answer, Say, Tear
from chatproof.history.model.printed import holds
from chatproof.history.model.seen import Ask, Cancelled, Displayed, Ending, Exchange, Printed, Returned, Step

__all__ = ["OpenRound", "brings_calls", "gave_back", "is_abandoned", "is_stopped", "is_whole"]


@dataclass(slots=True, kw_only=True)
class OpenRound:
    """One ask. `nodes` are its messages until now; `replaced` is what stood after its question before `again`."""

    key: str
    said: str
    round: int
    nodes: list[Node]
    regenerates: bool = False
    replaced: list[Node] = field(default_factory=list[Node])
    same: Node | None = None  #: a question without a reply that is said once more
    exchanges: list[Exchange] = field(default_factory=list[Exchange])

    @property
    def last(self) -> Exchange | None:
        """The last request of this ask."""
        return self.exchanges[-1] if self.exchanges else None


def is_abandoned(step: Step, last: Exchange) -> bool:
    """Whether what ended before its time is a stream: of the endpoint, or of the client."""
    return last.streamed or (isinstance(step.move, Say) and step.move.streamed)


def gave_back(ending: Ending, reply: str) -> bool:
    """Whether that reply came back, whole."""
    match ending:
        case Returned(text=text):
            return text == reply
        case Printed(text=text) | Displayed(text=text):
            return holds(text, reply)
        case _:
            return False


def is_stopped(step: Step, ask: Ask, last: Exchange | None) -> bool:
    """Whether an ask was ended before its time, or may have been.

    One that gave the whole reply back was not, and a client that leaves an answer which fails has failed.
    """
    if isinstance(ask.ending, Cancelled) or isinstance(step.move, Tear):
        return True
    kind = ANSWERS[last.answer.name] if last is not None else None
    if kind is not None and last is not None and not kind.fails and gave_back(ask.ending, last.answer.text):
        return False
    if isinstance(step.move, Say) and step.move.stop is not None:
        return True
    return last is not None and kind is not None and last.left and not kind.fails


def brings_calls(answer: Answer) -> bool:
    """Whether calls of tools arrive with it."""
    kind = ANSWERS[answer.name]
    return bool(answer.calls) and ((kind.has_text and not kind.fails) or "tool-call" in kind.scenario)


def is_whole(exchange: Exchange, *, tools: bool) -> bool:
    """Whether its answer ends the round: an ordinary one, all of it, and without calls that are to be answered."""
    kind = ANSWERS[exchange.answer.name]
    calls = tools and brings_calls(exchange.answer)
    return not (kind.fails or exchange.left or calls)
