"""A conversation that was played with a real client: what was said, and what the client did and sent."""

from collections.abc import Iterator
from dataclasses import dataclass

from chatproof.history.model.log import Log, Message, Round
from chatproof.history.model.oracle import expected_messages, recorded_messages
from chatproof.history.model.policy import Policy

__all__ = ["Ask", "ClientViolation", "Ending", "Hung", "Play", "Raised", "Returned", "stumbles"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """`say` came back with this."""

    text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """`say` raised; `error` is the exception's type and text."""

    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hung:
    """`say` did not come back within these seconds."""

    seconds: float


Ending = Returned | Raised | Hung


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One round as it went. `sent` has the messages of every chat request that the client made in it."""

    round: Round
    sent: tuple[tuple[Message, ...], ...]
    ending: Ending


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """A played conversation. After a round in which the client broke, nothing more was said."""

    policy: Policy
    system_prompt: str
    asks: tuple[Ask, ...]

    def before(self, at: int) -> Log:
        """The log up to an ask."""
        return tuple(ask.round for ask in self.asks[:at])

    def recorded(self, at: int) -> tuple[Message, ...]:
        """The whole history before an ask, without any window."""
        return recorded_messages(self.before(at))

    def new(self, at: int) -> Message:
        """The user message of an ask."""
        return Message(role="user", text=self.asks[at].round.said)

    def expected(self, at: int) -> tuple[Message, ...]:
        """What the requests of an ask must carry."""
        return expected_messages(self.before(at), self.policy, self.system_prompt, self.asks[at].round.said)

    def requests(self) -> Iterator[tuple[int, int, tuple[Message, ...]]]:
        """Every request: the number of its ask, its own number within that, and its messages."""
        for at, ask in enumerate(self.asks):
            for number, sent in enumerate(ask.sent):
                yield at, number, sent


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientViolation:
    """Where a rule was broken: the ask, the request within it (None: no request is to blame), and how."""

    message: str
    ask: int
    request: int | None = None


def stumbles(play: Play) -> Iterator[ClientViolation]:
    """Rounds in which the client broke although the endpoint did nothing wrong, or in which it hung."""
    for at, ask in enumerate(play.asks):
        match ask.ending:
            case Hung(seconds=seconds):
                yield ClientViolation(message=f"say() did not come back within {seconds:g} s.", ask=at)
            case Raised(error=error) if ask.round.answer.is_ordinary:
                yield ClientViolation(
                    message=f"say() raised in a round that the endpoint answered well: {error}",
                    ask=at,
                    request=len(ask.sent) - 1 if ask.sent else None,
                )
            case Returned(text=None) if ask.round.answer.is_ordinary:
                yield ClientViolation(
                    message="say() returned None in a round that the endpoint answered well.", ask=at
                )
            case _ if not ask.sent and ask.round.answer.is_ordinary:
                yield ClientViolation(message="The client sent no chat request.", ask=at)
            case _:
                pass
