"""What a client's driver is asked: the requests of the protocol, one JSON object a line."""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "PROTOCOL",
    "Again",
    "Cancel",
    "Clear",
    "Close",
    "Fork",
    "Load",
    "Message",
    "Older",
    "Open",
    "Request",
    "Restart",
    "Say",
    "Window",
]

PROTOCOL = 1
"""The version. What a driver need not know may be added to it; what would break one is a new version."""

_CONVERSATION = (
    "The name of a conversation. One that was neither forked nor loaded begins when its name first comes."
)


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Request(_Line):
    id: Annotated[int, Field(ge=1, description="Counts up. The answers to this request carry it.")]


class Open(_Request):
    """Build a client: with an empty conversation, or with what it has stored in `home`. Answered with `ok`."""

    op: Literal["open"]
    protocol: Annotated[int, Field(description="The version of the protocol.")]
    base_url: Annotated[str, Field(description="Where the client sends its requests; ends in `/v1`.")]
    api_key: Annotated[str, Field(description="The key that it sends.")]
    model: Annotated[str, Field(description="The model that it asks for.")]
    system_prompt: Annotated[str, Field(description="The system prompt that it uses; empty for none.")]
    home: Annotated[str, Field(description="A folder of its own, for what it stores.")]
    window: Annotated[
        int | None,
        Field(description="The declared window in its unit; null: none, or its size is not known."),
    ]
    policy: Annotated[
        dict[str, Any],
        Field(description="All that is declared of the client, with the names of the policy's file."),
    ]
    tools: Annotated[
        dict[str, str],
        Field(
            description="What a client that answers calls has to offer: the names of tools, and what each does."
        ),
    ]


class Say(_Request):
    """Say something. Answered with `reply` or `error`, where it streams after any number of `piece`s."""

    op: Literal["say"]
    conversation: Annotated[str, Field(description=_CONVERSATION)]
    text: Annotated[str, Field(description="The user's message.")]
    stream: Annotated[bool, Field(description="Whether it is asked to stream; only where it can.")]


class Again(_Request):
    """Ask for the last reply again, in the place of the old one. Answered as `say` is."""

    op: Literal["again"]
    conversation: Annotated[str, Field(description=_CONVERSATION)]


class Cancel(_Request):
    """End an ask that is under way, which is answered then, however it ended. Answered with `ok`."""

    op: Literal["cancel"]
    of: Annotated[int, Field(ge=1, description="The `id` of the ask.")]


class Restart(_Request):
    """Carry on from what is stored, where `close` and `open` are not enough. Answered with `ok`."""

    op: Literal["restart"]


class Clear(_Request):
    """Forget a conversation. Answered with `ok`."""

    op: Literal["clear"]
    conversation: Annotated[str, Field(description=_CONVERSATION)]


class Fork(_Request):
    """Begin a branch: a conversation that has the first rounds of another. Answered with `ok`."""

    op: Literal["fork"]
    conversation: Annotated[str, Field(description="The conversation that is left as it is.")]
    at: Annotated[int, Field(ge=0, description="So many rounds of it are in the branch.")]
    new: Annotated[str, Field(description="The name of the branch.")]


class Window(_Request):
    """Set the window, in the unit that is declared, of all conversations, of later ones too. Answered with `ok`."""

    op: Literal["window"]
    n: Annotated[int, Field(ge=0, description="So many messages, rounds, turns or tokens.")]


class Message(_Line):
    """A message of a list that a conversation is made from."""

    role: Literal["user", "assistant"]
    content: str


class Load(_Request):
    """Make a conversation of a list of messages, in the place of one of that name. Answered with `ok`."""

    op: Literal["load"]
    messages: list[Message]
    new: Annotated[str, Field(description="The name of the conversation.")]


class Older(_Request):
    """Write the files in `home` as an older version of the client did. Answered with `ok`."""

    op: Literal["older"]


class Close(_Request):
    """The client is not needed any more; another `open` may follow. Answered with `ok`; the process may end then."""

    op: Literal["close"]


Request: TypeAlias = Annotated[
    Open | Say | Again | Cancel | Restart | Clear | Fork | Window | Load | Older | Close,
    Field(discriminator="op"),
]
"""Any of them."""
