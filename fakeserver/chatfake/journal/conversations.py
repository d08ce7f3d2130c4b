"""Requests grouped into the conversations that they belong to. The server keeps none: this is read off the journal."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from chatfake.journal.history_diff import Line, line_of
from chatfake.journal.journal import Recorded


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
    beginning; the last turn may have been taken back. One that shares none opens a conversation.
    """
    open_ones: list[_Open] = []
    where: dict[Line, set[int]] = {}
    for entry in entries:
        if not entry.messages:
            continue
        said = _users(entry)
        # one that shares something has the first user message of this one somewhere
        near = [open_ones[place] for place in sorted(where.get(said[0], ()))] if said else []
        best = max(near, key=lambda one: one.shared(entry, said), default=None)
        if best is None or best.shared(entry, said) == 0:
            best = _Open(place=len(open_ones))
            open_ones.append(best)
        best.requests.append(entry)
        best.said = said
        for line in said:
            where.setdefault(line, set()).add(best.place)
    return tuple(Conversation(requests=tuple(one.requests)) for one in open_ones)


@dataclass(slots=True, kw_only=True)
class _Open:
    """A conversation that a later request may go on with."""

    place: int
    requests: list[Recorded] = field(default_factory=list[Recorded])
    said: list[Line] = field(default_factory=list[Line])  #: the user messages of the last request

    def shared(self, entry: Recorded, said: list[Line]) -> int:
        return _shared(self.said, said) or self._without_last_turn(entry)

    def _without_last_turn(self, entry: Recorded) -> int:
        """A client drops the turn that failed: all before it must be there."""
        before = self.requests[-1].messages
        last = max((place for place, one in enumerate(before) if one.get("role") == "user"), default=0)
        kept = before[:last]
        return len(self.said) - 1 if kept and entry.messages[:last] == kept else 0


def _users(entry: Recorded) -> list[Line]:
    return [line for line in map(line_of, entry.messages) if line[0] == "user"]


def _shared(one: list[Line], other: list[Line]) -> int:
    """User messages that both have; a window may have cut the beginning of the later one."""
    if not other:
        return 0
    for start, line in enumerate(one):
        if line == other[0]:
            length = min(len(one) - start, len(other))
            if one[start : start + length] == other[:length]:
                return length
    return 0
