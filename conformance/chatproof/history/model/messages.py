"""Comparing two lists of messages."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from chatproof.history.model.log import Message

__all__ = ["Marked", "compared", "missing", "spoken"]

Marked = tuple[str, Message]
"""A message with its mark: `-` expected and not sent, `+` sent and not expected, a blank for both."""


def spoken(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """The messages without system prompts."""
    return tuple(message for message in messages if message.role != "system")


def missing(wanted: tuple[Message, ...], there: tuple[Message, ...]) -> tuple[Message, ...]:
    """What of `wanted` does not stand in `there`, in that order; empty exactly where all of it does."""
    lost: list[Message] = []
    start = 0
    for message in wanted:
        try:
            start = there.index(message, start) + 1
        except ValueError:
            lost.append(message)
    return tuple(lost)


def compared(expected: tuple[Message, ...], sent: tuple[Message, ...]) -> Iterator[Marked]:
    """Both lists as one, in order: the fewest marks that difflib finds."""
    matcher = SequenceMatcher(None, expected, sent, autojunk=False)
    for tag, left, right, start, end in matcher.get_opcodes():
        if tag == "equal":
            yield from ((" ", message) for message in sent[start:end])
        else:
            yield from (("-", message) for message in expected[left:right])
            yield from (("+", message) for message in sent[start:end])
