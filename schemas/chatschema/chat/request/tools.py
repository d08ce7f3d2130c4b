"""Tools that a model is given, and which of them it has to call."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Discriminator, Field, JsonValue, Tag

from chatschema.core.base import MOST_PARTS, NonEmpty, Strict, Tagged

__all__ = [
    "AllowedTools",
    "AllowedToolsChoice",
    "CustomChoice",
    "CustomTool",
    "CustomToolDefinition",
    "Function",
    "FunctionChoice",
    "FunctionName",
    "FunctionTool",
    "Grammar",
    "GrammarFormat",
    "TextFormat",
    "Tool",
    "ToolChoice",
    "ToolName",
]

#: OpenAI says the pattern and the length where it refuses a name.
ToolName = Annotated[str, Field(pattern="^[a-zA-Z0-9_-]+$", max_length=64)]


class Function(Strict):
    """A function of the client's."""

    name: ToolName
    """Name of the function."""
    description: str | None = None
    """Description of the tool, shown to the model."""
    parameters: dict[str, JsonValue] | None = None
    """A JSON Schema of an object; absent is a function without parameters."""
    strict: bool | None = None
    """The arguments follow the schema for sure."""


class FunctionTool(Strict):
    """A tool that takes JSON."""

    type: Literal["function"]
    """Type, always `function`."""
    function: Function
    """The function."""


class Grammar(Strict):
    """A format of the answer."""

    definition: str
    """The grammar."""
    syntax: Literal["lark", "regex"]
    """The language that it is written in."""


class TextFormat(Strict):
    """Any text."""

    type: Literal["text"]
    """Type, always `text`."""


class GrammarFormat(Strict):
    """Text that a grammar allows."""

    type: Literal["grammar"]
    """Type, always `grammar`."""
    grammar: Grammar
    """The grammar."""


class CustomToolDefinition(Strict):
    """A custom tool."""

    name: ToolName
    """Name of the tool."""
    description: str | None = None
    """Description of the tool, shown to the model."""
    format: Annotated[TextFormat | GrammarFormat, Tagged("type")] | None = None
    """Format of the input; any text where it is absent."""


class CustomTool(Strict):
    """A tool that takes free-form text."""

    type: Literal["custom"]
    """Type, always `custom`."""
    custom: CustomToolDefinition
    """Definition of the tool."""


#: `type` decides which.
Tool = Annotated[FunctionTool | CustomTool, Tagged("type")]


class FunctionName(Strict):
    """A tool by its name."""

    name: NonEmpty
    """Name of the function."""


class FunctionChoice(Strict):
    """A function, and no other."""

    type: Literal["function"]
    """Type, always `function`."""
    function: FunctionName
    """The function."""


class CustomChoice(Strict):
    """A custom tool, and no other."""

    type: Literal["custom"]
    """Type, always `custom`."""
    custom: FunctionName
    """The tool to call."""


class AllowedTools(Strict):
    """Some of the tools."""

    mode: Literal["auto", "required"]
    """Whether the model has to call one of them."""
    tools: Annotated[list[dict[str, JsonValue]], Field(max_length=MOST_PARTS)]
    """The tools, as choices."""


class AllowedToolsChoice(Strict):
    """One of these."""

    type: Literal["allowed_tools"]
    """Type, always `allowed_tools`."""
    allowed_tools: AllowedTools
    """The tools that the model may call."""


def _form(value: Any) -> str:
    return "<tool>" if isinstance(value, dict | BaseModel) else "<mode>"


#: A mode, or a tool.
ToolChoice = Annotated[
    Annotated[Literal["none", "auto", "required"], Tag("<mode>")]
    | Annotated[Annotated[FunctionChoice | CustomChoice | AllowedToolsChoice, Tagged("type")], Tag("<tool>")],
    Discriminator(_form),
]
