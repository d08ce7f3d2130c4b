"""Which tool the model has to call, if any."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, JsonValue, Tag

from chatschema.core.base import NonEmpty, Tagged

from .body import Body

__all__ = ["AllowedTools", "NamedTool", "OtherChoice", "ToolChoice"]


class NamedTool(Body):
    """One function or custom tool, and no other."""

    type: Literal["function", "custom"]
    name: NonEmpty


class McpChoice(Body):
    """A tool of one MCP server."""

    type: Literal["mcp"]
    server_label: NonEmpty
    name: str | None = None


class AllowedTools(Body):
    """One of these, or none where the mode leaves it open."""

    type: Literal["allowed_tools"]
    mode: Literal["auto", "required"]
    tools: list[dict[str, JsonValue]]


class OtherChoice(Body):
    """A tool that needs no name: its type says which."""

    type: str


def _form(value: Any) -> str:
    return "<mode>" if isinstance(value, str) else "<tool>"


#: A mode, or a tool.
ToolChoice = Annotated[
    Annotated[Literal["none", "auto", "required"], Tag("<mode>")]
    | Annotated[
        Annotated[NamedTool | McpChoice | AllowedTools, Tagged("type", other=OtherChoice)], Tag("<tool>")
    ],
    Discriminator(_form),
]
