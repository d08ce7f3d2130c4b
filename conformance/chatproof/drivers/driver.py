"""What a play needs of a client, whatever it is written in and wherever it lives."""

from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from chatproof.history.model.endpoint import CannotBuildError, Endpoint
from chatproof.history.model.plan import FIRST
from chatproof.history.model.seen import Ending

__all__ = ["CannotError", "ClientFailedError", "Driver", "HungError", "ProtocolError", "Saying"]


class CannotError(Exception):
    """The client has no way to do this; the text says what it would need."""


class ClientFailedError(Exception):
    """The client raised, or ended its process, in something that is not an ask; the text says how."""


class ProtocolError(CannotBuildError):
    """What stands between us and the client speaks wrongly: nothing that was seen is the client's doing."""


class HungError(Exception):
    """The client did not come back in time, and has been left behind."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"the client did not come back within {seconds:g} s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """Something to say. `stop` ends the ask early: see `Driver.cancel`; `streamed` uses the client's `stream`."""

    text: str
    to: str = FIRST
    streamed: bool = False
    stop: int | None = None


class Driver(Protocol):
    """Holds one client at a time. Use it as a context manager. Each call is bounded by seconds.

    `say`, `again` and `together` raise `CannotError` alone, for how the client ends is their result; all else raises
    `ClientFailedError` and `HungError` too. Anything may raise `ProtocolError`. After that, and after a client has hung
    or ended its process, none `is_open`, and another can be opened. Only `cancel` and `proceed` may come from another
    thread.
    """

    @property
    def can(self) -> frozenset[str]:
        """What the client and its host allow, of: say, again, cancel, restart, clear, fork, load, window, stream,
        conversation, older, kill, spoil, tear, together; handed: the list that is loaded is its caller's own; lines and
        dashes: texts of several lines, and such as begin with a dash. Known once a client is open.
        """
        ...

    @property
    def is_open(self) -> bool:
        """Whether there is a client."""
        ...

    @property
    def hears(self) -> bool:
        """Whether `printed` has all that the client tells its user: what it prints, logs and warns of."""
        ...

    def counts(self, saying: Saying) -> bool:
        """Whether this ask ends early by itself, after `stop` pieces of what the client yields."""
        ...

    def open(self, endpoint: Endpoint) -> None:
        """Builds a client with an empty conversation, or with what lies in the endpoint's home.

        Raises:
            CannotBuildError: there is none.
        """
        ...

    def say(self, saying: Saying) -> Ending:
        """Says something in a conversation."""
        ...

    def again(self, to: str) -> Ending:
        """Asks for the last reply of a conversation again."""
        ...

    def together(self, first: Saying, second: Saying) -> tuple[Ending, Ending]:
        """Says two things at once: the second after `proceed`, or half a second later."""
        ...

    def proceed(self) -> None:
        """The first of two has come so far that the second may begin; from any thread."""
        ...

    def cancel(self) -> None:
        """Cancels the ask that is under way, and does not wait for its end."""
        ...

    def restart(self, *, killed: bool = False) -> None:
        """Ends the client, or with `killed` its process, and has another carry on from what is stored."""
        ...

    def clear(self, to: str) -> None:
        """Clears a conversation."""
        ...

    def fork(self, to: str, at: int, new: str) -> None:
        """Begins a branch after so many rounds, under a name of its own."""
        ...

    def load(self, texts: tuple[str, ...], new: str) -> None:
        """Makes a conversation of a list of texts: a user's and a reply, in turn."""
        ...

    def window(self, n: int) -> None:
        """Sets the window."""
        ...

    def older(self) -> None:
        """Has the client write its files as an older version of it did."""
        ...

    def spoil(self) -> None:
        """Lets no file be written any more, until another client is opened."""
        ...

    def tear(self, size: int) -> None:
        """Has the client killed in the write with which a file would have more bytes than that."""
        ...

    def altered(self) -> str:
        """What has become of a list that was loaded, where the client changed it; else empty."""
        ...

    def printed(self) -> str:
        """The last lines that the client printed since this was asked."""
        ...

    def close(self) -> None:
        """Ends the client. How it fails in this is not judged."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
