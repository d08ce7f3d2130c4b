"""The bodies that only the fake has, under `/_fake/`: what `GET /openapi.json` says of them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field, JsonValue, TypeAdapter
from typing_extensions import TypedDict  # pydantic takes no other before Python 3.12

from chatproof.openapi import inspector_bodies as inspector
from chatproof.openapi.inspector_bodies import Number, closed

__all__ = ["BODIES"]


@closed
class Line(TypedDict):
    """A message as a line of a history; calls of tools are written into its text."""

    role: str
    text: str


@closed
class Summary(TypedDict):
    """One request, and what became of it. Times are seconds of the fake's stopwatch."""

    number: Number
    method: str
    path: str
    status: int
    scenario: str
    outcome: str
    model: JsonValue
    stream: bool
    messages: list[Line]
    arrived: float
    finished: float | None
    ending: Literal["complete", "left", "lost"] | None


@closed
class Journal(TypedDict):
    """What reached the fake, the oldest first, as far back as it remembers."""

    requests: list[Summary]
    count: Annotated[int, Field(ge=0)]


@closed
class Step(TypedDict):
    """One thing that happened on the connection."""

    send: NotRequired[str]
    bytes: NotRequired[int]
    pause: NotRequired[float | None]
    loss: NotRequired[Literal["cut", "reset", "half-close"]]
    repeat: NotRequired[str]


@closed
class Answer(inspector.Seen):
    """What was answered, step by step, and what the client sees of it."""

    headers: list[tuple[str, str]]
    steps: list[Step]


@closed
class Whole(Summary):
    """One request whole. Keys in headers are hidden. `rule` is a script that has it answered the same way."""

    query: str
    headers: list[tuple[str, str]]
    json: JsonValue
    body: str
    answer: Answer | None
    curl: str | None
    rule: str | None


@closed
class Retry(TypedDict):
    """The same request once more, after one that failed."""

    after: Number
    number: Number
    waited: float
    asked_to_wait: float | None
    obeyed: bool


@closed
class Verdict(TypedDict):
    """How the client behaved; numbers are those of requests."""

    requests: Annotated[int, Field(ge=0)]
    retries: list[Retry]
    gave_up: list[Number]
    duplicates: list[Number]
    abandoned: list[Number]
    under_way: list[Number]
    refused: list[Number]
    text: str


@closed
class Conversation(TypedDict):
    """Requests of which each carries on the history of the one before, and the last one's messages."""

    requests: list[Number]
    messages: list[Line]


@closed
class Conversations(TypedDict):
    """All conversations of a key."""

    conversations: list[Conversation]


@closed
class Keys(TypedDict):
    """The keys that have a desk of their own."""

    keys: list[str]


@closed
class Key(TypedDict):
    """A new key."""

    key: str


@closed
class Count(TypedDict):
    """How many requests came."""

    count: Annotated[int, Field(ge=0)]


@closed
class ResponseTokens(TypedDict):
    """What a request for a response would cost."""

    object: Literal["response.input_tokens"]
    input_tokens: Annotated[int, Field(ge=0)]


@closed
class Changes(TypedDict):
    """How many changes there were."""

    changes: Annotated[int, Field(ge=0)]


@closed
class Call(TypedDict):
    """A call of a tool; arguments that are a text stand as they are, broken JSON too."""

    name: str
    arguments: NotRequired[str | dict[str, JsonValue] | list[JsonValue]]
    id: NotRequired[str]


@closed
class Said(TypedDict):
    """What is said, and what befalls it."""

    text: NotRequired[str]
    refusal: NotRequired[str]
    tool_calls: NotRequired[list[Call]]
    finish_reason: NotRequired[str]
    scenario: NotRequired[str]
    plan: NotRequired[str]
    faults: NotRequired[list[str]]


@closed
class When(TypedDict):
    """Conditions that must all hold; texts are those of the last user message."""

    text: NotRequired[str]
    contains: NotRequired[str]
    matches: NotRequired[str]
    role: NotRequired[str]
    tool: NotRequired[str]
    model: NotRequired[str]
    adapter: NotRequired[str]
    turn: NotRequired[Annotated[int, Field(ge=1, le=999_999)]]
    header: NotRequired[dict[str, str]]


@closed
class Rule(TypedDict):
    """An answer, and when it is given."""

    when: NotRequired[When]
    answer: str | Said


@closed
class Scripted(TypedDict):
    """What answers, asked in this order: rules, turns, answers."""

    rules: NotRequired[list[Rule]]
    turns: NotRequired[dict[Annotated[str, Field(pattern="^[1-9][0-9]{0,5}$")], str | Said]]
    answers: NotRequired[list[str | Said]]
    dry: NotRequired[Literal["default", "repeat", "error"]]


@closed
class Script(Scripted):
    """A script for whoever the query names, and for other keys."""

    keys: NotRequired[dict[str, Scripted | list[str | Said]]]


#: By the names that `chatfake.routes.operations` uses.
BODIES: Mapping[str, TypeAdapter[Any]] = MappingProxyType(
    {
        "fake.journal": TypeAdapter(Journal),
        "fake.request": TypeAdapter(Whole),
        "fake.verdict": TypeAdapter(Verdict),
        "fake.conversations": TypeAdapter(Conversations),
        "fake.conversation": TypeAdapter(inspector.Thread),
        "fake.overview": TypeAdapter(inspector.Overview),
        "fake.keys": TypeAdapter(Keys),
        "fake.key": TypeAdapter(Key),
        "fake.count": TypeAdapter(Count),
        "fake.response_tokens": TypeAdapter(ResponseTokens),
        "fake.changes": TypeAdapter(Changes),
        "fake.script": TypeAdapter(Script | list[str | Said]),
        "fake.openapi": TypeAdapter(dict[str, JsonValue]),
    }
)
