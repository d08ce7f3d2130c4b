"""A client in a process of its own, which serves one client after the other: what it imports is imported once."""

import resource
from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict
from types import TracebackType
from typing import Any, Self

from chatproof.drivers.driver import CannotError, ClientFailedError, HungError, Saying
from chatproof.drivers.last_lines import LastLines
from chatproof.drivers.pipes import Child, ChildEndedError, python_child
from chatproof.drivers.replies import ASYNC_GENERATOR, GENERATOR
from chatproof.drivers.wire import ending_from_json, endpoint_to_json
from chatproof.history.model.endpoint import CannotBuildError, Endpoint
from chatproof.history.model.seen import Ending, Hung, Raised

__all__ = ["ProcessDriver"]

_START_SECONDS = 60.0
"""Importing a client takes as long as it takes."""

_FAILURES: dict[str, type[Exception]] = {
    one.__name__: one for one in (CannotBuildError, CannotError, ClientFailedError)
}


class ProcessDriver:
    """A `Driver`. `target` is `module:Factory` or `file.py:Factory`, found from the current folder.

    Variables that are `hidden` have another value in the process.
    """

    def __init__(self, target: str, *, seconds: float = 30.0, hidden: Collection[str] = ()) -> None:
        self._target = target
        self._hidden = hidden
        self._seconds = seconds
        self._child: Child | None = None
        self._endpoint: Endpoint | None = None
        self._calls = 0
        self._open = False
        self._can: frozenset[str] = frozenset()
        self._kinds: dict[str, str] = {}
        self._altered = ""
        self._printed = LastLines()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._kill()

    @property
    def can(self) -> frozenset[str]:
        """What the client's methods allow, and what a process does."""
        if self._endpoint is None or not self._endpoint.policy.persistent:
            return self._can | {"spoil"}
        limits = hasattr(resource, "RLIMIT_FSIZE")
        return self._can | ({"spoil", "kill", "tear"} if limits else {"spoil", "kill"})

    @property
    def is_open(self) -> bool:
        """Whether there is a client."""
        return self._open

    @property
    def hears(self) -> bool:
        """Yes: nobody else listens."""
        return True

    def counts(self, saying: Saying) -> bool:
        """Whether the ask is ended by closing what it yields."""
        kind = self._kinds.get("stream" if saying.streamed else "say")
        return saying.stop is not None and (
            kind == GENERATOR or (kind == ASYNC_GENERATOR and saying.stop > 0)
        )

    def open(self, endpoint: Endpoint) -> None:
        """Builds a client, in the process that there is, or in a new one."""
        self.close()
        self._endpoint = endpoint
        try:
            if self._child is None:
                self._start()
            self._ask("open", endpoint=endpoint_to_json(endpoint))
        except (ClientFailedError, HungError) as error:
            raise CannotBuildError(f"the factory: {error}") from None
        self._open = True

    def _start(self) -> None:
        self._child = python_child(self._target, self._hidden)
        self._answer(self._child, 0, _START_SECONDS)

    def say(self, saying: Saying) -> Ending:
        """Says something."""
        return self._asked("say", saying=asdict(saying))

    def again(self, to: str) -> Ending:
        """Asks for the last reply again."""
        return self._asked("again", to=to)

    def together(self, first: Saying, second: Saying) -> tuple[Ending, Ending]:
        """Says two things at once."""
        try:
            one, other = self._ask("together", first=asdict(first), second=asdict(second))
            return ending_from_json(one), ending_from_json(other)
        except (HungError, ClientFailedError) as error:
            return _ending(error), _ending(error)

    def _asked(self, op: str, **members: Any) -> Ending:
        try:
            return ending_from_json(self._ask(op, **members))
        except (HungError, ClientFailedError) as error:
            return _ending(error)

    def proceed(self) -> None:
        """Lets the second of two begin."""
        self._tell("proceed")

    def cancel(self) -> None:
        """Cancels the ask that is under way."""
        self._tell("cancel")

    def _tell(self, op: str) -> None:
        if self._child is not None:
            with suppress(ChildEndedError, HungError):
                self._child.send({"op": op}, 1.0)

    def restart(self, *, killed: bool = False) -> None:
        """Ends the client, or kills its process, and has another carry on."""
        if not killed:
            self._ask("restart")
            return
        if self._endpoint is None or not self._endpoint.policy.persistent:
            raise CannotError("kill: the client is not declared as persistent")
        self._kill()
        try:
            self.open(self._endpoint)
        except CannotBuildError as error:
            raise ClientFailedError(str(error)) from None

    def clear(self, to: str) -> None:
        """Clears a conversation."""
        self._ask("clear", to=to)

    def fork(self, to: str, at: int, new: str) -> None:
        """Begins a branch."""
        self._ask("fork", to=to, at=at, new=new)

    def load(self, texts: tuple[str, ...], new: str) -> None:
        """Makes a conversation of a list."""
        self._ask("load", texts=texts, new=new)

    def older(self) -> None:
        """Has the client write its files as an older version of it did."""
        self._ask("older")

    def window(self, n: int) -> None:
        """Sets the window."""
        self._ask("window", n=n)

    def spoil(self) -> None:
        """Lets no file grow any more."""
        self._ask("spoil")

    def tear(self, size: int) -> None:
        """Has the process killed where a file grows beyond that."""
        self._ask("tear", size=size)

    def altered(self) -> str:
        """What has become of a list that was loaded."""
        return self._altered

    def printed(self) -> str:
        """The last lines that were printed."""
        if self._child is not None:
            self._printed.keep(self._child.printed)
        return self._printed.told()

    def close(self) -> None:
        """Ends the client; the process stays for the next one."""
        if self._open:
            self._open = False
            with suppress(ClientFailedError, CannotError, HungError):
                self._ask("close")

    # -- the process ---------------------------------------------------------------------------------------------

    def _ask(self, op: str, **members: Any) -> Any:
        child = self._child
        if child is None:
            raise ClientFailedError("there is no client")
        self._calls += 1
        try:
            child.send({"id": self._calls, "op": op, **members}, self._seconds)
        except ChildEndedError as error:
            self._kill()
            raise ClientFailedError(str(error)) from None
        except HungError:
            self._kill()
            raise
        return self._answer(child, self._calls, self._seconds)

    def _answer(self, child: Child, number: int, seconds: float) -> Any:
        try:
            answer = child.answer(number, seconds)
        except ChildEndedError as error:
            self._kill()
            raise ClientFailedError(str(error)) from None
        except HungError:
            self._kill()
            raise
        if (failed := answer.get("failed")) is not None:
            raise _FAILURES.get(str(failed), ClientFailedError)(str(answer.get("text")))
        self._can = frozenset(map(str, answer.get("can", ())))
        self._kinds = answer.get("kinds") or {}
        self._altered = str(answer.get("altered") or "")
        return answer.get("value")

    def _kill(self) -> None:
        self._open = False
        if self._child is not None:
            self._child.kill()
            self._printed.keep(self._child.printed)
            self._child = None


def _ending(error: HungError | ClientFailedError) -> Ending:
    return Hung(seconds=error.seconds) if isinstance(error, HungError) else Raised(error=str(error))
