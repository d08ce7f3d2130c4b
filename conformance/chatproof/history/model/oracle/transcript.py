"""The oracle's state: every message that was ever said or answered, and the conversations as paths through them.

A list is one path. A branch shares the beginning of another path; a store is a path that loses its oldest rounds; a
window is no part of this, for it is only a view of a path at the moment of sending.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

from chatproof.history.model.deviation import Moment
from chatproof.history.model.message import Message

__all__ = ["Node", "Part", "Status", "Transcript"]


class Status(StrEnum):
    """What became of a message."""

    PENDING = "pending"  #: its round is under way
    KEPT = "kept"
    FAILED = "failed"  #: its round was dropped
    REPLACED = "replaced"  #: a reply was asked for again
    CLEARED = "cleared"
    PRUNED = "pruned"  #: older than what is stored


class Part(StrEnum):
    """What a message is in its round."""

    SYSTEM = "system"
    QUESTION = "question"
    CALL = "call"
    RESULT = "result"
    REPLY = "reply"
    STRAY = "stray"  #: it was sent once, and nobody had said it


@dataclass(slots=True, kw_only=True, eq=False)
class Node:
    """A message with what is known of it.

    `answer` names what ended its round. It is not `firm` where it is unknown whether it is in the history: the first
    request in which it must show decides. `tied`: it is there with the rest of its round or not at all. `fading`: a
    full store may have lost it. It is `confirmed` when it was once sent just so. `excused`, `also`, `copies` and
    `opens` are as in a slot.
    """

    id: int
    round: int
    part: Part
    message: Message
    known: set[str]  #: the conversations in which it was said, and those that began as these afterwards
    status: Status = Status.KEPT
    answer: str = "text"
    firm: bool = True
    tied: bool = False
    fading: bool = False
    confirmed: bool = False
    also: tuple[Message, ...] = ()
    opens: bool = False
    excused: bool = False
    left_out: tuple[Moment, str] | None = None  #: after what a request had it not, and was believed
    copies: int = 0

    @property
    def is_sure(self) -> bool:
        """Whether it is in the history for certain, where it is on a path."""
        return self.firm and not (self.tied or self.fading or self.excused)


@dataclass(slots=True)
class Transcript:
    """All nodes, and the path of each conversation. Families are conversations that began as one."""

    nodes: list[Node] = field(default_factory=list[Node])
    paths: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    families: dict[str, str] = field(default_factory=dict[str, str])

    def add(
        self,
        home: str,
        round_: int,
        part: Part,
        message: Message,
        *,
        status: Status = Status.PENDING,
        opens: bool = False,
    ) -> Node:
        """One more node, on no path yet."""
        node = Node(
            id=len(self.nodes),
            known={home},
            round=round_,
            part=part,
            message=message,
            status=status,
            opens=opens,
        )
        self.nodes.append(node)
        return node

    def append(self, key: str, node: Node) -> None:
        """The node is the last of a conversation from now on."""
        node.status = Status.KEPT
        self.paths.setdefault(key, []).append(node.id)

    def path(self, key: str) -> Iterator[Node]:
        """The messages of a conversation, oldest first."""
        return (self.nodes[id_] for id_ in self.paths.get(key, ()))

    def rounds(self, key: str) -> list[list[Node]]:
        """The same in rounds."""
        return [list(group) for _, group in groupby(self.path(key), key=lambda node: node.round)]

    def family(self, key: str) -> str:
        """The conversation that this one began as."""
        return self.families.get(key, key)

    def relatives(self, key: str) -> list[str]:
        """All conversations that began as one with this one, and itself."""
        return [one for one in self.paths if self.family(one) == self.family(key)] or [key]

    def branch(self, key: str, new: str, nodes: Sequence[Node]) -> None:
        """A conversation that begins as another one."""
        self.families[new] = self.family(key)
        for node in self.nodes:
            if key in node.known:
                node.known.add(new)
        self.paths[new] = [node.id for node in nodes]

    def remove(self, nodes: Iterable[Node], status: Status, key: str | None = None) -> None:
        """Nodes leave the path of a conversation, or all paths; a status for those that stand on none then."""
        gone = {node.id: node for node in nodes}
        for one in [key] if key is not None else list(self.paths):
            if not gone.keys().isdisjoint(self.paths.get(one, ())):
                self.paths[one] = [id_ for id_ in self.paths[one] if id_ not in gone]
        left = {id_ for path in self.paths.values() for id_ in path}
        for id_, node in gone.items():
            if id_ not in left:
                node.status = status
