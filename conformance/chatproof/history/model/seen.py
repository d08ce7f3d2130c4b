"""What happened when a plan was played: the requests of the client, what they were answered, and what `say` gave back.

The oracle reads this, and never the plan.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from chatproof.history.model.message import Message, sent_messages
from chatproof.history.model.plan import Answer, Move
from chatproof.history.model.policy import Policy
from chatschema import JsonObject, JsonValue

__all__ = [
    "Ask",
    "Cancelled",
    "Displayed",
    "Ending",
    "Exchange",
    "File",
    "Hung",
    "Play",
    "Printed",
    "Raised",
    "Returned",
    "Step",
]


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One request of the client, and what it was answered.

    `answer` has its words and ids filled in, and is the one that was sent: an answer that a route or mode cannot have
    was replaced by an ordinary one. `arrived` is what of its text was sent before it ended.
    """

    number: int  #: counts from 1 within a play
    route: str  #: `chat`, `responses` or `completions`
    body: bytes = field(repr=False)
    answer: Answer
    arrived: str = ""
    status: int = 200  #: 0: the connection was lost before there was one
    streamed: bool = False
    left: bool = False  #: the client was gone before the last byte
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)  #: lower case, no keys

    @cached_property
    def messages(self) -> tuple[Message, ...]:
        """What it carries."""
        return sent_messages(self.body, self.route)

    @cached_property
    def json(self) -> JsonObject:
        """The body; empty where it is no JSON object."""
        try:
            value: JsonValue = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    @property
    def model(self) -> str:
        """The model that is asked."""
        return str(self.json.get("model", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """The client gave this back; None: nothing. `shown` is the repr of what is no text."""

    text: str | None
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """The client is a program that printed this and ended well. `aside` is what it said on standard error."""

    text: str
    aside: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Displayed:
    """The client is a program that showed this before it asked for more: reply, error and decoration in one."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """The client raised; `error` is the exception's type and text."""

    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hung:
    """The client did not come back within these seconds."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """The ask was cancelled when so many pieces had been sent, and these had reached the caller."""

    pieces: int
    text: str = ""


Ending = Returned | Printed | Displayed | Raised | Hung | Cancelled


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One call of `say` or `again`: in which conversation, what was said (for `again` nothing), how it ended."""

    to: str
    said: str
    ending: Ending


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file in the folder of a client: its mode bits, its size, the digest of the beginning of its bytes.

    A `foreign` one is another program's: the client has no business with it.
    """

    mode: int
    size: int
    digest: str
    holds_key: bool = False
    foreign: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One move as it went. A move that says nothing has no asks; where it failed itself, `failure` says how.

    `files` is what lies in the client's folder after it, by path.
    """

    move: Move
    asks: tuple[Ask, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    failure: str = ""
    seconds: float = 0.0
    printed: str = ""
    files: Mapping[str, File] = field(default_factory=dict[str, File], repr=False)
    lost: tuple[str, ...] = ()  #: files that were spoiled and whose bytes are nowhere in the folder any more
    loaded: tuple[str, ...] = ()  #: the texts of a list that a conversation was made from
    altered: str = ""  #: what has become of such a list since, where the client has changed it


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """A played plan. It ends early where the client hung, or where it could not go on.

    Where it is not `heard`, the client may have told its user things that are in no step.
    """

    policy: Policy
    system_prompt: str
    steps: tuple[Step, ...]
    heard: bool = False

    def exchanges(self) -> Iterator[tuple[int, Exchange]]:
        """Every exchange with the number of its step."""
        for at, step in enumerate(self.steps):
            for exchange in step.exchanges:
                yield at, exchange
