"""Tools that a model is given."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, JsonValue, Tag

from chatschema.core.base import MOST_PARTS, NonEmpty, NonNegative, Tagged

from .body import Body

__all__ = ["CustomTool", "FunctionTool", "McpServer", "NamespaceTool", "OtherTool", "Tool"]


class _Named(Body):
    name: NonEmpty
    description: str | None = None
    defer_loading: bool | None = None
    allowed_callers: list[str] | None = None


class FunctionTool(_Named):
    """A function of the client's, with a JSON Schema of its parameters."""

    type: Literal["function"]
    parameters: dict[str, JsonValue] | None = None
    output_schema: dict[str, JsonValue] | None = None
    strict: bool | None = None


class CustomTool(_Named):
    """A tool of the client's that takes free-form text."""

    type: Literal["custom"]
    format: dict[str, JsonValue] | None = None


class OtherTool(Body):
    """A tool of a kind that the contract does not know."""

    type: str


class NamespaceTool(Body):
    """Tools under one name."""

    type: Literal["namespace"]
    name: NonEmpty
    description: str | None = None
    tools: Annotated[
        list[Annotated[FunctionTool | CustomTool, Tagged("type", other=OtherTool)]],
        Field(max_length=MOST_PARTS),
    ]


class FileSearchTool(Body):
    """Search in uploaded files."""

    type: Literal["file_search"]
    vector_store_ids: list[str]
    max_num_results: NonNegative | None = None
    ranking_options: dict[str, JsonValue] | None = None
    filters: dict[str, JsonValue] | None = None


class WebSearchTool(Body):
    """Search in the web."""

    type: Literal[
        "web_search", "web_search_2025_08_26", "web_search_preview", "web_search_preview_2025_03_11"
    ]
    filters: dict[str, JsonValue] | None = None
    user_location: dict[str, JsonValue] | None = None
    search_context_size: str | None = None
    search_content_types: list[str] | None = None
    external_web_access: bool | None = None
    return_token_budget: str | None = None


def _container(value: Any) -> str:
    return "<named>" if isinstance(value, str) else "<made>"


class CodeInterpreterTool(Body):
    """Run programs in a container: a named one, or one that is made for it."""

    type: Literal["code_interpreter"]
    container: (
        Annotated[
            Annotated[str, Tag("<named>")] | Annotated[dict[str, JsonValue], Tag("<made>")],
            Discriminator(_container),
        ]
        | None
    ) = None
    allowed_callers: list[str] | None = None


class ImageGenerationTool(Body):
    """Make images."""

    type: Literal["image_generation"]
    model: str | None = None
    action: str | None = None
    background: str | None = None
    input_fidelity: str | None = None
    input_image_mask: dict[str, JsonValue] | None = None
    moderation: str | None = None
    n: NonNegative | None = None
    output_compression: NonNegative | None = None
    output_format: str | None = None
    partial_images: NonNegative | None = None
    quality: str | None = None
    size: str | None = None


class McpServer(Body):
    """The tools of an MCP server."""

    type: Literal["mcp"]
    server_label: NonEmpty
    server_url: str | None = None
    connector_id: str | None = None
    tunnel_id: str | None = None
    authorization: str | None = None
    server_description: str | None = None
    headers: dict[str, JsonValue] | None = None
    allowed_tools: JsonValue = None
    allowed_callers: list[str] | None = None
    require_approval: JsonValue = None
    defer_loading: bool | None = None


class ToolSearchTool(Body):
    """Look for tools among those that are loaded when they are needed."""

    type: Literal["tool_search"]
    execution: str | None = None
    description: str | None = None
    parameters: dict[str, JsonValue] | None = None


class MachineTool(Body):
    """A screen, a shell, files to be patched, or programs that call tools."""

    type: Literal[
        "computer",
        "computer_use_preview",
        "local_shell",
        "shell",
        "apply_patch",
        "programmatic_tool_calling",
    ]
    environment: JsonValue = None
    display_width: NonNegative | None = None
    display_height: NonNegative | None = None
    allowed_callers: list[str] | None = None


#: `type` decides which.
Tool = Annotated[
    FunctionTool
    | CustomTool
    | NamespaceTool
    | FileSearchTool
    | WebSearchTool
    | CodeInterpreterTool
    | ImageGenerationTool
    | McpServer
    | ToolSearchTool
    | MachineTool,
    Tagged("type", other=OtherTool),
]
