"""What can be said to a client: a line of a terminal holds no line ends, and a dash in front makes an option."""

import unicodedata
from dataclasses import replace

from chatproof.history.model.plan import MARK, Move, Plan, Say, Together
from chatproof.history.rules.registry import Can

__all__ = ["is_sayable", "sayable"]

_NOT_IN_A_LINE = frozenset({"Cc", "Zl", "Zp"})
"""Categories of characters that end a line, or that an editor of lines obeys."""


def is_sayable(text: str, can: Can) -> bool:
    """Whether a text can reach the client as it is."""
    if "dashes" not in can and text.startswith("-"):
        return False
    # what stands around a line is blanks to whoever reads lines, and no part of it
    is_line = text == text.strip() and not any(unicodedata.category(c) in _NOT_IN_A_LINE for c in text)
    return is_line or "lines" in can


def sayable(plan: Plan, can: Can) -> Plan:
    """The plan with ordinary texts in place of those that cannot be said. What is answered stays."""
    return tuple(_sayable(move, can) for move in plan)


def _sayable(move: Move, can: Can) -> Move:
    match move:
        case Say(text=text) if not is_sayable(text, can):
            return replace(move, text=MARK)
        case Together(first=first, second=second):
            return Together(first=_said(first, can), second=_said(second, can))
        case _:
            return move


def _said(say: Say, can: Can) -> Say:
    return say if is_sayable(say.text, can) else replace(say, text=MARK)
