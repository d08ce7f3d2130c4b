"""A client that is a command: one process for each ask. What it remembers lies in its home."""

import os
import threading
from collections.abc import Collection, Mapping
from contextlib import suppress

from chatproof.drivers.commands.command import AT_AN_ENDPOINT, Command, check_program, values_at, window_at
from chatproof.drivers.commands.environment import environment_at
from chatproof.drivers.commands.program import Ended, Program, TooLongError, told_status
from chatproof.drivers.driver import CannotError, ClientFailedError, HungError, Saying
from chatproof.drivers.program_driver import ProgramDriver
from chatproof.gate import Gate
from chatproof.history.model.endpoint import CannotBuildError, Endpoint
from chatproof.history.model.plan import FIRST
from chatproof.history.model.printed import plain
from chatproof.history.model.seen import Cancelled, Ending, Hung, Printed, Raised

__all__ = ["ARGV_WAYS", "IN_A_COMMAND", "ArgvDriver"]

IN_A_COMMAND = AT_AN_ENDPOINT | {"text", "window"}
"""The placeholders of the command that asks."""

ARGV_WAYS: Mapping[str, frozenset[str]] = {
    "open": AT_AN_ENDPOINT | {"window"},
    "again": AT_AN_ENDPOINT | {"window"},
    "clear": AT_AN_ENDPOINT | {"window"},
    "window": AT_AN_ENDPOINT | {"n"},
    "older": AT_AN_ENDPOINT | {"window"},
}
"""What a command can do besides, and the placeholders of it. `open` is run before the first ask."""

_SECOND_SECONDS = 0.5
"""So long the second of two waits for the first to have come to the endpoint."""

_LINES = 5
_LONGEST = 2_000
_ERROR = 500


class ArgvDriver(ProgramDriver):
    """A `Driver`. The reply is what the command prints; another exit status than 0 is a failure.

    Where `{text}` stands nowhere in the command, what is said goes to its standard input, which ends then.
    """

    def __init__(
        self,
        command: Command,
        ways: Mapping[str, Command] | None = None,
        *,
        seconds: float = 30.0,
        hidden: Collection[str] = (),
    ) -> None:
        self._command = command
        self._ways = ways or {}
        self._seconds = seconds
        self._hidden = hidden
        self._endpoint: Endpoint | None = None
        self._window: int | None = None
        self._writes = True
        self._said = ""
        self._left: list[Program] = []
        self._asking: Program | None = None
        self._cancelled = False
        self._second = threading.Event()

    @property
    def can(self) -> frozenset[str]:
        """What every command can, what stands in this one, and the ways that were named."""
        always = {"say", "restart", "kill", "spoil", "cancel", "together", "lines"}
        in_it = self._command.names & {"conversation", "window"}
        return frozenset(always | in_it | self._dashes() | (set(self._ways) - {"open"}))

    def _dashes(self) -> set[str]:
        """Whether a text may begin with a dash: not where it would stand as an option does."""
        for word in self._command.words:
            if word.is_bare and word.names == ("text",):
                return set()
            if word.pieces == ("--",):
                break
        return {"dashes"}

    @property
    def is_open(self) -> bool:
        """Whether there is a client."""
        return self._endpoint is not None

    def open(self, endpoint: Endpoint) -> None:
        """Looks whether there are such programs, and runs what comes before the first ask."""
        self.close()
        self._window = window_at(endpoint, self._command)
        self._endpoint = endpoint
        for command in (self._command, *self._ways.values()):
            check_program(command.filled(self._values(FIRST, ""))[0], os.environ.get("PATH"))
        if "open" in self._ways:
            try:
                self._way("open", FIRST)
            except (ClientFailedError, HungError) as error:
                self.close()
                raise CannotBuildError(f"the command that opens it: {error}") from None

    # -- asks ----------------------------------------------------------------------------------------------------

    def say(self, saying: Saying) -> Ending:
        """Says something."""
        return self._asked(self._command, saying.to, saying.text, saying.stop)

    def again(self, to: str) -> Ending:
        """Asks for the last reply again."""
        return self._asked(self._command_of("again"), to)

    def together(self, first: Saying, second: Saying) -> tuple[Ending, Ending]:
        """Says two things at once, in two processes."""
        self._second.clear()
        other: list[Ending | CannotError] = []

        def work() -> None:
            self._second.wait(_SECOND_SECONDS)
            try:
                other.append(self._asked(self._command, second.to, second.text))
            except CannotError as error:
                other.append(error)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        try:
            ending = self._asked(self._command, first.to, first.text)
        finally:
            self._second.set()
            thread.join()
        if isinstance(other[0], CannotError):
            raise other[0]
        return ending, other[0]

    def proceed(self) -> None:
        """Lets the second of two begin."""
        self._second.set()

    def cancel(self) -> None:
        """Ctrl-C."""
        asking = self._asking
        if asking is not None and asking.interrupt():
            self._cancelled = True

    def _asked(self, command: Command, to: str, text: str = "", stop: int | None = None) -> Ending:
        self._cancelled = False
        try:
            ended = self._run(command, to, text, is_ask=True)
        except TooLongError:
            raise CannotError(
                f"say: an argument of {len(text):,} characters is too long for a command; without {{text}} it gets"
                " what is said on its standard input"
            ) from None
        except (CannotBuildError, ClientFailedError) as error:
            return Raised(error=str(error))
        if ended.hung:
            self._endpoint = None
            return Hung(seconds=self._seconds)
        if ended.flooded:
            return Raised(error=_FLOODED)
        out = plain(ended.out.decode("utf-8", "replace"))
        if self._cancelled and stop is not None:
            return Cancelled(pieces=stop, text=out)
        if ended.status:
            return Raised(error=_error(ended))
        return Printed(text=out.removesuffix("\n"), aside=_last(ended.error))

    def _run(
        self, command: Command, to: str, text: str = "", *, n: int | None = None, is_ask: bool = False
    ) -> Ended:
        endpoint = self._endpoint
        if endpoint is None:
            raise ClientFailedError("there is no client")
        on_input = is_ask and "text" not in command.names and command is self._command
        program = Program(
            command.filled(self._values(to, text, n)),
            environment_at(endpoint, os.environ, conversation=to, hidden=self._hidden),
            said=text.encode("utf-8", "replace") if on_input else b"",
            writes=self._writes,
        )
        self._left.append(program)
        if is_ask:
            self._asking = program
        ended = program.run(self._seconds)
        self._said = f"{self._said}{ended.error[-_LONGEST:].decode('utf-8', 'replace')}"[-_LONGEST:]
        return ended

    def _values(self, to: str, text: str, n: int | None = None) -> dict[str, str]:
        assert self._endpoint is not None  # noqa: S101  it is open
        return {**values_at(self._endpoint, to), "text": text, "window": str(self._window), "n": str(n)}

    # -- what it can besides -------------------------------------------------------------------------------------

    def _command_of(self, way: str) -> Command:
        if way not in self._ways:
            raise CannotError(f"{way}: no command was given for it; --can {way}='…' names one")
        return self._ways[way]

    def _way(self, way: str, to: str, n: int | None = None) -> None:
        """Runs a command.

        Raises:
            CannotError: there is none.
            ClientFailedError, HungError: it did not end well, or not in time.
        """
        try:
            ended = self._run(self._command_of(way), to, n=n)
        except (CannotBuildError, TooLongError) as error:
            raise ClientFailedError(str(error)) from None
        if ended.hung:
            raise HungError(self._seconds)
        if ended.status or ended.flooded:
            raise ClientFailedError(_FLOODED if ended.flooded else _error(ended))

    def restart(self, *, killed: bool = False) -> None:
        """Each ask is a new process: what the last ones have left behind is ended."""
        del killed
        self._end()

    def clear(self, to: str) -> None:
        """Clears a conversation."""
        self._way("clear", to)

    def fork(self, to: str, at: int, new: str) -> None:
        """It cannot."""
        del to, at, new
        raise CannotError("fork: a command has no branches")

    def load(self, texts: tuple[str, ...], new: str) -> None:
        """It cannot."""
        del texts, new
        raise CannotError("load: a command is given no list")

    def window(self, n: int) -> None:
        """Sets the window: by its own command, else for the asks that follow."""
        if "window" in self._ways:
            self._way("window", FIRST, n)
        elif "window" not in self._command.names:
            raise CannotError("window: {window} stands nowhere in the command")
        self._window = n

    def older(self) -> None:
        """Has the client write its files as an older version of it did."""
        self._way("older", FIRST)

    def spoil(self) -> None:
        """Lets no file grow any more."""
        self._writes = False

    def printed(self) -> str:
        """The last lines on standard error."""
        said, self._said = self._said, ""
        return _last(said.encode())

    def close(self) -> None:
        """Ends what is left."""
        self._end()
        self._endpoint = None
        self._writes = True

    def leave(self) -> None:
        """Ends every process."""
        self.close()

    def _end(self) -> None:
        left, self._left = self._left, []
        for program in left:
            with suppress(OSError):
                program.end()


_FLOODED = "it printed more than 8 MB, and was ended"


def _error(ended: Ended) -> str:
    """How it failed: its status, and the last lines of what it said of it."""
    words = _last(ended.error) or _last(ended.out)
    text = f"{told_status(ended.status)}: {words}" if words else told_status(ended.status)
    return text if len(text) <= _ERROR else f"{text[:_ERROR]}…"


def _last(data: bytes) -> str:
    """The last lines, as they can be told."""
    text = Gate().text(plain(data[-_LONGEST:].decode("utf-8", "replace")).strip())
    return "\n".join(text.splitlines()[-_LINES:])
