"""The items of an answer: whatever a model says, thinks or does, in its order."""

from typing import Annotated

from chatschema.core.base import Tagged
from chatschema.responses.body import Body

from .calls import (
    AdditionalToolsItem,
    CustomCallItem,
    CustomCallOutputItem,
    FunctionCallItem,
    FunctionCallOutputItem,
    ProgramItem,
    ProgramOutputItem,
    ToolSearchCallItem,
    ToolSearchOutputItem,
)
from .hosted import (
    CodeInterpreterCallItem,
    FileSearchCallItem,
    ImageGenerationCallItem,
    McpApprovalRequestItem,
    McpApprovalResponseItem,
    McpCallItem,
    McpListToolsItem,
    WebSearchCallItem,
)
from .machine import (
    ApplyPatchCallItem,
    ApplyPatchOutputItem,
    ComputerCallItem,
    ComputerCallOutputItem,
    LocalShellCallItem,
    LocalShellOutputItem,
    ShellCallItem,
    ShellCallOutputItem,
)
from .messages import CompactionItem, OutputMessage, ReasoningItem

__all__ = ["OtherItem", "OutputItem", "SharedItem"]


class OtherItem(Body):
    """An item of a kind that the contract does not know: Open Responses lets vendors add their own."""

    type: str


#: What an answer and a request can both hold.
SharedItem = (
    ReasoningItem
    | CompactionItem
    | FunctionCallItem
    | FunctionCallOutputItem
    | CustomCallItem
    | CustomCallOutputItem
    | ToolSearchCallItem
    | ToolSearchOutputItem
    | AdditionalToolsItem
    | ProgramItem
    | ProgramOutputItem
    | FileSearchCallItem
    | WebSearchCallItem
    | CodeInterpreterCallItem
    | ImageGenerationCallItem
    | McpCallItem
    | McpListToolsItem
    | McpApprovalRequestItem
    | McpApprovalResponseItem
    | ComputerCallItem
    | ComputerCallOutputItem
    | LocalShellCallItem
    | LocalShellOutputItem
    | ShellCallItem
    | ShellCallOutputItem
    | ApplyPatchCallItem
    | ApplyPatchOutputItem
)
#: `type` decides which. All 28 of the specification.
OutputItem = Annotated[OutputMessage | SharedItem, Tagged("type", other=OtherItem)]
