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
    """A developer message; newer models take it in place of a system message."""

    role: Literal["developer"]
    """Role of the author, always `developer`."""
    content: TextContent
    """Content of the message."""
    name: _Name | None = None
    """Name of the participant, to tell several of one role apart."""


class SystemMessage(Strict):
    """A system message."""

    role: Literal["system"]
    """Role of the author, always `system`."""
    content: TextContent
    """Content of the message."""
    name: _Name | None = None
    """Name of the participant, to tell several of one role apart."""


class UserMessage(Strict):
    """A message of the user."""

    role: Literal["user"]
    """Role of the author, always `user`."""
    content: UserContent
    """The content: text, images, audio and files."""
    name: _Name | None = None
    """Name of the participant, to tell several of one role apart."""


class AssistantMessage(Strict):
    """What the model said. When `content` may be null is the rule `chat.request.content`."""

    role: Literal["assistant"]
    """Role of the author, always `assistant`."""
    content: AssistantContent | None = None
    """Content of the message."""
    name: _Name | None = None
    """Name of the participant, to tell several of one role apart."""
    refusal: str | None = None
    """The refusal."""
    tool_calls: Annotated[list[ToolCall], Field(min_length=1, max_length=MOST_PARTS)] | None = None
    """The tool calls; a tool message that follows answers each of them."""
    function_call: FunctionCall | None = None
    """The function call of the deprecated `functions`."""
    audio: AudioReference | None = None
    """A spoken answer of an earlier turn."""


class ToolMessage(Strict):
    """The result of a tool call."""

    role: Literal["tool"]
    """Role of the author, always `tool`."""
    content: TextContent
    """The answer."""
    tool_call_id: NonEmpty
    """Id of the call that it answers."""


class FunctionMessage(Strict):
    """The result of a function call (deprecated form)."""

    role: Literal["function"]
    """Role of the author, always `function`."""
    content: str | None
    """The answer."""
    name: _Name
    """The function."""


#: `role` decides which.
RequestMessage = Annotated[
    DeveloperMessage | SystemMessage | UserMessage | AssistantMessage | ToolMessage | FunctionMessage,
    Tagged("role"),
]
