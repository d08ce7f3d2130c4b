"""What holds for every client that is a program outside: nobody sees into it, and what it prints is not all heard."""

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from chatproof.drivers.driver import CannotError, Saying

__all__ = ["ProgramDriver"]


class ProgramDriver(ABC):
    """The part of a `Driver` that is the same for all programs."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()

    @abstractmethod
    def leave(self) -> None:
        """Ends every process, at once."""

    @property
    def hears(self) -> bool:
        """No: it may tell its user things among its replies, and of what it prints the last lines are kept."""
        return False

    def counts(self, saying: Saying) -> bool:
        """Never: it is told to stop, and does not stop by itself."""
        del saying
        return False

    def tear(self, size: int) -> None:
        """It cannot yet."""
        del size
        raise CannotError("tear: a program is not killed in a write")

    def altered(self) -> str:
        """Nothing: what a program is handed is a copy."""
        return ""
