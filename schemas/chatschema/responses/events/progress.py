"""Events that tell how far a tool is that the server runs."""

from typing import Literal

from chatschema.core.base import NonNegative

from .items import ItemEvent

__all__ = [
    "CodeInterpreterProgressEvent",
    "FileSearchProgressEvent",
    "ImageGenerationProgressEvent",
    "McpCallProgressEvent",
    "McpListToolsProgressEvent",
    "PartialImageEvent",
    "WebSearchProgressEvent",
]


class FileSearchProgressEvent(ItemEvent):
    """A search in files."""

    type: Literal[
        "response.file_search_call.in_progress",
        "response.file_search_call.searching",
        "response.file_search_call.completed",
    ]


class WebSearchProgressEvent(ItemEvent):
    """A search in the web."""

    type: Literal[
        "response.web_search_call.in_progress",
        "response.web_search_call.searching",
        "response.web_search_call.completed",
    ]


class CodeInterpreterProgressEvent(ItemEvent):
    """A program."""

    type: Literal[
        "response.code_interpreter_call.in_progress",
        "response.code_interpreter_call.interpreting",
        "response.code_interpreter_call.completed",
    ]


class ImageGenerationProgressEvent(ItemEvent):
    """An image."""

    type: Literal[
        "response.image_generation_call.in_progress",
        "response.image_generation_call.generating",
        "response.image_generation_call.completed",
    ]


class PartialImageEvent(ItemEvent):
    """An image as far as it is, in base64."""

    type: Literal["response.image_generation_call.partial_image"]
    partial_image_index: NonNegative
    partial_image_b64: str
    background: str | None = None
    output_format: str | None = None
    quality: str | None = None
    size: str | None = None


class McpCallProgressEvent(ItemEvent):
    """A call of an MCP server's tool."""

    type: Literal["response.mcp_call.in_progress", "response.mcp_call.completed", "response.mcp_call.failed"]


class McpListToolsProgressEvent(ItemEvent):
    """A list of an MCP server's tools."""

    type: Literal[
        "response.mcp_list_tools.in_progress",
        "response.mcp_list_tools.completed",
        "response.mcp_list_tools.failed",
    ]
