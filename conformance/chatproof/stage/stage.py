"""What a play needs of an endpoint. A token tells whose a request is: it stands in the URL's path."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from chatproof.history.model.plan import ORDINARY, Answer
from chatproof.history.model.seen import Exchange

__all__ = ["Script", "Stage", "Visit", "Words"]

Words: TypeAlias = Callable[[str], str]
"""From a side ("reply 1", "call 1.0") to the words that are said there and nowhere else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The answers to what one ask sends, in turn; the last is given as often as the client asks.

    Where several scripts are armed, a request is given the one whose `said` it carries last.
    """

    words: Words
    answers: tuple[Answer, ...] = (ORDINARY,)
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request that asked for no reply, or came without a token."""

    method: str
    path: str
    status: int

    def __str__(self) -> str:
        return f"{self.method} {self.path} ({self.status})"


class Stage(Protocol):
    """An endpoint of plays. Safe to use from several threads; `end` forgets a token."""

    @property
    def note(self) -> str:
        """What who reads the verdict should know of the endpoint behind the stage; empty where there is nothing."""
        ...

    def begin(self, words: Words) -> str:
        """A new token. Until something is armed, requests of it are answered ordinarily with these words."""
        ...

    def base_url(self, token: str) -> str:
        """Where its requests go; ends in `/v1`."""
        ...

    def arm(self, token: str, *scripts: Script) -> None:
        """From now on requests of the token are answered by these."""
        ...

    def hold(self, token: str, *, after: int, seconds: float, held: Callable[[], None]) -> None:
        """The next request's answer stops after so many pieces (0: before the head), where some of its text is left.

        `held` is called then, in a thread of the stage's, and must not block. After `release`, or when so many seconds
        have passed, the rest follows slowly.
        """
        ...

    def hold_together(self, token: str, *, seconds: float, held: Callable[[], None]) -> None:
        """No answer begins before something has come for each of the armed scripts, or so many seconds have passed.

        `held` is called when something has come, as with `hold`.
        """
        ...

    def release(self, token: str) -> None:
        """Nothing is held any more."""
        ...

    def exchanges(self, token: str) -> tuple[Exchange, ...]:
        """All that asked for a reply since the token began, in the order in which they came."""
        ...

    def visits(self, token: str) -> tuple[Visit, ...]:
        """The last of the other requests; those without a token under an empty one."""
        ...

    def idle(self, token: str, *, seconds: float) -> bool:
        """Waits until no request of the token is open; False where one still is after so many seconds."""
        ...

    def trouble(self, token: str) -> str:
        """Why what was seen of a token so far is not the client's doing; empty where it is.

        Of an endpoint behind the stage: that it is gone, or has an answer under way that it does not give.
        """
        ...

    def end(self, token: str) -> None:
        """Ends what is open, and forgets the token."""
        ...
