"""A client in any language, behind a program that speaks the protocol."""

import shlex
import threading
from collections.abc import Collection
from contextlib import suppress
from typing import Any

from chatproof.drivers.driver import CannotError, ClientFailedError, HungError, ProtocolError, Saying
from chatproof.drivers.jsonl.answers import Ability, Cannot, Done, Failed
from chatproof.drivers.jsonl.line import Asked, Line
from chatproof.drivers.jsonl.messages import ending_of, open_members, say_members, shown
from chatproof.drivers.jsonl.program import started
from chatproof.drivers.last_lines import LastLines
from chatproof.drivers.limits import allow_files, can_forbid_files, forbid_files
from chatproof.drivers.pipes import ChildEndedError
from chatproof.drivers.program_driver import ProgramDriver
from chatproof.gate.escaping import line
from chatproof.history.model.endpoint import CannotBuildError, Endpoint
from chatproof.history.model.seen import Ending, Hung, Raised

__all__ = ["JsonlDriver"]

_START_SECONDS = 30.0
"""A program that has to be compiled first takes as long as it takes."""

_CLOSE_SECONDS = 5.0

_SECOND_SECONDS = 0.5
"""So long the second of two waits for the first to have come to the endpoint."""

_FORM = (
    """a driver answers {"id": 1, "op": "open", …} on its standard input with {"id": 1, "ok": true, "can": []} on its"""
    " standard output"
)

_MOST_LINES = 15
"""So much is told of a program that does not begin: an error of Node's is long, and says at its top what is wrong."""


class _ProcessEndedError(ClientFailedError):
    """Not the client has failed alone: its process is no more."""


class JsonlDriver(ProgramDriver):
    """A `Driver`. The command is started without a shell, in the current folder.

    Its process serves one client after the other, or ends after each, and another one is started for the next.
    Variables that are `hidden` have another value in it.
    """

    def __init__(
        self,
        command: tuple[str, ...],
        *,
        seconds: float = 30.0,
        start_seconds: float = _START_SECONDS,
        hidden: Collection[str] = (),
    ) -> None:
        self._command = command
        self._seconds = seconds
        self._start_seconds = max(seconds, start_seconds)
        self._hidden = hidden
        self._line: Line | None = None
        self._endpoint: Endpoint | None = None
        self._open = False
        self._can: frozenset[str] = frozenset()
        self._second = threading.Event()
        self._printed = LastLines()

    @property
    def can(self) -> frozenset[str]:
        """What the driver says of its client, and what a process can be done to."""
        persistent = self._endpoint is not None and self._endpoint.policy.persistent
        host = {"restart", "kill"} if persistent else set[str]()
        return (
            self._can
            | host
            | {"say", "together", "lines", "dashes", *(["spoil"] if can_forbid_files() else [])}
        )

    @property
    def is_open(self) -> bool:
        """Whether there is a client."""
        return self._open

    def open(self, endpoint: Endpoint) -> None:
        """Builds a client, in the process that there is, or in a new one."""
        self.close()
        self._endpoint = endpoint
        served = self._line is not None and not self._line.child.has_ended
        if not served:
            self.leave()
        try:
            try:
                self._build(endpoint)
            except _ProcessEndedError:
                if not served:
                    raise
                self._build(endpoint)  # it ends after each client, and had not yet
        except _ProcessEndedError as error:
            raise CannotBuildError(f"{error} before it had answered, and {_FORM}{self._told()}") from None
        except (ClientFailedError, CannotError) as error:
            raise CannotBuildError(f"the driver opened no client: {error}{self._told()}") from None
        except HungError as error:
            raise CannotBuildError(
                f"{self._name} has not answered within {error.seconds:g} s, and {_FORM}{self._told()}"
            ) from None
        self._open = True

    def _told(self) -> str:
        if self._line is not None:
            self._printed.keep(self._line.child.printed)
        lines = filter(None, map(str.strip, self._printed.told(_MOST_LINES).splitlines()))
        printed = " | ".join(lines)
        return f". It printed: {printed}" if printed else ". It printed nothing"

    @property
    def _name(self) -> str:
        return line(shlex.join(self._command))

    def _build(self, endpoint: Endpoint) -> None:
        seconds = self._seconds
        if self._line is None:
            self._line, seconds = Line(started(self._command, endpoint, self._hidden)), self._start_seconds
        else:
            allow_files(self._line.child.pid)
        answer = self._ask("open", seconds, **open_members(endpoint))
        self._can = frozenset(answer.can or ())

    # -- asks ----------------------------------------------------------------------------------------------------

    def say(self, saying: Saying) -> Ending:
        """Says something."""
        return self._endings([("say", say_members(saying))], saying.stop)[0]

    def again(self, to: str) -> Ending:
        """Asks for the last reply again."""
        return self._endings([("again", {"conversation": to})], None)[0]

    def together(self, first: Saying, second: Saying) -> tuple[Ending, Ending]:
        """Says two things at once; which is answered first is the driver's matter."""
        self._second.clear()
        one, other = self._endings([("say", say_members(first)), ("say", say_members(second))], None)
        return one, other

    def _endings(self, asks: list[tuple[str, dict[str, Any]]], stop: int | None) -> list[Ending]:
        line = self._line
        if line is None:
            return [Raised(error="there is no client")] * len(asks)
        asked: list[Asked] = []
        failure: Ending | None = None
        try:
            for op, members in asks:
                if asked:
                    self._second.wait(_SECOND_SECONDS)
                asked.append(line.ask(op, members, self._seconds))
            line.wait(tuple(asked), self._seconds)
        except ChildEndedError as error:
            failure = Raised(error=str(error))
        except HungError as error:
            failure = Hung(seconds=error.seconds)
        except ProtocolError:
            self.leave()
            raise
        if failure is not None:
            self.leave()
        endings = [ending_of(one, stop) or failure for one in asked]
        endings += [failure] * (len(asks) - len(asked))
        return [ending for ending in endings if ending is not None]

    def proceed(self) -> None:
        """Lets the second of two begin."""
        self._second.set()

    def cancel(self) -> None:
        """Cancels the ask that is under way, where the driver can: any other would read on, and give all of it back."""
        line = self._line  # the other thread may end it meanwhile
        if line is not None and Ability.CANCEL in self._can:
            line.cancel()

    # -- conversations -------------------------------------------------------------------------------------------

    def restart(self, *, killed: bool = False) -> None:
        """Has another client carry on: in the same process, or with `killed` in a new one."""
        if not killed and Ability.RESTART in self._can:
            self._ask("restart")
            return
        if self._endpoint is None or not self._endpoint.policy.persistent:
            raise CannotError("restart: it has no restart, and is not declared as persistent")
        if killed:
            self.leave()
        try:
            self.open(self._endpoint)
        except ProtocolError:
            raise
        except CannotBuildError as error:
            raise ClientFailedError(str(error)) from None

    def clear(self, to: str) -> None:
        """Clears a conversation."""
        self._ask("clear", conversation=to)

    def fork(self, to: str, at: int, new: str) -> None:
        """Begins a branch."""
        self._ask("fork", conversation=to, at=at, new=new)

    def load(self, texts: tuple[str, ...], new: str) -> None:
        """Makes a conversation of a list."""
        roles = ("user", "assistant")
        messages = [{"role": roles[at % 2], "content": text} for at, text in enumerate(texts)]
        self._ask("load", messages=messages, new=new)

    def older(self) -> None:
        """Has the client write its files as an older version of it did."""
        self._ask("older")

    def window(self, n: int) -> None:
        """Sets the window."""
        self._ask("window", n=n)

    def spoil(self) -> None:
        """Lets no file grow any more."""
        if self._line is None or not can_forbid_files():
            raise CannotError("spoil: the limits of another process can be set on Linux alone")
        forbid_files(self._line.child.pid)

    def printed(self) -> str:
        """The last lines that were printed, on standard error, or on standard output as no answer."""
        if self._line is not None:
            self._printed.keep(self._line.child.printed)
        return self._printed.told()

    def close(self) -> None:
        """Ends the client; the process may stay for the next one."""
        if self._open:
            self._open = False
            with suppress(ClientFailedError, CannotError, HungError):
                self._ask("close", min(self._seconds, _CLOSE_SECONDS))

    # -- the process ---------------------------------------------------------------------------------------------

    def _ask(self, op: str, seconds: float | None = None, /, **members: Any) -> Done:
        line, limit = self._line, self._seconds if seconds is None else seconds
        if line is None:
            raise ClientFailedError("there is no client")
        try:
            asked = line.ask(op, members, limit)
            line.wait((asked,), limit)
        except ChildEndedError as error:
            self.leave()
            ended = str(error).replace("the client ended the process", f"{self._name} ended")
            raise _ProcessEndedError(ended) from None
        except (HungError, ProtocolError):
            self.leave()
            raise
        match asked.answer:
            case Failed(error=text):
                raise ClientFailedError(shown(text))
            case Cannot(cannot=text):
                raise CannotError(shown(text))
            case Done() as done:
                return done
            case _:
                raise ProtocolError(f"the driver answered {op} with no ok")

    def leave(self) -> None:
        """Ends the process, at once."""
        self._open = False
        if self._line is not None:
            self._line.child.kill()
            self._printed.keep(self._line.child.printed)
            self._line = None
