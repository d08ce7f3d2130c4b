"""Requests grouped into the conversations that they belong to. The server keeps none: this is read off the journal."""

from collections.abc import Iterable
from dataclasses import dataclass

from chatfake.history import Line, line_of
from chatfake.journal import Recorded

__all__ = ["Conversation", "conversations"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Requests of which each carries on the history of the one before."""

    requests: tuple[Recorded, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """The messages of the last request, a role and a text each."""
        return tuple(line_of(message) for message in self.requests[-1].messages)


def conversations(entries: Iterable[Recorded]) -> tuple[Conversation, ...]:
    """Chat requests by conversation, in order of their first requests.

    A request belongs to the conversation whose last history it shares most of, counted in user messages from the
    beginning; one that shares none opens a conversation.
    """
    open_ones: list[list[Recorded]] = []
    for entry in entries:
        if not entry.messages:
            continue
        said = _users(entry)
        best = max(open_ones, key=lambda one: _shared(_users(one[-1]), said), default=None)
        if best is not None and _shared(_users(best[-1]), said) > 0:
            best.append(entry)
        else:
            open_ones.append([entry])
    return tuple(Conversation(requests=tuple(one)) for one in open_ones)


def _users(entry: Recorded) -> list[Line]:
    return [line for line in map(line_of, entry.messages) if line[0] == "user"]


def _shared(one: list[Line], other: list[Line]) -> int:
    """User messages that both have; a window may have cut the beginning of the later one."""
    if not one or not other:
        return 0
    for start in range(len(one)):
        tail = one[start:]
        if other[: len(tail)] == tail or tail[: len(other)] == other:
            return min(len(tail), len(other))
    return 0
