"""The messages of a request, by the role of who speaks."""

from typing import Annotated, Literal

from pydantic import Field

from chatschema.chat.tool_call import FunctionCall, ToolCall
from chatschema.core.base import MOST_PARTS, NonEmpty, Strict, Tagged

from .parts import AssistantContent, AudioReference, TextContent, UserContent

__all__ = [
    "AssistantMessage",
    "DeveloperMessage",
    "FunctionMessage",
    "RequestMessage",
    "SystemMessage",
    "ToolMessage",
    "UserMessage",
]

#: OpenAI refuses a name with blanks or one of these in it, and says the pattern.
_Name = Annotated[str, Field(pattern=r"^[^ \t\r\n\f\v<|\\/>]+$")]


class DeveloperMessage(Strict):
    """What the developer tells the model; newer models read it in place of a system message."""

    role: Literal["developer"]
    """Who speaks."""
    content: TextContent
    """What is said."""
    name: _Name | None = None
    """Which one of several speaks."""


class SystemMessage(Strict):
    """What the developer tells the model."""

    role: Literal["system"]
    """Who speaks."""
    content: TextContent
    """What is said."""
    name: _Name | None = None
    """Which one of several speaks."""


class UserMessage(Strict):
    """What a user says and shows."""

    role: Literal["user"]
    """Who speaks."""
    content: UserContent
    """What is said and shown."""
    name: _Name | None = None
    """Which one of several speaks."""


class AssistantMessage(Strict):
    """What the model said. When `content` may be null is the rule `chat.request.content`."""

    role: Literal["assistant"]
    """Who spoke."""
    content: AssistantContent | None = None
    """What was said."""
    name: _Name | None = None
    """Which one of several spoke."""
    refusal: str | None = None
    """What was said in place of an answer."""
    tool_calls: Annotated[list[ToolCall], Field(min_length=1, max_length=MOST_PARTS)] | None = None
    """What was called; each call is answered by a tool message that follows."""
    function_call: FunctionCall | None = None
    """What was called in the older way."""
    audio: AudioReference | None = None
    """What was heard."""


class ToolMessage(Strict):
    """What a tool answered."""

    role: Literal["tool"]
    """Who speaks."""
    content: TextContent
    """The answer."""
    tool_call_id: NonEmpty
    """The call that it answers."""


class FunctionMessage(Strict):
    """What a function answered, in the older way."""

    role: Literal["function"]
    """Who speaks."""
    content: str | None
    """The answer."""
    name: _Name
    """The function."""


#: `role` decides which.
RequestMessage = Annotated[
    DeveloperMessage | SystemMessage | UserMessage | AssistantMessage | ToolMessage | FunctionMessage,
    Tagged("role"),
]
