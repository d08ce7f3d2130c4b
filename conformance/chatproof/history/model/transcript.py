"""The oracle's state: every message that was ever said or answered, and the conversations as paths through them.

A list is one path. A branch shares the beginning of another path; a store is a path that loses its oldest rounds; a
window is no part of this, for it is only a view of a path at the moment of sending.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby
from types import MappingProxyType
from typing import Any, Self

from chatproof.history.model.message import Message

__all__ = ["Node", "Part", "Status", "Transcript"]


class Status(StrEnum):
    """What became of a message."""

    KEPT = "kept"
    FAILED = "failed"  #: its round was dropped
    REPLACED = "replaced"  #: a reply was asked for again
    CLEARED = "cleared"
    PRUNED = "pruned"  #: older than what is stored


class Part(StrEnum):
    """What a message is in its round."""

    QUESTION = "question"
    CALL = "call"
    RESULT = "result"
    REPLY = "reply"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A message with what is known of it.

    `answer` names what ended its round. It is not `firm` where it may be sent and need not. It is `confirmed` when it
    was once sent just so; `also` are other forms in which it was sent, which are taken as they are from then on.
    """

    id: int
    round: int
    part: Part
    message: Message
    home: str  #: the conversation in which it was said
    status: Status = Status.KEPT
    answer: str = "text"
    firm: bool = True
    confirmed: bool = False
    also: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """All nodes, and the path of each conversation. Families are conversations that began as one."""

    nodes: tuple[Node, ...] = ()
    heads: Mapping[str, tuple[int, ...]] = field(default_factory=lambda: MappingProxyType({}))
    families: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def path(self, key: str) -> tuple[Node, ...]:
        """The messages of a conversation, oldest first."""
        return tuple(self.nodes[id_] for id_ in self.heads.get(key, ()))

    def rounds(self, key: str) -> tuple[tuple[Node, ...], ...]:
        """The same in rounds."""
        return tuple(tuple(group) for _, group in groupby(self.path(key), key=lambda node: node.round))

    def off_path(self, key: str) -> Iterator[Node]:
        """All other nodes."""
        on = frozenset(self.heads.get(key, ()))
        return (node for node in self.nodes if node.id not in on)

    def family(self, key: str) -> str:
        """The conversation that this one began as."""
        return self.families.get(key, key)

    def with_node(self, key: str, *, on_path: bool, **members: Any) -> Self:
        """One more node; on the path it is the last."""
        node = Node(id=len(self.nodes), home=key, **members)
        more = replace(self, nodes=(*self.nodes, node))
        return more.with_path(key, (*self.heads.get(key, ()), node.id)) if on_path else more

    def with_path(self, key: str, path: Sequence[int]) -> Self:
        """Another path for a conversation."""
        return replace(self, heads=MappingProxyType({**self.heads, key: tuple(path)}))

    def with_branch(self, key: str, new: str, path: Sequence[int]) -> Self:
        """A conversation that begins as another one."""
        families = MappingProxyType({**self.families, new: self.family(key)})
        return replace(self.with_path(new, path), families=families)

    def changed(self, ids: Sequence[int], **members: Any) -> Self:
        """The same with other members in some nodes."""
        chosen = frozenset(ids)
        return replace(
            self,
            nodes=tuple(replace(node, **members) if node.id in chosen else node for node in self.nodes),
        )

    def removed(self, key: str, ids: Sequence[int], status: Status) -> Self:
        """Nodes that leave the path of a conversation; a status for those that stand on no other path."""
        gone = frozenset(ids)
        left = self.with_path(key, tuple(id_ for id_ in self.heads.get(key, ()) if id_ not in gone))
        elsewhere = {id_ for path in left.heads.values() for id_ in path}
        return left.changed([id_ for id_ in ids if id_ not in elsewhere], status=status)
