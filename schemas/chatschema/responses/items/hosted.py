"""Items of tools that the server runs. Servers differ in what they tell of them, so little is asked for.

The specification's own list of members is the rule `responses.spec-complete`.
"""

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from chatschema.core.base import MOST_PARTS, NonEmpty, Tagged
from chatschema.responses.body import Body
from chatschema.responses.number import Number

__all__ = [
    "CodeInterpreterCallItem",
    "FileSearchCallItem",
    "ImageGenerationCallItem",
    "McpApprovalRequestItem",
    "McpApprovalResponseItem",
    "McpCallItem",
    "McpListToolsItem",
    "WebSearchCallItem",
    "WorkStatus",
]

WorkStatus = Literal[
    "in_progress", "searching", "interpreting", "generating", "calling", "completed", "incomplete", "failed"
]


class FoundFile(Body):
    """One find of a file search."""

    file_id: str | None = None
    filename: str | None = None
    text: str | None = None
    score: Number | None = None
    attributes: dict[str, JsonValue] | None = None
    vector_store_id: str | None = None


class FileSearchCallItem(Body):
    """The server searched files."""

    type: Literal["file_search_call"]
    id: NonEmpty
    status: WorkStatus | None = None
    queries: list[str] | None = None
    results: list[FoundFile] | None = None


class WebSearch(Body):
    """A search of the web."""

    type: Literal["search"]
    query: str | None = None
    queries: list[str] | None = None
    sources: list[dict[str, JsonValue]] | None = None


class OpenPage(Body):
    """A page that was read."""

    type: Literal["open_page"]
    url: str | None = None


class FindInPage(Body):
    """A page that was searched."""

    type: Literal["find_in_page"]
    url: str | None = None
    pattern: str | None = None


class OtherAction(Body):
    """An action that the contract does not know."""

    type: str


class WebSearchCallItem(Body):
    """The server went to the web. Without an action while it has not decided on one."""

    type: Literal["web_search_call"]
    id: NonEmpty
    status: WorkStatus | None = None
    action: Annotated[WebSearch | OpenPage | FindInPage, Tagged("type", other=OtherAction)] | None = None


class Logs(Body):
    """What a program printed."""

    type: Literal["logs"]
    logs: str


class MadeImage(Body):
    """An image that a program made."""

    type: Literal["image"]
    url: str


class CodeInterpreterCallItem(Body):
    """The server ran a program of the model's."""

    type: Literal["code_interpreter_call"]
    id: NonEmpty
    status: WorkStatus | None = None
    container_id: str | None = None
    code: str | None = None
    outputs: list[Annotated[Logs | MadeImage, Tagged("type", other=OtherAction)]] | None = None


class ImageGenerationCallItem(Body):
    """The server made an image: `result` is its base64."""

    type: Literal["image_generation_call"]
    id: NonEmpty
    status: WorkStatus | None = None
    result: str | None = None
    revised_prompt: str | None = None
    background: str | None = None
    output_format: str | None = None
    quality: str | None = None
    size: str | None = None


class McpCallItem(Body):
    """The server called a tool of an MCP server. `error` is an object, and was text in the API's first months."""

    type: Literal["mcp_call"]
    id: NonEmpty
    server_label: str
    name: NonEmpty
    arguments: str
    output: str | None = None
    error: JsonValue = None
    status: WorkStatus | None = None
    approval_request_id: str | None = None


class McpTool(Body):
    """One tool of an MCP server."""

    name: NonEmpty
    description: str | None = None
    input_schema: JsonValue = None
    annotations: JsonValue = None


class McpListToolsItem(Body):
    """What an MCP server has to offer."""

    type: Literal["mcp_list_tools"]
    id: NonEmpty
    server_label: str
    tools: Annotated[list[McpTool], Field(max_length=MOST_PARTS)]
    error: JsonValue = None


class McpApprovalRequestItem(Body):
    """A request to approve a tool call."""

    type: Literal["mcp_approval_request"]
    id: NonEmpty
    server_label: str
    name: NonEmpty
    arguments: str


class McpApprovalResponseItem(Body):
    """The approval or refusal of a tool call."""

    type: Literal["mcp_approval_response"]
    id: NonEmpty | None = None
    approval_request_id: NonEmpty
    approve: bool
    reason: str | None = None
