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
    """The tool."""
    input: Text
    """Any text."""


class FunctionToolCall(Strict):
    """A call of a function tool."""

    id: NonEmpty
    """The name of this call, which its result says again."""
    type: Literal["function"]
    """What it is."""
    function: FunctionCall
    """What is called."""


class CustomToolCall(Strict):
    """A call of a custom tool."""

    id: NonEmpty
    """The name of this call, which its result says again."""
    type: Literal["custom"]
    """What it is."""
    custom: CustomCall
    """What is called."""


#: `type` decides which.
ToolCall = Annotated[FunctionToolCall | CustomToolCall, Tagged("type")]


class FunctionCallDelta(Strict):
    """A fragment of a function call: the name comes once, the arguments in pieces."""

    name: str | None = None
    """The function, in the first fragment."""
    arguments: Text | None = None
    """More of the arguments."""


class CustomCallDelta(Strict):
    """A fragment of a custom call."""

    name: str | None = None
    """The tool, in the first fragment."""
    input: Text | None = None
    """More of the input."""


class ToolCallDelta(Strict):
    """A fragment of a tool call; `index` says of which one."""

    index: NonNegative
    """Which of the message's calls it belongs to."""
    id: str | None = None
    """The name of the call, in the first fragment."""
    type: Literal["function", "custom"] | None = None
    """What it is, in the first fragment."""
    function: FunctionCallDelta | None = None
    """Of a function call."""
    custom: CustomCallDelta | None = None
    """Of a custom call."""
