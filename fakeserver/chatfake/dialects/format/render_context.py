"""The members of a JSON object, in the order in which a server writes them.

A shape is a list of members. Names alone, parted by spaces, take the values that OpenAI would write, and are absent
where OpenAI has none; what is not listed is left out:

    shape("id created", always("object", "list"), null("tier"), where(at_last, "usage"), made("model", function))
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from chatfake.core.json_text import JsonObject, JsonValue
from chatfake.dialects.format.chunk import Chunk, ChunkKind
from chatfake.dialects.format.completion import Completion
from chatfake.generation.reply import Reply


class Absent(Enum):
    """A member that is not there."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderContext:
    """What a member can be made of: one object of one answer."""

    openai: JsonObject  #: the same object as OpenAI writes it
    completion: Completion
    reply: Reply | None = None  #: within a choice: what it says
    chunk: Chunk | None = None  #: within a stream: which chunk
    last: bool = False  #: within a stream: the last chunk

    def on(self, openai: JsonObject) -> "RenderContext":
        """The same context for another object. `dataclasses.replace` would take three times as long, for each chunk."""
        return RenderContext(
            openai=openai, completion=self.completion, reply=self.reply, chunk=self.chunk, last=self.last
        )

    @property
    def kind(self) -> ChunkKind | None:
        """What the chunk is there for; None in a JSON answer."""
        return None if self.chunk is None else self.chunk.kind

    @property
    def finish_reason(self) -> str | None:
        """Of this choice, where it is known already."""
        if self.chunk is not None:
            return self.chunk.finish_reason
        return None if self.reply is None else self.reply.ending

    @property
    def stopped_by(self) -> str | None:
        """The stop sequence that ended this choice, where one did."""
        end = self.reply if self.chunk is None else self.chunk
        return (end.stopped_by or None) if end is not None else None


#: Writes one object.
Part: TypeAlias = Callable[[RenderContext], JsonObject]
Condition: TypeAlias = Callable[[RenderContext], bool]
Make: TypeAlias = Callable[[RenderContext], "JsonValue | Absent"]


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a shape."""

    name: str
    make: Make


def as_is(context: RenderContext) -> JsonObject:
    """As OpenAI writes it."""
    return context.openai


def shape(*members: str | Member) -> Part:
    """An object of these members, in this order."""
    parts = tuple(
        part
        for member in members
        for part in (map(_taken, member.split()) if isinstance(member, str) else (member,))
    )

    def part(context: RenderContext) -> JsonObject:
        written: JsonObject = {}
        for member in parts:
            value = member.make(context)
            if value is not ABSENT:
                written[member.name] = value
        return written

    return part


def _taken(name: str) -> Member:
    return Member(name, lambda context: context.openai.get(name, ABSENT))


def made(name: str, make: Make) -> Member:
    """A member that the function makes; `ABSENT` leaves it out."""
    return Member(name, make)


def always(name: str, value: JsonValue) -> Member:
    """A member that never changes."""
    return Member(name, lambda _: value)


def null(name: str) -> Member:
    """A member that is always null."""
    return always(name, None)


def nulls(names: str) -> tuple[Member, ...]:
    """Members that are always null, their names parted by spaces."""
    return tuple(map(null, names.split()))


def filled(name: str, value: JsonValue) -> Member:
    """OpenAI's value; this one where OpenAI has none, or null."""
    return Member(name, lambda context: value if context.openai.get(name) is None else context.openai[name])


def logprob_entries(*names: str) -> Part:
    """The log probabilities of a chat: each token and each of its alternatives with these members alone."""

    def entries(found: JsonValue) -> list[JsonValue]:
        return [entry(one) for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    def entry(found: JsonObject) -> JsonObject:
        written: JsonObject = {name: found[name] for name in names}
        tops = found.get("top_logprobs")
        return {**written, "top_logprobs": entries(tops)} if isinstance(tops, list) else written

    return lambda context: {"content": entries(context.openai.get("content"))}


# -- conditions, in streams -----------------------------------------------------------------------------------


def where(condition: Condition, member: str | Member) -> Member:
    """A member that is there only where the condition holds."""
    held = _taken(member) if isinstance(member, str) else member
    return Member(held.name, lambda context: held.make(context) if condition(context) else ABSENT)


def at(*kinds: ChunkKind) -> Condition:
    """In chunks of these kinds."""
    return lambda context: context.kind in kinds


def not_at(*kinds: ChunkKind) -> Condition:
    """In chunks of other kinds."""
    return lambda context: context.kind not in kinds


def at_end(context: RenderContext) -> bool:
    """Where a choice has its finish_reason."""
    return context.finish_reason is not None


def at_last(context: RenderContext) -> bool:
    """In the last chunk."""
    return context.last
