"""Items in which the model works a machine: a screen, a shell, files to be patched."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from chatschema.core.base import MOST_PARTS, Integer, NonEmpty, NonNegative, Tagged
from chatschema.responses.body import Body
from chatschema.responses.caller import Caller

from .hosted import WorkStatus

__all__ = [
    "ApplyPatchCallItem",
    "ApplyPatchOutputItem",
    "ComputerCallItem",
    "ComputerCallOutputItem",
    "LocalShellCallItem",
    "LocalShellOutputItem",
    "ShellCallItem",
    "ShellCallOutputItem",
]


class SafetyCheck(Body):
    """Something to be confirmed before the model goes on."""

    id: str
    code: str | None = None
    message: str | None = None


class ComputerCallItem(Body):
    """The model works a screen: `action` (one, older models) or `actions`, each with a `type`, click to wait."""

    type: Literal["computer_call"]
    id: NonEmpty
    call_id: NonEmpty
    action: dict[str, JsonValue] | None = None
    actions: list[dict[str, JsonValue]] | None = None
    pending_safety_checks: list[SafetyCheck] | None = None
    status: WorkStatus | None = None


class Screenshot(Body):
    """What the screen shows."""

    type: Literal["computer_screenshot"]
    image_url: str | None = None
    file_id: str | None = None


class ComputerCallOutputItem(Body):
    """The screen after it."""

    type: Literal["computer_call_output"]
    id: NonEmpty | None = None
    call_id: NonEmpty
    output: Screenshot
    acknowledged_safety_checks: list[SafetyCheck] | None = None
    status: WorkStatus | None = None
    created_by: str | None = None


class LocalCommand(Body):
    """A command for the client's own shell."""

    type: Literal["exec"]
    command: list[str]
    env: dict[str, JsonValue] | None = None
    working_directory: str | None = None
    timeout_ms: Integer | None = None
    user: str | None = None


class LocalShellCallItem(Body):
    """The model runs a command at the client's."""

    type: Literal["local_shell_call"]
    id: NonEmpty
    call_id: NonEmpty
    action: LocalCommand
    status: WorkStatus | None = None


class LocalShellOutputItem(Body):
    """What the command printed."""

    type: Literal["local_shell_call_output"]
    id: NonEmpty | None = None
    call_id: NonEmpty | None = None
    output: str
    status: WorkStatus | None = None


class Commands(Body):
    """Commands for a shell."""

    commands: Annotated[list[str], Field(max_length=MOST_PARTS)]
    timeout_ms: Integer | None = None
    max_output_length: Integer | None = None


class ShellCallItem(Body):
    """The model runs commands, in a container of the server's or at the client's."""

    type: Literal["shell_call"]
    id: NonEmpty | None = None
    call_id: NonEmpty
    action: Commands
    environment: dict[str, JsonValue] | None = None
    caller: Caller | None = None
    status: WorkStatus | None = None
    created_by: str | None = None


class CommandOutput(Body):
    """What one command printed, and how it ended."""

    stdout: str
    stderr: str
    outcome: dict[str, JsonValue] | None = None
    created_by: str | None = None


class ShellCallOutputItem(Body):
    """What the commands printed."""

    type: Literal["shell_call_output"]
    id: NonEmpty | None = None
    call_id: NonEmpty
    output: Annotated[list[CommandOutput], Field(max_length=MOST_PARTS)]
    max_output_length: NonNegative | None = None
    caller: Caller | None = None
    status: WorkStatus | None = None
    created_by: str | None = None


class WriteFile(Body):
    """Make a file, or change one."""

    type: Literal["create_file", "update_file"]
    path: str
    diff: str


class DeleteFile(Body):
    """Delete a file."""

    type: Literal["delete_file"]
    path: str


class OtherOperation(Body):
    """An operation that the contract does not know."""

    type: str


class ApplyPatchCallItem(Body):
    """The model changes a file."""

    type: Literal["apply_patch_call"]
    id: NonEmpty | None = None
    call_id: NonEmpty
    operation: Annotated[WriteFile | DeleteFile, Tagged("type", other=OtherOperation)]
    caller: Caller | None = None
    status: WorkStatus | None = None
    created_by: str | None = None


class ApplyPatchOutputItem(Body):
    """Whether it could be done."""

    type: Literal["apply_patch_call_output"]
    id: NonEmpty | None = None
    call_id: NonEmpty
    output: str | None = None
    caller: Caller | None = None
    status: WorkStatus | None = None
    created_by: str | None = None
