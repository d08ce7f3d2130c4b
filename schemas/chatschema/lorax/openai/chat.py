"""`/v1/chat/completions`, whole and in events."""

from typing import Annotated, Literal

from pydantic import Field

from chatschema.chat.completion import NoContent, NoContentReason
from chatschema.core.base import MOST_PARTS, Integer, NonEmpty, NonNegative, Strict
from chatschema.lorax.numbers import Zero
from chatschema.lorax.usage import LoraxUsage

from .text import OpenAiReason

__all__ = [
    "LoraxChatChoice",
    "LoraxChatChunk",
    "LoraxChatCompletion",
    "LoraxChatDelta",
    "LoraxChatMessage",
    "LoraxChatPiece",
    "LoraxFunctionCall",
    "LoraxToolCall",
]


class LoraxFunctionCall(Strict):
    """The function and its arguments."""

    description: None
    """Always null; OpenAI has no such member."""
    name: NonEmpty
    """The function."""
    arguments: str
    """Its arguments as JSON text; 0.12.0 sent an object, which no OpenAI client reads."""


class LoraxToolCall(Strict):
    """A call of a tool."""

    id: Literal["0"]
    """Always "0"."""
    type: Literal["function"]
    """Always "function"."""
    function: LoraxFunctionCall
    """The function and its arguments."""


class LoraxChatMessage(Strict):
    """What the assistant said, or the one tool that it calls."""

    role: Literal["assistant"]
    """Always "assistant"."""
    content: str | None = None
    """The text; absent beside a call."""
    tool_calls: Annotated[list[LoraxToolCall], Field(min_length=1, max_length=1)] | None = None
    """The call; absent beside a text."""


class LoraxChatChoice(Strict):
    """One of the answers that were asked for."""

    index: NonNegative
    """Index of the sequence; the best one is 0."""
    message: LoraxChatMessage
    """The answer."""
    finish_reason: OpenAiReason
    """Finish reason of the best one, in every choice."""


class LoraxChatCompletion(Strict):
    """The answer of `POST /v1/chat/completions`."""

    id: Literal["null"]
    """Always "null", a text."""
    object: Literal["text_completion"]
    """Always "text_completion", as if it were no chat."""
    created: Integer
    """UNIX seconds."""
    model: str
    """The base model, whatever adapter answered."""
    choices: Annotated[list[LoraxChatChoice], Field(max_length=MOST_PARTS)]
    """The choices, best first."""
    usage: LoraxUsage
    """Token usage of the best choice."""
    system_fingerprint: str = ""
    """The router's version and the image's label; servers before 0.12 do not say."""

    def assistant_content(self) -> str:
        """The text of the first choice (that of index 0, wherever it stands).

        Raises `NoContent` where there is none; an empty text is a text.
        """
        if not self.choices:
            raise NoContent("the answer has no choices", reason=NoContentReason.EMPTY_CHOICES)
        message = min(self.choices, key=lambda choice: choice.index).message
        if message.content is not None:
            return message.content
        if message.tool_calls:
            raise NoContent("the model called a tool and said nothing", reason=NoContentReason.TOOL_CALLS)
        if "content" in message.model_fields_set:
            raise NoContent("the message's content is null", reason=NoContentReason.NULL)
        raise NoContent("the message has no content", reason=NoContentReason.MISSING)


class LoraxChatDelta(Strict):
    """What is new; nothing where the token ends the sequence."""

    role: Literal["assistant"] | None = None
    """In every delta that has text, not only in the first."""
    content: str | None = None
    """The text of the token. A call of a tool comes as text too, as the JSON that the model wrote."""


class LoraxChatPiece(Strict):
    """One token of the answer."""

    index: Zero
    """Always 0."""
    delta: LoraxChatDelta
    """The delta that this chunk adds."""
    finish_reason: OpenAiReason | None
    """Finish reason, in the last chunk; null before it."""


class LoraxChatChunk(Strict):
    """One event of the stream."""

    id: Literal["null"]
    """Always "null", a text."""
    object: Literal["chat.completion.chunk"]
    """Always "chat.completion.chunk"."""
    created: Zero
    """Always 0."""
    model: Literal["null"]
    """Always "null", a text."""
    choices: Annotated[list[LoraxChatPiece], Field(min_length=1, max_length=1)]
    """The generated token."""
    usage: LoraxUsage | None = None
    """Token usage, in the last chunk; absent before it."""
