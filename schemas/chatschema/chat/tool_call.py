"""Calls of tools, whole (in a message) and in fragments (in a stream)."""

from typing import Annotated, Literal

from chatschema.core.base import NonEmpty, NonNegative, Strict, Tagged, Text

__all__ = [
    "CustomCall",
    "CustomCallDelta",
    "CustomToolCall",
    "FunctionCall",
    "FunctionCallDelta",
    "FunctionToolCall",
    "ToolCall",
    "ToolCallDelta",
]


class FunctionCall(Strict):
    """A function's name and its arguments as JSON text (which the model may well have got wrong)."""

    name: NonEmpty
    """The function."""
    arguments: Text
    """JSON text, if the model wrote it well."""


class CustomCall(Strict):
    """A custom tool's name and its free-form input."""

    name: NonEmpty
    """Name of the tool."""
    input: Text
    """Any text."""


class FunctionToolCall(Strict):
    """A call of a function tool."""

    id: NonEmpty
    """Id of this call; its result refers to it."""
    type: Literal["function"]
    """Type, always `function`."""
    function: FunctionCall
    """The function and its arguments."""


class CustomToolCall(Strict):
    """A call of a custom tool."""

    id: NonEmpty
    """Id of this call; its result refers to it."""
    type: Literal["custom"]
    """Type, always `custom`."""
    custom: CustomCall
    """The function and its arguments."""


#: `type` decides which.
ToolCall = Annotated[FunctionToolCall | CustomToolCall, Tagged("type")]


class FunctionCallDelta(Strict):
    """A fragment of a function call: the name comes once, the arguments in pieces."""

    name: str | None = None
    """Name of the function, in the first fragment."""
    arguments: Text | None = None
    """More of the arguments."""


class CustomCallDelta(Strict):
    """A fragment of a custom call."""

    name: str | None = None
    """Name of the tool, in the first fragment."""
    input: Text | None = None
    """More of the input."""


class ToolCallDelta(Strict):
    """A fragment of a tool call; `index` says of which one."""

    index: NonNegative
    """Index of the call in the message."""
    id: str | None = None
    """Id of the call, in its first fragment."""
    type: Literal["function", "custom"] | None = None
    """Type of the call, in its first fragment."""
    function: FunctionCallDelta | None = None
    """Of a function call."""
    custom: CustomCallDelta | None = None
    """Of a custom call."""
