"""The log of a conversation: what was said, what the endpoint answered, and the messages they become."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Answer", "AnswerKind", "Log", "Message", "Round"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a request. `developer` is read as `system`, a list of text parts as its text.

    `odd` is the JSON of what is no plain text (null content, tool calls, other parts), else empty: such a
    message equals none that was ever said.
    """

    role: str
    text: str
    odd: str = ""


class AnswerKind(StrEnum):
    """What an endpoint can answer. The values are names of the fake's scenarios, but for `text`."""

    TEXT = "text"
    EMPTY_CHOICES = "empty-choices"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the endpoint answered in one round; `text` is that of an ordinary reply."""

    kind: AnswerKind = AnswerKind.TEXT
    text: str = ""

    @property
    def is_ordinary(self) -> bool:
        """Whether a client has no reason to fail on it."""
        return self.kind is AnswerKind.TEXT

    def __str__(self) -> str:
        return self.text if self.is_ordinary else _TOLD[self.kind][0]

    @property
    def clause(self) -> str:
        """What was wrong with it, after "round 2, ..."; empty where nothing was."""
        return "" if self.is_ordinary else _TOLD[self.kind][1]


_TOLD = {AnswerKind.EMPTY_CHOICES: ("→ an answer without choices", "whose answer had no choices")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One thing said, and the endpoint's answer to it."""

    said: str
    answer: Answer


Log = tuple[Round, ...]
"""A conversation, oldest round first."""
