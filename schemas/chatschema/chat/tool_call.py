"""Calls of tools, whole (in a message) and in fragments (in a stream)."""

from typing import Annotated, Literal

from chatschema.base import NonEmpty, NonNegative, Strict, Tagged

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
    arguments: str


class CustomCall(Strict):
    """A custom tool's name and its free-form input."""

    name: NonEmpty
    input: str


class FunctionToolCall(Strict):
    """A call of a function tool."""

    id: NonEmpty
    type: Literal["function"]
    function: FunctionCall


class CustomToolCall(Strict):
    """A call of a custom tool."""

    id: NonEmpty
    type: Literal["custom"]
    custom: CustomCall


#: `type` decides which.
ToolCall = Annotated[FunctionToolCall | CustomToolCall, Tagged("type")]


class FunctionCallDelta(Strict):
    """A fragment of a function call: the name comes once, the arguments in pieces."""

    name: str | None = None
    arguments: str | None = None


class CustomCallDelta(Strict):
    """A fragment of a custom call."""

    name: str | None = None
    input: str | None = None


class ToolCallDelta(Strict):
    """A fragment of a tool call; `index` says of which one."""

    index: NonNegative
    id: str | None = None
    type: Literal["function", "custom"] | None = None
    function: FunctionCallDelta | None = None
    custom: CustomCallDelta | None = None
