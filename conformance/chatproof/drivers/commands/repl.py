"""A client that is a chat loop: it prompts, reads a line, prints the reply, and prompts again."""

import os
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress

from chatproof.drivers.commands.command import (
    AT_AN_ENDPOINT,
    Command,
    Template,
    check_program,
    values_at,
    window_at,
)
from chatproof.drivers.commands.dialogue import Dialogue, EndedError, FloodedError
from chatproof.drivers.commands.environment import environment_at
from chatproof.drivers.commands.prompt import candidate, common, ends_with, without_echo
from chatproof.drivers.driver import CannotError, ClientFailedError, HungError, Saying
from chatproof.drivers.limits import can_forbid_files
from chatproof.drivers.program_driver import ProgramDriver
from chatproof.gate import Gate
from chatproof.history.model.endpoint import CannotBuildError, Endpoint
from chatproof.history.model.plan import FIRST
from chatproof.history.model.printed import plain
from chatproof.history.model.seen import Cancelled, Displayed, Ending, Hung, Raised

__all__ = ["REPL_WAYS", "TO_START", "ReplDriver"]

TO_START = AT_AN_ENDPOINT | {"window"}
"""The placeholders of the command that starts it."""

REPL_WAYS: Mapping[str, frozenset[str]] = {
    "again": AT_AN_ENDPOINT,
    "clear": AT_AN_ENDPOINT,
    "conversation": AT_AN_ENDPOINT,
    "window": AT_AN_ENDPOINT | {"n"},
    "older": AT_AN_ENDPOINT,
    "quit": AT_AN_ENDPOINT,
}
"""The lines by which it can do something besides, and the placeholders of them."""

_QUIET_SECONDS = 0.1
"""So long nothing comes after a prompt: a reply may have one in it."""

_START_SECONDS = 0.5
"""So long nothing comes after what is taken for a prompt, where none was given."""

_DOUBT_SECONDS = 2.0
"""So long nothing comes after a first reply that does not end as the first prompt did."""

_QUIT_SECONDS = 3.0

_LONGEST = 2_000
_LINES = 5
_SHOWN = 300


_ENDS = "the program ends at Ctrl-C, and its conversation with it; to be judged in this, it catches KeyboardInterrupt"


class ReplDriver(ProgramDriver):
    """A `Driver`. A line is said, and what is printed until the next prompt has the reply in it.

    Where no `prompt` is given, it is what ends the output before the first line, and again after it.
    """

    def __init__(
        self,
        command: Command,
        ways: Mapping[str, Template] | None = None,
        *,
        prompt: str = "",
        piped: bool = False,
        seconds: float = 30.0,
        hidden: Collection[str] = (),
    ) -> None:
        self._command = command
        self._ways = ways or {}
        self._prompt = prompt
        self._piped = piped
        self._seconds = seconds
        self._hidden = hidden
        self._first = ""  #: what may be the prompt, until the first reply has shown it
        self._endpoint: Endpoint | None = None
        self._dialogue: Dialogue | None = None
        self._conversation = FIRST
        self._asking = False
        self._cancelled = False
        self._kept = b""

    @property
    def can(self) -> frozenset[str]:
        """What a program on a terminal can, and the ways that were named."""
        persistent = self._endpoint is not None and self._endpoint.policy.persistent
        stored = {"restart", "kill"} if persistent else set[str]()
        full = {"spoil"} if can_forbid_files() else set[str]()
        return frozenset({"say", "cancel", "dashes"} | full | stored | (set(self._ways) - {"quit"}))

    @property
    def is_open(self) -> bool:
        """Whether it runs."""
        return self._dialogue is not None

    # -- its life ------------------------------------------------------------------------------------------------

    def open(self, endpoint: Endpoint) -> None:
        """Starts it, and waits until it prompts."""
        self.close()
        n = window_at(endpoint, self._command)
        self._endpoint = endpoint
        self._conversation = FIRST
        words = self._command.filled({**values_at(endpoint), "window": str(n)})
        check_program(words[0], os.environ.get("PATH"))
        self._kept = b""
        self._dialogue = Dialogue(
            words,
            {
                **environment_at(endpoint, os.environ, hidden=self._hidden),
                "TERM": "dumb",
                "NO_COLOR": "1",
                "PYTHONUNBUFFERED": "1",
            },
            piped=self._piped,
        )
        try:
            self._kept = self._started(self._dialogue)
        except (EndedError, FloodedError, TimeoutError) as error:
            printed = _shown(self._kept)
            self.leave()
            raise CannotBuildError(f"{_why(error, self._why_none())}. It printed: {printed}") from None

    def _why_none(self) -> str:
        if self._prompt:
            return f"the prompt {self._prompt!r} did not come within {self._seconds:g} s"
        return f"it did not prompt within {self._seconds:g} s; name what it prompts with by --prompt"

    def _started(self, dialogue: Dialogue) -> bytes:
        if self._prompt:
            return self._until(dialogue, self._prompted)
        printed = self._until(dialogue, _any_within(_START_SECONDS))
        self._first = candidate(printed)
        return printed

    def close(self) -> None:
        """Ends it as its user would."""
        dialogue, self._dialogue = self._dialogue, None
        if dialogue is None:
            return
        with suppress(EndedError, FloodedError, TimeoutError):
            if "quit" in self._ways and self._endpoint is not None:
                line = self._ways["quit"].filled(self._values())
                dialogue.write(_line(line), 1.0)
            else:
                dialogue.end_of_input()
        dialogue.end(min(_QUIT_SECONDS, self._seconds))

    def leave(self) -> None:
        """Ends the process, at once."""
        if self._dialogue is not None:
            self._dialogue.kill()
            self._dialogue = None

    def restart(self, *, killed: bool = False) -> None:
        """Ends it, or kills it, and starts it again in the same home."""
        if self._endpoint is None or not self._endpoint.policy.persistent:
            raise CannotError("restart: it is not declared as persistent")
        if killed:
            self.leave()
        try:
            self.open(self._endpoint)
        except CannotBuildError as error:
            raise ClientFailedError(str(error)) from None

    # -- asks ----------------------------------------------------------------------------------------------------

    def say(self, saying: Saying) -> Ending:
        """Says something."""
        try:
            self._turn_to(saying.to)
        except ClientFailedError as error:
            return Raised(error=str(error))
        except HungError as error:
            return Hung(seconds=error.seconds)
        return self._asked(saying.text, saying.stop)

    def again(self, to: str) -> Ending:
        """Asks for the last reply again."""
        try:
            self._turn_to(to)
        except ClientFailedError as error:
            return Raised(error=str(error))
        except HungError as error:
            return Hung(seconds=error.seconds)
        return self._asked(self._line_of("again"))

    def _asked(self, line: str, stop: int | None = None) -> Ending:
        self._cancelled = False
        self._asking = True
        try:
            printed = self._exchanged(line)
        except ClientFailedError as error:
            if self._cancelled and stop is not None:
                raise CannotError(_ENDS) from None
            return Raised(error=str(error))
        except HungError as error:
            return Hung(seconds=error.seconds)
        finally:
            self._asking = False
        if self._cancelled and stop is not None:
            return Cancelled(pieces=stop, text=printed)
        return Displayed(text=printed)

    def together(self, first: Saying, second: Saying) -> tuple[Ending, Ending]:
        """It cannot: it reads one line after the other."""
        del first, second
        raise CannotError("together: a program on a terminal reads one line after the other")

    def proceed(self) -> None:
        """Nothing waits for that."""

    def cancel(self) -> None:
        """Ctrl-C."""
        dialogue = self._dialogue  # the other thread may end it meanwhile
        if self._asking and dialogue is not None and dialogue.interrupt():
            self._cancelled = True

    # -- lines ---------------------------------------------------------------------------------------------------

    def _exchanged(self, line: str) -> str:
        """What is printed between a line and the next prompt, without that and without the line's echo.

        Raises:
            ClientFailedError: it ended.
            HungError: it did not prompt in time.
        """
        dialogue = self._dialogue
        if dialogue is None:
            raise ClientFailedError("there is no client")
        self._kept = b""
        try:
            self._kept = dialogue.write(_line(line), self._seconds)
            self._kept = self._until(dialogue, self._prompted if self._prompt else self._found)
            dialogue.collect_lines()
        except EndedError as error:
            printed = _shown(self._kept)
            self.leave()
            raise ClientFailedError(f"it ended, {error}, having printed {printed}") from None
        except FloodedError:
            self.leave()
            raise ClientFailedError("it printed more than 8 MB, and was ended") from None
        except TimeoutError:
            self.leave()
            if not self._prompt:
                raise ClientFailedError(self._not_found()) from None
            raise HungError(self._seconds) from None
        text = plain(self._kept.decode("utf-8", "replace")).replace("\r\n", "\n")
        return without_echo(text.removesuffix(self._prompt), line).strip()

    def _until(self, dialogue: Dialogue, is_over: Callable[[bytes, float], bool]) -> bytes:
        """Reads until it is over, by what was printed and for how long nothing came since."""
        end, last = time.monotonic() + self._seconds, time.monotonic()
        printed = bytearray(self._kept)
        while not is_over(bytes(printed[-_LONGEST * 4 :]), time.monotonic() - last):
            if time.monotonic() > end:
                raise TimeoutError
            try:
                data = dialogue.read(_QUIET_SECONDS / 4)
            except EndedError:
                self._kept = bytes(printed)
                raise
            if data:
                printed += data
                last = time.monotonic()
                self._kept = bytes(printed[-_LONGEST:])
            if len(printed) > _MOST:
                raise FloodedError
        return bytes(printed)

    def _prompted(self, printed: bytes, quiet: float) -> bool:
        return quiet >= _QUIET_SECONDS and ends_with(printed, self._prompt)

    def _found(self, printed: bytes, quiet: float) -> bool:
        """Whether the first reply ends as what came before it, or nearly so."""
        if quiet >= _QUIET_SECONDS and self._first and ends_with(printed, self._first):
            self._prompt = self._first
        elif quiet >= _DOUBT_SECONDS:
            self._prompt = common(self._first, candidate(printed))
        return bool(self._prompt)

    def _not_found(self) -> str:
        return (
            f"no prompt was found: before the first message it printed {self._first[-_SHOWN:]!r} at last, and after it"
            f" {candidate(self._kept)[-_SHOWN:]!r}, which do not end alike. Name what it prompts with by --prompt"
        )

    # -- what it can besides -------------------------------------------------------------------------------------

    def _values(self) -> dict[str, str]:
        assert self._endpoint is not None  # noqa: S101  it is open
        return values_at(self._endpoint, self._conversation)

    def _line_of(self, way: str, n: int | None = None) -> str:
        if way not in self._ways:
            raise CannotError(f"{way}: no line was given for it; --can {way}='…' names one")
        return self._ways[way].filled({**self._values(), "n": str(n)})

    def _turn_to(self, to: str) -> None:
        """Another conversation, by its line."""
        if to != self._conversation:
            before, self._conversation = self._conversation, to
            try:
                line = self._line_of("conversation")
            except CannotError:
                self._conversation = before
                raise
            self._exchanged(line)

    def clear(self, to: str) -> None:
        """Clears a conversation."""
        self._turn_to(to)
        self._exchanged(self._line_of("clear"))

    def fork(self, to: str, at: int, new: str) -> None:
        """It cannot."""
        del to, at, new
        raise CannotError("fork: a line begins no branch that could be named")

    def load(self, texts: tuple[str, ...], new: str) -> None:
        """It cannot."""
        del texts, new
        raise CannotError("load: a line holds no list")

    def window(self, n: int) -> None:
        """Sets the window."""
        self._exchanged(self._line_of("window", n))

    def older(self) -> None:
        """Has the client write its files as an older version of it did."""
        self._exchanged(self._line_of("older"))

    def spoil(self) -> None:
        """Lets no file grow any more."""
        if self._dialogue is not None:
            self._dialogue.forbid_files()

    def printed(self) -> str:
        """The last lines that were printed."""
        kept, self._kept = self._kept, b""
        text = Gate().text(plain(kept[-_LONGEST:].decode("utf-8", "replace")).strip())
        return "\n".join(text.splitlines()[-_LINES:])


_MOST = 8 * 1024 * 1024


def _line(text: str) -> bytes:
    return text.encode("utf-8", "replace") + b"\n"


def _any_within(seconds: float) -> Callable[[bytes, float], bool]:
    return lambda printed, quiet: bool(printed.strip()) and quiet >= seconds


def _why(error: EndedError | FloodedError | TimeoutError, none: str) -> str:
    match error:
        case EndedError():
            return f"it ended before it read anything, {error}"
        case FloodedError():
            return "it printed more than 8 MB before it read anything"
        case _:
            return none


def _shown(printed: bytes) -> str:
    text = Gate().line(plain(printed[-_LONGEST:].decode("utf-8", "replace")).strip())
    return repr(text[-_SHOWN:]) if text else "nothing"
