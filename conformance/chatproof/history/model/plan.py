"""What is done with a client: plain data, so that it shrinks, prints, and travels to other processes.

In what is said and answered the mark `§` stands for words that are said once in a run. By them every message of a
request has one provenance, however much of it is damaged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, TypeAlias, cast

__all__ = [
    "MARK",
    "ORDINARY",
    "Again",
    "Answer",
    "Call",
    "Clear",
    "Fork",
    "Load",
    "Move",
    "Plan",
    "Restart",
    "Say",
    "Spoil",
    "Spoilage",
    "Tear",
    "Together",
    "Widen",
    "move_from_json",
    "move_to_json",
]

MARK = "§"

FIRST = "a"
"""The conversation that every client has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call of a tool in an answer. `look_up` gives its words back, `break_down` raises, others are unknown."""

    tool: str = "look_up"
    arguments: str = f'{{"query": "{MARK}"}}'
    id: str = ""  #: given when the plan is played


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the endpoint answers to one request: the name of a row in `ANSWERS`, what is said, what is called.

    With `verbatim` just the text is said, as often as it is planned: replies that are alike.
    """

    name: str = "text"
    text: str = MARK
    calls: tuple[Call, ...] = ()
    verbatim: bool = False

    @property
    def is_ordinary(self) -> bool:
        """Whether nothing is unusual about it."""
        return self.name == "text" and not self.calls


ORDINARY = Answer()


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Something is said in a conversation. The last of the answers is repeated as often as the client asks.

    With `same` the text of the message before is said once more. `stop` cancels the ask when so many pieces of the
    answer have been sent (0: when the request has come). `streamed` uses the client's `stream(text)`.
    """

    text: str = MARK
    answers: tuple[Answer, ...] = (ORDINARY,)
    to: str = FIRST
    same: bool = False
    stop: int | None = None
    streamed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """The last reply of a conversation is asked for again."""

    answers: tuple[Answer, ...] = (ORDINARY,)
    to: str = FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart:
    """The client ends, or with `killed` is ended, and another one carries on from what is stored."""

    killed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tear:
    """Something is said, and the client is killed within a write of its files, halfway through what it has stored.

    One that writes less than that is killed when it is done. Another carries on from what is stored.
    """

    to: str = FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class Clear:
    """A conversation is cleared."""

    to: str = FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """A branch begins after the first `at` rounds of a conversation, under a name of its own."""

    at: int
    to: str = FIRST
    new: str = "b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A conversation is made from a list of texts: a user's and a reply, in turn."""

    texts: tuple[str, ...] = (MARK, MARK)
    new: str = FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class Widen:
    """The window is set to another size."""

    n: int


class Spoilage(StrEnum):
    """What is done to the files of a client."""

    TRUNCATED = "truncated"  #: the second half is gone
    EMPTY = "empty"
    BINARY = "binary"  #: bytes that are no text
    SCHEMA = "schema"  #: JSON of another shape
    UNWRITABLE = "unwritable"  #: no file can be written any more
    OLDER = "older"  #: the client's own `older` writes them as an older version of it did


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoil:
    """The files of the client are spoiled, and it starts anew on them."""

    how: Spoilage


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Two things are said at once: the answer to each is held until the other has been asked."""

    first: Say
    second: Say


Move: TypeAlias = Say | Again | Restart | Tear | Clear | Fork | Load | Widen | Spoil | Together
Plan: TypeAlias = tuple[Move, ...]

_MOVES: Mapping[str, type[Any]] = {
    one.__name__.lower(): one
    for one in (Say, Again, Restart, Tear, Clear, Fork, Load, Widen, Spoil, Together)
}


def move_to_json(move: Move) -> dict[str, Any]:
    """A move as JSON: its name under `move`, and what differs from an ordinary one."""
    told: dict[str, Any] = {"move": type(move).__name__.lower()}
    for one in fields(move):
        value = getattr(move, one.name)
        if isinstance(value, Say):
            value = move_to_json(value)
        elif one.name == "answers":
            value = [asdict(answer) for answer in value]
        told[one.name] = list(cast("Sequence[Any]", value)) if isinstance(value, tuple) else value
    return told


def move_from_json(value: Mapping[str, Any]) -> Move:
    """The move of a JSON form.

    Raises:
        KeyError, TypeError, ValueError: it is none.
    """
    kind = _MOVES[value["move"]]
    members: dict[str, Any] = {name: given for name, given in value.items() if name != "move"}
    for name, given in members.items():
        if name == "answers":
            members[name] = tuple(_answer(one) for one in given)
        elif name in ("first", "second"):
            members[name] = move_from_json(given)
        elif name == "how":
            members[name] = Spoilage(given)
        elif isinstance(given, list):
            members[name] = tuple(cast("Sequence[Any]", given))
    move: Move = kind(**members)
    return move


def _answer(value: Mapping[str, Any]) -> Answer:
    members: dict[str, Any] = {**value, "calls": tuple(Call(**call) for call in value["calls"])}
    return Answer(**members)
