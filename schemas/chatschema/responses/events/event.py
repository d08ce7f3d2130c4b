"""One event of a stream: the specification's 58, two that OpenAI sends besides, and Open Responses' two names."""

from typing import Annotated

from chatschema.core.base import Tagged

from .calls import (
    ApplyPatchDiffDeltaEvent,
    ApplyPatchDiffDoneEvent,
    CodeDeltaEvent,
    CodeDoneEvent,
    CustomInputDeltaEvent,
    CustomInputDoneEvent,
    FunctionArgumentsDeltaEvent,
    FunctionArgumentsDoneEvent,
    McpArgumentsDeltaEvent,
    McpArgumentsDoneEvent,
    ShellCommandAddedEvent,
    ShellCommandDeltaEvent,
    ShellCommandDoneEvent,
    ShellOutputDeltaEvent,
    ShellOutputDoneEvent,
)
from .items import (
    AnnotationAddedEvent,
    ContentPartAddedEvent,
    ContentPartDoneEvent,
    OutputItemAddedEvent,
    OutputItemDoneEvent,
    ReasoningSummaryPartAddedEvent,
    ReasoningSummaryPartDoneEvent,
)
from .lifecycle import (
    CompletedEvent,
    CreatedEvent,
    ErrorEvent,
    FailedEvent,
    IncompleteEvent,
    InProgressEvent,
    NumberedEvent,
    QueuedEvent,
)
from .progress import (
    CodeInterpreterProgressEvent,
    FileSearchProgressEvent,
    ImageGenerationProgressEvent,
    McpCallProgressEvent,
    McpListToolsProgressEvent,
    PartialImageEvent,
    WebSearchProgressEvent,
)
from .text import (
    AudioDeltaEvent,
    AudioDoneEvent,
    AudioTranscriptDeltaEvent,
    AudioTranscriptDoneEvent,
    OutputTextDeltaEvent,
    OutputTextDoneEvent,
    ReasoningSummaryTextDeltaEvent,
    ReasoningSummaryTextDoneEvent,
    ReasoningTextDeltaEvent,
    ReasoningTextDoneEvent,
    RefusalDeltaEvent,
    RefusalDoneEvent,
)

__all__ = ["OtherEvent", "ResponseEvent"]


class OtherEvent(NumberedEvent):
    """An event that the contract does not know. OpenAI has sent a `keepalive`, once; vendors may add their own."""

    type: str


#: `type` decides which.
ResponseEvent = Annotated[
    CreatedEvent
    | QueuedEvent
    | InProgressEvent
    | CompletedEvent
    | IncompleteEvent
    | FailedEvent
    | ErrorEvent
    | OutputItemAddedEvent
    | OutputItemDoneEvent
    | ContentPartAddedEvent
    | ContentPartDoneEvent
    | ReasoningSummaryPartAddedEvent
    | ReasoningSummaryPartDoneEvent
    | AnnotationAddedEvent
    | OutputTextDeltaEvent
    | OutputTextDoneEvent
    | RefusalDeltaEvent
    | RefusalDoneEvent
    | ReasoningTextDeltaEvent
    | ReasoningTextDoneEvent
    | ReasoningSummaryTextDeltaEvent
    | ReasoningSummaryTextDoneEvent
    | AudioDeltaEvent
    | AudioDoneEvent
    | AudioTranscriptDeltaEvent
    | AudioTranscriptDoneEvent
    | FunctionArgumentsDeltaEvent
    | FunctionArgumentsDoneEvent
    | McpArgumentsDeltaEvent
    | McpArgumentsDoneEvent
    | CustomInputDeltaEvent
    | CustomInputDoneEvent
    | CodeDeltaEvent
    | CodeDoneEvent
    | ApplyPatchDiffDeltaEvent
    | ApplyPatchDiffDoneEvent
    | ShellCommandAddedEvent
    | ShellCommandDeltaEvent
    | ShellCommandDoneEvent
    | ShellOutputDeltaEvent
    | ShellOutputDoneEvent
    | FileSearchProgressEvent
    | WebSearchProgressEvent
    | CodeInterpreterProgressEvent
    | ImageGenerationProgressEvent
    | PartialImageEvent
    | McpCallProgressEvent
    | McpListToolsProgressEvent,
    Tagged("type", other=OtherEvent),
]
