"""A broken rule of a client as the result document has it: the shortest conversation, and the request that broke it.

The JSON form is `{"schema": "chatproof.story/1", "what", "breaks", "caption", "turns", "expected", "seen", "request"}`;
`Story.to_json` and `Story.from_json` are inverse to one another. Texts are whole up to a limit; the terminal and
the page shorten them further, each in its way.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

__all__ = ["SCHEMA", "Called", "Excerpt", "Row", "Sent", "Story", "Turn", "called", "folded"]

_Item = TypeVar("_Item")

SCHEMA = "chatproof.story/1"

_TEXT = 1_000
"""Characters of one text."""

_CALLS = 32
"""Calls of one message."""

_ENDS = 40
"""Turns or rows that are kept at each end of many."""

_MARKED = 60
"""Marked rows that are kept in between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A text, or the part of it that `begins` at this character of `length`."""

    part: str
    length: int
    begins: int = 0

    @classmethod
    def of(cls, text: str, around: int = 0) -> "Excerpt":
        """The text; of a long one the part around that character."""
        begins = max(0, min(around - _TEXT // 2, len(text) - _TEXT))
        return cls(part=text[begins : begins + _TEXT], length=len(text), begins=begins)

    @classmethod
    def from_json(cls, value: Mapping[str, Any] | None) -> "Excerpt | None":
        """The value of a JSON form."""
        return None if value is None else cls(**value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A call of a tool."""

    name: str
    arguments: Excerpt

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Called":
        """The value of a JSON form."""
        return cls(name=value["name"], arguments=Excerpt(**value["arguments"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one did: `you`, `endpoint` or `client`; `then` is done to the client. The remark is ours, the text theirs.

    With `left_out` it stands for so many turns.
    """

    who: str = ""
    remark: str = ""
    text: Excerpt | None = None
    calls: tuple[Called, ...] = ()
    where: str = ""
    """The conversation, where there are several."""
    streamed: bool = False
    """It was asked for as a stream, where the client can do both."""
    left_out: int = 0

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Turn":
        """The value of a JSON form."""
        return cls(**{**value, **_theirs(value)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A message of the request. `mark` is empty where it is as expected.

    `missing`: expected and not sent; `expected`: what the `altered` one after it should be; `extra`, `twice`, `moved`,
    `altered` and `malformed` were sent. `differs` is how many characters an altered one begins with as it should.
    With `left_out` it stands for so many rows, none of them marked where there are not too many of those.
    """

    mark: str = ""
    role: str = ""
    text: Excerpt | None = None
    odd: str = ""
    """JSON of what is no message, or has members that no message has."""
    calls: tuple[Called, ...] = ()
    note: str = ""
    differs: int = 0
    left_out: int = 0

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Row":
        """The value of a JSON form."""
        return cls(**{**value, **_theirs(value)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The request that broke the rule: in which step (from 1), the how manieth of how many in it, and its messages."""

    step: int
    place: int = 1
    of: int = 1
    rows: tuple[Row, ...] = ()
    compared: bool = False
    """Whether its messages are what is wrong."""

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Sent":
        """The value of a JSON form."""
        members = {**value}
        rows = tuple(map(Row.from_json, members.pop("rows")))
        return cls(**members, rows=rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A broken rule, told. `what` is wrong, and `breaks` says what that is for a user."""

    what: str
    breaks: str
    caption: str
    turns: tuple[Turn, ...] = ()
    expected: Excerpt | None = None
    seen: Excerpt | None = None
    request: Sent | None = None

    def to_json(self) -> dict[str, Any]:
        """The JSON form."""
        return {"schema": SCHEMA, **asdict(self, dict_factory=_object)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Story":
        """The value of a JSON form.

        Raises:
            ValueError: it is of another schema.
        """
        if value.get("schema") != SCHEMA:
            raise ValueError(f"not a {SCHEMA}: schema is {value.get('schema')!r}")
        return cls(
            what=value["what"],
            breaks=value["breaks"],
            caption=value["caption"],
            turns=tuple(map(Turn.from_json, value["turns"])),
            expected=Excerpt.from_json(value["expected"]),
            seen=Excerpt.from_json(value["seen"]),
            request=Sent.from_json(value["request"]) if value["request"] else None,
        )


def folded(
    items: Sequence[_Item], gap: Callable[[int], _Item], marked: Collection[int] = (), ends: int = _ENDS
) -> tuple[_Item, ...]:
    """The first and the last of many, and what is marked between them with its neighbours; gaps stand for the rest."""
    near = {at + by for at in sorted(marked)[:_MARKED] for by in (-1, 0, 1)}
    kept: list[_Item] = []
    skipped = 0
    for at, item in enumerate(items):
        if len(items) > 2 * ends and ends <= at < len(items) - ends and at not in near:
            skipped += 1
            continue
        if skipped:
            kept.append(gap(skipped))
            skipped = 0
        kept.append(item)
    return tuple(kept)


def called(pairs: Sequence[tuple[str, str]]) -> tuple[Called, ...]:
    """Calls by name and arguments; of many the first, and how many more there are in the place of a last one."""
    told = [Called(name=name[:_TEXT], arguments=Excerpt.of(text)) for name, text in pairs[:_CALLS]]
    if len(pairs) > _CALLS:
        told.append(Called(name="…", arguments=Excerpt.of(f"{len(pairs) - _CALLS} more")))
    return tuple(told)


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose sequences are arrays, as JSON has them."""
    return {name: [*value] if isinstance(value, tuple) else value for name, value in members}  # pyright: ignore[reportUnknownVariableType]


def _theirs(value: Mapping[str, Any]) -> dict[str, Any]:
    """What a turn and a row both have of a client's or an endpoint's."""
    return {"text": Excerpt.from_json(value["text"]), "calls": tuple(map(Called.from_json, value["calls"]))}
