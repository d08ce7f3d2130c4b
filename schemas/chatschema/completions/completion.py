"""The answer in JSON form: one `text_completion` object.

Recorded from OpenAI: 56 JSON answers and 20 streams.
"""

from typing import Annotated, Literal

from pydantic import Field

from chatschema.chat.completion import NoContent, NoContentReason
from chatschema.core.base import Integer, NonEmpty, NonNegative, Strict, Text

from .logprobs import CompletionLogprobs
from .usage import CompletionUsage

__all__ = ["MOST_TEXTS", "Completion", "CompletionChoice", "TextFinishReason"]

TextFinishReason = Literal["stop", "length", "content_filter"]

#: A request may bring many prompts, and each may have several answers.
MOST_TEXTS = 4096


class CompletionChoice(Strict):
    """One of the texts that were asked for."""

    text: Text
    """The text; empty is a text."""
    index: NonNegative
    """Index of the choice; those of the first prompt come first."""
    logprobs: CompletionLogprobs | None = None
    """Log probabilities of its tokens."""
    finish_reason: TextFinishReason
    """Finish reason."""


class Completion(Strict):
    """A whole answer."""

    id: NonEmpty
    """Unique id of the completion."""
    object: Literal["text_completion"]
    """What it is; a chunk says the same."""
    created: Integer
    """Creation time, in seconds since 1970."""
    model: str
    """The model that answered, which may be a version of the requested one."""
    choices: Annotated[list[CompletionChoice], Field(max_length=MOST_TEXTS)]
    """The texts."""
    usage: CompletionUsage | None = None
    """Token usage."""
    system_fingerprint: str | None = None
    """Fingerprint of the server's configuration; when it changes, the same seed may give another answer."""

    def completed_text(self, index: int = 0) -> str:
        """The text of the choice of this index, wherever it stands.

        Raises `NoContent` where there is no such choice; an empty text is a text.
        """
        if not self.choices:
            raise NoContent("the answer has no choices", reason=NoContentReason.EMPTY_CHOICES)
        for choice in self.choices:
            if choice.index == index:
                return choice.text
        raise NoContent(f"the answer has no choice {index}", reason=NoContentReason.MISSING)
