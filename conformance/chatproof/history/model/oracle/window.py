"""A window as a view of a path: which messages are sent, for certain or perhaps."""

from collections.abc import Sequence

from chatproof.history.model.oracle.transcript import Node, Part
from chatproof.history.model.policy import Unit, Window

__all__ = ["view"]

Rounds = Sequence[Sequence[Node]]


def view(rounds: Rounds, window: Window, strays: int = 0) -> tuple[int, int]:
    """From which round on everything is sent for certain, and from which on perhaps.

    They differ where it is not known whether a message is in the client's history: it may count or not. So may
    `strays`, messages that are on no path and were sent all the same. Of tokens nobody knows how many fit.
    """
    if window.unit is Unit.TOKENS:
        return len(rounds), 0
    return _start(rounds, window, strays, doubtful=True), _start(rounds, window, 0, doubtful=False)


def _start(rounds: Rounds, window: Window, total: int, *, doubtful: bool) -> int:
    """The first of the most recent whole rounds that fit."""
    for at in range(len(rounds) - 1, -1, -1):
        total += _size(rounds[at], window.unit, doubtful=doubtful)
        if total > window.n:
            return at + 1
    return 0


def _size(nodes: Sequence[Node], unit: Unit, *, doubtful: bool) -> int:
    counted = [node for node in nodes if doubtful or node.is_sure]
    match unit:
        case Unit.MESSAGES:
            return len(counted)
        case Unit.TURNS:
            return sum(node.part is Part.QUESTION for node in counted)
        case _:
            return int(bool(counted))
