"""What the model says, before anyone thinks of JSON, streams or bytes."""

from collections.abc import Callable
from dataclasses import dataclass, field

from chatfake.request.chat_request import Chat


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """A call of one function. `arguments` is JSON text as the model wrote it, so it may be broken."""

    name: str
    arguments: str = "{}"
    #: Derived from the request when it is empty.
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One message of the assistant.

    `text` None is a message without text (content null). `finish_reason` empty is the natural one:
    `tool_calls` after calls, `stop` after anything else.
    """

    text: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    refusal: str | None = None
    finish_reason: str = ""
    #: What the model thinks before it speaks. It is told where the dialect tells it, and counted everywhere. No part of
    #: what ids hang on.
    reasoning: str | None = field(default=None, repr=False)
    #: The stop sequence that ended it. Not part of what is said, so that ids do not hang on it.
    stopped_by: str = field(default="", repr=False)

    @property
    def ending(self) -> str:
        """The finish reason that is sent."""
        return self.finish_reason or ("tool_calls" if self.tool_calls else "stop")


#: From a request to what is said: one reply a choice, none for an empty `choices`.
Speak = Callable[[Chat], tuple[Reply, ...]]


def saying(reply: Reply) -> Speak:
    """Says the same in every choice that the request asks for."""
    return lambda chat: (reply,) * chat.n
