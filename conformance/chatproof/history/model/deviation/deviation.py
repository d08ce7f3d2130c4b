"""One difference between a request and what it was to carry."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from chatproof.history.model.deviation.kinds import Cause, Difference, Moment
from chatproof.history.model.message import Message

__all__ = ["Deviation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One difference. `expected` is None where nothing was, `sent` where nothing is there.

    `answer` names what ended the message's round, `at` is its place in the request. `oldest`: nothing older of the
    history is in the request. `cut`: a window leaves something out. `since` is what else has happened to the
    conversation since it was last seen, and may be to blame as well as `moment`. `unless`: what the message is where it
    is not the one that it was taken for, as the same was said twice.
    """

    kind: Difference
    cause: Cause
    role: str
    moment: Moment = Moment.PLAIN
    moment_answer: str = ""
    since: tuple[tuple[Moment, str], ...] = ()
    unless: Cause | None = None
    answer: str = "text"
    expected: Message | None = None
    sent: Message | None = None
    at: int | None = None
    place: float = 0.0  #: the same; of a missing message half a place after the one that it should follow
    confirmed: bool = False
    cut: bool = False
    oldest: bool = False
    opening: str = ""  #: the role of the first message after the system prompt
    windowed: bool = False  #: there is a window of a known size
    within: bool = False  #: the request has no more messages than the window
    streamed: bool = False
    newest: bool = False  #: of the newest round of the history
    orphan: bool = False  #: a result without its call, or a call without its results, opens the history
    calls: int = 0  #: calls of the message
    siblings: int = 0  #: results that its round has
    calls_of: str = ""  #: the tool that a missing result is of

    def read_otherwise(self) -> Iterator["Deviation"]:
        """All other ways in which the same difference can be read."""
        moments = ((self.moment, self.moment_answer), *self.since)
        for cause in (None, self.unless) if self.unless is not None else (None,):
            kind = self.kind if cause is None else Difference.EXTRA
            for moment, answer in moments[cause is None :]:
                yield replace(
                    self,
                    kind=kind,
                    cause=cause or self.cause,
                    moment=moment,
                    moment_answer=answer,
                    since=(),
                    unless=None,
                )

    @property
    def sent_role(self) -> str:
        """The role of what was sent; empty where nothing was."""
        return "" if self.sent is None else self.sent.role

    @property
    def opens_amiss(self) -> bool:
        """Whether the request begins, after the system prompt, with something else than a user's message."""
        return self.opening not in ("user", "")
