"""A client in a thread of this process: for tests whose factory is a method of theirs."""

from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import Self, TypeVar

from chatproof.drivers.containment import contained, told_lines
from chatproof.drivers.driver import CannotError, ClientFailedError, HungError, Saying
from chatproof.drivers.python_client import PythonClient
from chatproof.drivers.variables import lived_in
from chatproof.drivers.worker import Worker
from chatproof.history.model.endpoint import CannotBuildError, ClientFactory, Endpoint, told
from chatproof.history.model.seen import Ending, Hung, Raised

__all__ = ["ThreadDriver"]

T = TypeVar("T")


class ThreadDriver:
    """A `Driver`. While it is entered, what other threads print is kept, and `os._exit` is an exception."""

    def __init__(self, factory: ClientFactory, *, seconds: float = 30.0) -> None:
        self._factory = factory
        self._seconds = seconds
        self._rim = ExitStack()
        self._place = ExitStack()
        self._new()

    def _new(self) -> None:
        self._worker = Worker()
        self._client = PythonClient(self._factory, self._worker)
        self._open = False
        self._worker.start()

    def __enter__(self) -> Self:
        self._kept = self._rim.enter_context(contained())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        self._worker.close()
        self._rim.__exit__(kind, error, trace)

    @property
    def can(self) -> frozenset[str]:
        """What the client's methods allow."""
        return self._client.can

    @property
    def is_open(self) -> bool:
        """Whether there is a client."""
        return self._open

    @property
    def hears(self) -> bool:
        """No: what it logs and warns of is in the hands of whoever runs the tests."""
        return False

    def counts(self, saying: Saying) -> bool:
        """Whether the ask is ended by closing what it yields."""
        return self._client.counts(saying)

    def open(self, endpoint: Endpoint) -> None:
        """Builds a client, whose HOME is the endpoint's."""
        self.close()
        self._place.enter_context(lived_in(endpoint.home))
        try:
            self._worker.call(lambda: self._client.open(endpoint), self._seconds)
        except HungError:
            self._leave_behind()
            raise CannotBuildError(f"the factory did not come back within {self._seconds:g} s") from None
        except CannotBuildError:
            self._place.close()
            raise
        self._open = True

    def say(self, saying: Saying) -> Ending:
        """Says something."""
        return self._asked(lambda: self._client.say(saying))

    def again(self, to: str) -> Ending:
        """Asks for the last reply again."""
        return self._asked(lambda: self._client.again(to))

    def together(self, first: Saying, second: Saying) -> tuple[Ending, Ending]:
        """Says two things at once."""
        try:
            return self._called(lambda: self._client.together(first, second))
        except (HungError, ClientFailedError) as error:
            return _ending(error), _ending(error)

    def _asked(self, work: Callable[[], Ending]) -> Ending:
        try:
            return self._called(work)
        except (HungError, ClientFailedError) as error:
            return _ending(error)

    def proceed(self) -> None:
        """Lets the second of two begin."""
        self._client.proceed()

    def cancel(self) -> None:
        """Cancels the ask that is under way."""
        self._client.cancel()

    def restart(self, *, killed: bool = False) -> None:
        """Ends the client and has another carry on."""
        if killed:
            raise CannotError("kill: the client lives in a thread of this process")
        self._called(self._client.restart)

    def clear(self, to: str) -> None:
        """Clears a conversation."""
        self._called(lambda: self._client.clear(to))

    def fork(self, to: str, at: int, new: str) -> None:
        """Begins a branch."""
        self._called(lambda: self._client.fork(to, at, new))

    def load(self, texts: tuple[str, ...], new: str) -> None:
        """Makes a conversation of a list."""
        self._called(lambda: self._client.load(texts, new))

    def older(self) -> None:
        """Has the client write its files as an older version of it did."""
        self._called(self._client.older)

    def window(self, n: int) -> None:
        """Sets the window."""
        self._called(lambda: self._client.window(n))

    def spoil(self) -> None:
        """It cannot: what this process may write is its judge's too."""
        raise CannotError("spoil: the client lives in a thread of this process")

    def tear(self, size: int) -> None:
        """It cannot: its process is its judge's too."""
        del size
        raise CannotError("tear: the client lives in a thread of this process")

    def altered(self) -> str:
        """What has become of a list that was loaded."""
        return self._client.altered()

    def printed(self) -> str:
        """The last lines that were printed."""
        return told_lines(self._kept)

    def close(self) -> None:
        """Ends the client."""
        if self._open:
            self._open = False
            try:
                self._worker.call(self._client.close, self._seconds)
            except HungError:
                self._leave_behind()
        self._place.close()

    def _called(self, work: Callable[[], T]) -> T:
        try:
            return self._worker.call(work, self._seconds)
        except HungError:
            self._leave_behind()
            raise
        except (CannotError, ClientFailedError):
            raise
        except BaseException as error:
            raise ClientFailedError(told(error)) from error

    def _leave_behind(self) -> None:
        self._worker.close()
        self._new()
        self._place.close()


def _ending(error: HungError | ClientFailedError) -> Ending:
    return Hung(seconds=error.seconds) if isinstance(error, HungError) else Raised(error=str(error))
