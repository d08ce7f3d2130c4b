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
    """Who speaks."""
    content: Text | None = None
    """The text."""
    refusal: Text | None = None
    """Why the model will not answer, in its own words."""
    tool_calls: Annotated[list[ToolCall], Field(max_length=MOST_PARTS)] | None = None
    """Tools that are to be called, all of them before the next request."""
    function_call: FunctionCall | None = None
    """The one call that the older `functions` ask for."""
    annotations: Annotated[list[Annotation], Field(max_length=MOST_PARTS)] | None = None
    """Where parts of the text come from."""
    audio: Audio | None = None
    """The answer as sound."""


class Choice(Strict):
    """One of the answers that were asked for."""

    index: NonNegative
    """Its number."""
    message: Message
    """What was said."""
    finish_reason: FinishReason
    """Why it ended."""
    logprobs: Logprobs | None = None
    """How likely its tokens were."""
    delta: Forbidden = forbidden()
    """Belongs to a chunk."""


class ChatCompletion(Strict):
    """A whole answer."""

    id: NonEmpty
    """The name of the exchange."""
    object: Literal["chat.completion"]
    """What it is."""
    created: Integer
    """When it was answered, in seconds since 1970."""
    model: str
    """The model that answered, which may be a version of the one that was asked."""
    choices: Annotated[list[Choice], Field(max_length=MOST_PARTS)]
    """The answers."""
    usage: Usage | None = None
    """What it cost."""
    service_tier: str | None = None
    """How it was served: default, flex, priority."""
    system_fingerprint: str | None = None
    """The state of the server; the same seed may answer otherwise when it changes."""
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
