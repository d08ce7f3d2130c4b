"""Events that bring what a tool is called with, piece by piece, and then as a whole."""

from typing import Annotated, Literal

from pydantic import Field

from chatschema.core.base import MOST_PARTS, NonEmpty, NonNegative, Text
from chatschema.responses.body import Body
from chatschema.responses.items.machine import CommandOutput

from .items import ItemEvent
from .lifecycle import NumberedEvent

__all__ = [
    "ApplyPatchDiffDeltaEvent",
    "ApplyPatchDiffDoneEvent",
    "CodeDeltaEvent",
    "CodeDoneEvent",
    "CustomInputDeltaEvent",
    "CustomInputDoneEvent",
    "FunctionArgumentsDeltaEvent",
    "FunctionArgumentsDoneEvent",
    "McpArgumentsDeltaEvent",
    "McpArgumentsDoneEvent",
    "ShellCommandAddedEvent",
    "ShellCommandDeltaEvent",
    "ShellCommandDoneEvent",
    "ShellOutputDeltaEvent",
    "ShellOutputDoneEvent",
]


class _DeltaEvent(ItemEvent):
    delta: Text
    obfuscation: Annotated[
        str | None, Field(description="Random padding, which hides the length of the token.")
    ] = None


class FunctionArgumentsDeltaEvent(_DeltaEvent):
    """More of the arguments of a function call."""

    type: Literal["response.function_call_arguments.delta"]


class FunctionArgumentsDoneEvent(ItemEvent):
    """The arguments as a whole. The specification requires `name`; 154 of 154 events of OpenAI's have none."""

    type: Literal["response.function_call_arguments.done"]
    arguments: Text
    name: str | None = None


class McpArgumentsDeltaEvent(_DeltaEvent):
    """More of the arguments for an MCP server's tool."""

    type: Literal["response.mcp_call_arguments.delta"]


class McpArgumentsDoneEvent(ItemEvent):
    """The whole arguments."""

    type: Literal["response.mcp_call_arguments.done"]
    arguments: Text


class CustomInputDeltaEvent(_DeltaEvent):
    """More of a custom tool's input."""

    type: Literal["response.custom_tool_call_input.delta"]


class CustomInputDoneEvent(ItemEvent):
    """The whole input."""

    type: Literal["response.custom_tool_call_input.done"]
    input: Text


class CodeDeltaEvent(_DeltaEvent):
    """More of a program."""

    type: Literal["response.code_interpreter_call_code.delta"]


class CodeDoneEvent(ItemEvent):
    """The whole program."""

    type: Literal["response.code_interpreter_call_code.done"]
    code: str


class ApplyPatchDiffDeltaEvent(_DeltaEvent):
    """More of a patch. OpenAI sends it (4 of it recorded), and the specification has no word of it."""

    type: Literal["response.apply_patch_call_operation_diff.delta"]


class ApplyPatchDiffDoneEvent(ItemEvent):
    """The whole patch."""

    type: Literal["response.apply_patch_call_operation_diff.done"]
    diff: str


class _CommandEvent(NumberedEvent):
    output_index: NonNegative
    command_index: NonNegative
    item_id: NonEmpty | None = None  # neither specified nor recorded


class ShellCommandAddedEvent(_CommandEvent):
    """A command begins."""

    type: Literal["response.shell_call_command.added"]
    command: str


class ShellCommandDeltaEvent(_CommandEvent):
    """More of a command."""

    type: Literal["response.shell_call_command.delta"]
    delta: Text
    obfuscation: str | None = None


class ShellCommandDoneEvent(_CommandEvent):
    """The whole command."""

    type: Literal["response.shell_call_command.done"]
    command: str


class ShellOutput(Body):
    """What a command printed just now."""

    stdout: str | None = None
    stderr: str | None = None


class ShellOutputDeltaEvent(ItemEvent):
    """More of what a command prints."""

    type: Literal["response.shell_call_output_content.delta"]
    command_index: NonNegative
    delta: ShellOutput


class ShellOutputDoneEvent(ItemEvent):
    """All that the commands printed."""

    type: Literal["response.shell_call_output_content.done"]
    command_index: NonNegative
    output: Annotated[list[CommandOutput], Field(max_length=MOST_PARTS)]
