"""The answer in JSON form: one `chat.completion` object.

The models hold what clients cannot live without and what is true of nearly every recorded OpenAI answer. That
leaves members optional which the specification requires: OpenAI's own answers lack `logprobs` in 254 and
`refusal` in 61 of 2,521 recordings, and send `system_fingerprint: null` in 526.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from chatschema.common.usage import Usage
from chatschema.core.base import (
    MOST_PARTS,
    Forbidden,
    Integer,
    NonEmpty,
    NonNegative,
    Strict,
    Text,
    forbidden,
)

from .annotation import Annotation
from .audio import Audio
from .logprobs import Logprobs
from .moderation import Moderation
from .tool_call import FunctionCall, ToolCall

__all__ = ["ChatCompletion", "Choice", "FinishReason", "Message", "NoContent", "NoContentReason"]

FinishReason = Literal["stop", "length", "tool_calls", "content_filter", "function_call"]


class NoContentReason(StrEnum):
    """Why an answer has no text."""

    EMPTY_CHOICES = "empty_choices"
    TOOL_CALLS = "tool_calls"
    REFUSAL = "refusal"
    NULL = "null"
    MISSING = "missing"
    # of a response
    EMPTY_OUTPUT = "empty_output"
    INCOMPLETE = "incomplete"
    FAILED = "failed"


class NoContent(LookupError):  # noqa: N818 - it is no error of the endpoint's: a call of tools has no text
    """An answer has no text; `reason` says what it has instead."""

    def __init__(self, message: str, *, reason: NoContentReason) -> None:
        super().__init__(message)
        self.reason = reason


class Message(Strict):
    """What the assistant said. When `content` may be null is the rule `chat.json.content`."""

    role: Literal["assistant"]
    """Role of the author, always `assistant`."""
    content: Text | None = None
    """The text."""
    refusal: Text | None = None
    """The refusal of the model, as text."""
    tool_calls: Annotated[list[ToolCall], Field(max_length=MOST_PARTS)] | None = None
    """Tools that are to be called, all of them before the next request."""
    function_call: FunctionCall | None = None
    """The function call of the deprecated `functions`."""
    annotations: Annotated[list[Annotation], Field(max_length=MOST_PARTS)] | None = None
    """Sources of parts of the text."""
    audio: Audio | None = None
    """The spoken answer."""


class Choice(Strict):
    """One of the answers that were asked for."""

    index: NonNegative
    """Index of the choice."""
    message: Message
    """The message of the assistant."""
    finish_reason: FinishReason
    """Finish reason."""
    logprobs: Logprobs | None = None
    """Log probabilities of its tokens."""
    delta: Forbidden = forbidden()
    """Belongs to a chunk."""


class ChatCompletion(Strict):
    """A whole answer."""

    id: NonEmpty
    """Unique id of the completion."""
    object: Literal["chat.completion"]
    """Object type, always `chat.completion`."""
    created: Integer
    """Creation time, in seconds since 1970."""
    model: str
    """The model that answered, which may be a version of the requested one."""
    choices: Annotated[list[Choice], Field(max_length=MOST_PARTS)]
    """The choices."""
    usage: Usage | None = None
    """Token usage."""
    service_tier: str | None = None
    """Service tier that was used: default, flex, priority."""
    system_fingerprint: str | None = None
    """Fingerprint of the server's configuration; when it changes, the same seed may give another answer."""
    metadata: dict[str, JsonValue] | None = None
    """What the request said of itself."""
    moderation: Moderation | None = None
    """What moderation found, where it was asked for."""

    def assistant_content(self) -> str:
        """The text of the first choice (that of index 0, wherever it stands).

        Raises `NoContent` where there is none; an empty text is a text.
        """
        if not self.choices:
            raise NoContent("the answer has no choices", reason=NoContentReason.EMPTY_CHOICES)
        message = min(self.choices, key=lambda choice: choice.index).message
        if message.content is not None:
            return message.content
        if message.tool_calls or message.function_call:
            raise NoContent("the model called tools and said nothing", reason=NoContentReason.TOOL_CALLS)
        if message.refusal:
            raise NoContent(f"the model refused: {message.refusal}", reason=NoContentReason.REFUSAL)
        if "content" in message.model_fields_set:
            raise NoContent("the message's content is null", reason=NoContentReason.NULL)
        raise NoContent("the message has no content", reason=NoContentReason.MISSING)
