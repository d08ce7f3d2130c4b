"""Short plans in place of long ones, for a fault that a leg has found."""

from dataclasses import replace

from chatproof.history.model.answers import ANSWERS
from chatproof.history.model.plan import Again, Clear, Fork, Load, Move, Plan, Say, Tear, Together
from chatproof.history.running.tour.leg import Leg

__all__ = ["template"]


def template(rule: str, leg: Leg | None, step: int | None = None) -> tuple[Plan, ...]:
    """Plans of a few moves that break a rule as a leg did, where one of its moves does it alone.

    With the step at which it was seen, that move and those right before it come first.
    """
    if leg is None:
        return ()
    played = leg.plan if step is None else leg.plan[: step + 1]
    plans: list[Plan] = [(Say(),) * number for number in (2, 3)]
    for move in dict.fromkeys(reversed(played)):
        if not _is_plain(move) and _concerns(rule, move):
            befores = (0, 1, 2) if isinstance(move, Say | Together) else (1, 2)
            first, last = (Say(to=_origin(move)),), Say(to=_key(move))
            plans += [(*(first * before), move, last) for before in befores]
    return tuple(plan for plan in dict.fromkeys(plans) if len(plan) < len(played))


def _is_plain(move: Move) -> bool:
    return isinstance(move, Say) and replace(move, to="a") == Say()


def _concerns(rule: str, move: Move) -> bool:
    """Whether a move may be what breaks a rule: for a rule about an answer, whether that is given."""
    if not any(kind.rule == rule for kind in ANSWERS.values()):
        return True
    given = move.answers if isinstance(move, Say | Again) else ()
    return any(ANSWERS[answer.name].rule == rule for answer in given)


def _key(move: Move) -> str:
    """The conversation that goes on after a move."""
    match move:
        case Fork(new=new) | Load(new=new):
            return new
        case Say(to=to) | Again(to=to) | Clear(to=to) | Tear(to=to) | Together(first=Say(to=to)):
            return to
        case _:
            return "a"


def _origin(move: Move) -> str:
    return move.to if isinstance(move, Fork) else _key(move)
