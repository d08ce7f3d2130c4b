"""A window as a view of a path: which messages are sent, for certain or perhaps."""

from collections.abc import Sequence

from chatproof.history.model.policy import Unit, Window
from chatproof.history.model.transcript import Node, Part

__all__ = ["most", "view"]

Rounds = Sequence[Sequence[Node]]


def view(rounds: Rounds, window: Window) -> tuple[int, int]:
    """From which round on everything is sent for certain, and from which on perhaps.

    They differ where it is not known whether a message is in the client's history: it may count or not.
    """
    sure = _start(rounds, window, loose_count=True)
    return sure, _start(rounds, window, loose_count=False)


def most(rounds: Rounds, cap: Window) -> tuple[int, int]:
    """The same for what is stored."""
    return view(rounds, cap)


def _start(rounds: Rounds, window: Window, *, loose_count: bool) -> int:
    """The first of the most recent whole rounds that fit."""
    total = 0
    for at in range(len(rounds) - 1, -1, -1):
        total += _size(rounds[at], window.unit, loose_count=loose_count)
        if total > window.n:
            return at + 1
    return 0


def _size(nodes: Sequence[Node], unit: Unit, *, loose_count: bool) -> int:
    counted = [node for node in nodes if node.firm or loose_count]
    match unit:
        case Unit.MESSAGES:
            return len(counted)
        case Unit.TURNS:
            return sum(node.part is Part.QUESTION for node in counted)
        case _:
            return int(bool(counted))
