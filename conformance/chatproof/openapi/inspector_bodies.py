"""The bodies that the inspector page is made of: what `GET /openapi.json` says of them."""

from typing import Annotated, Literal, NotRequired

from pydantic import Field, JsonValue, with_config
from typing_extensions import TypedDict  # pydantic takes no other before Python 3.12

__all__ = ["Number", "Overview", "Seen", "Thread", "closed"]

#: A member that nobody told of is a member that the document lacks.
closed = with_config({"extra": "forbid"})
Number = Annotated[int, Field(ge=1)]


@closed
class Finding(TypedDict):
    """One of the verdict's findings, at the request that it belongs to."""

    kind: Literal["retry", "impatient", "duplicate", "gave-up", "abandoned", "refused"]
    level: Literal["good", "note", "bad"]
    text: str


@closed
class Row(TypedDict):
    """One request in a list; its title is what the user said last. Times are seconds of the fake's stopwatch."""

    number: Number
    method: str
    path: str
    status: int
    scenario: str
    outcome: str
    model: str
    stream: bool
    title: str
    arrived: float
    finished: float | None
    ending: Literal["complete", "left", "lost"] | None


@closed
class JournalRows(TypedDict):
    """One journal; without requests where none came or ended since then."""

    key: str
    count: Annotated[int, Field(ge=0)]
    oldest: Number
    left_out: NotRequired[Annotated[int, Field(ge=0)]]
    requests: NotRequired[list[Row]]
    conversations: NotRequired[list[list[Number]]]
    verdict: NotRequired[str]
    findings: NotRequired[dict[str, list[Finding]]]


@closed
class Overview(TypedDict):
    """All journals, that of requests without the key of a handle first."""

    now: float
    journals: list[JournalRows]


@closed
class AnswerCall(TypedDict):
    """A call of a function, as the client gets it."""

    id: str
    name: str
    arguments: str


@closed
class AnswerChoice(TypedDict):
    """One of the messages that are offered."""

    index: int
    text: str
    reasoning: str
    refusal: str
    finish: str
    calls: list[AnswerCall]


@closed
class AnswerSaid(TypedDict):
    """What an answer says, put together from its body or its events."""

    choices: list[AnswerChoice]
    error: str
    note: str
    usage: str


@closed
class Round(Row):
    """One request of a conversation: what it brings and leaves out, and what came back."""

    new: list[dict[str, JsonValue]]
    gone: list[dict[str, JsonValue]]
    memory: Literal["", "same", "changed", "left out"]
    said: AnswerSaid
    findings: list[Finding]


@closed
class Thread(TypedDict):
    """A conversation, round by round; of a long one the last rounds."""

    left_out: Annotated[int, Field(ge=0)]
    rounds: list[Round]


@closed
class Piece(TypedDict):
    """Something that an event says."""

    kind: str
    text: str
    choice: int


@closed
class Moment(TypedDict):
    """An event of a stream, or what happens to the connection, so many seconds after the answer began."""

    at: float
    kind: Literal[
        "event",
        "done",
        "comment",
        "blank",
        "unfinished",
        "cut",
        "reset",
        "half-close",
        "stall",
        "repeat",
        "broken",
    ]
    text: str
    name: str
    data: str
    garbled: bool
    pieces: list[Piece]


@closed
class Seen(TypedDict):
    """An answer as its client sees it. Offsets are those of the planned pauses."""

    status: int | None
    streamed: bool
    seconds: float
    body: str
    bytes: int
    timeline: list[Moment]
    said: AnswerSaid
