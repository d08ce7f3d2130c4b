"""The text oracle: at temperature 0 the same request has the same text, whoever else is asked for what.

It needs no meaning, and sees what leaves the counts alone. What it may conclude is less than it seems: a server that
computes several requests together rounds otherwise than for one, and so does one that keeps prefixes, so that a text
may part from its own somewhere. What no rounding does is give it the words of another conversation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

from chatproof.cases.endpoint import Messages
from chatproof.cases.openai.history.asked import answer_in
from chatproof.findings.finding import InconclusiveError
from chatproof.probe import Exchange

__all__ = ["Talk", "Text", "holds", "suspects", "text_of"]

_TEXTS = ("content", "reasoning_content", "reasoning")

_SHORTEST = 8
"""Characters of a text that is not the same by chance."""


def text_of(exchange: Exchange) -> str:
    """What the model said, thoughts and all; empty where nothing can be read."""
    try:
        message = answer_in(exchange).message
    except InconclusiveError:
        return ""
    return "".join(found for name in _TEXTS if isinstance(found := message.get(name), str))


@dataclass(frozen=True, slots=True)
class Text:
    """What was said to a conversation, and when it was asked."""

    manner: str
    text: str
    exchange: Exchange


class Talk:
    """A conversation with all that was said to it."""

    def __init__(self, messages: Messages) -> None:
        self.messages = messages
        self.texts: list[Text] = []

    def hear(self, manner: str, exchange: Exchange) -> None:
        """Take note of an answer, where it has a text."""
        if text := text_of(exchange):
            self.texts.append(Text(manner, text, exchange))

    @property
    def stray(self) -> Text | None:
        """The first text that is not the first one; None where the same was said each time."""
        return next((one for one in self.texts if one.text != self.texts[0].text), None)

    @property
    def begins_otherwise(self) -> bool:
        """Were texts said to it that differ from their first character on?"""
        return len({one.text[0] for one in self.texts}) > 1


def holds(text: str, other: str) -> bool:
    """Is one text the other, or is that a part of it, and no short one?"""
    return len(other) >= _SHORTEST and other in text


def suspects(talks: Sequence[Talk]) -> tuple[Talk, Talk] | None:
    """Two conversations of which one is not always told the same, and was once told what the other was.

    Of one topic they may well be told the same.
    """
    for talk, other in permutations(talks, 2):
        if talk.messages[-1] == other.messages[-1] or not (talk.stray or other.stray):
            continue
        if any(holds(one.text, theirs.text) for one in talk.texts for theirs in other.texts):
            return talk, other
    return None
