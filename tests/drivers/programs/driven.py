"""Drivers of the small programs."""

import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from chatproof.drivers.commands.argv import ARGV_WAYS, IN_A_COMMAND, ArgvDriver
from chatproof.drivers.commands.command import Command, Template
from chatproof.drivers.commands.repl import REPL_WAYS, TO_START, ReplDriver
from chatproof.history.model.policy import Policy
from chatproof.history.running.session import Session
from chatproof.stage import FakeStage

_PYTHON = f"{sys.executable} -S -E"
_HERE = Path(__file__).parent

STORED = Policy(persistent=True)


def asking(manner: str, *, said: str = "-- {text}") -> str:
    """The command of `ask.py`."""
    return f"{_PYTHON} {_HERE / 'ask.py'} {manner} {said}"


def looping(manner: str) -> str:
    """The command of `loop.py`."""
    return f"{_PYTHON} {_HERE / 'loop.py'} {manner}"


def argv(command: str, ways: Mapping[str, str] | None = None, *, seconds: float = 30.0) -> ArgvDriver:
    """A driver of a command."""
    others = {way: Command.of(text, ARGV_WAYS[way]) for way, text in (ways or {}).items()}
    return ArgvDriver(Command.of(command, IN_A_COMMAND), others, seconds=seconds)


def repl(
    command: str,
    ways: Mapping[str, str] | None = None,
    *,
    prompt: str = "",
    piped: bool = False,
    seconds: float = 30.0,
) -> ReplDriver:
    """A driver of a chat loop."""
    lines = {way: Template.of(text, REPL_WAYS[way]) for way, text in (ways or {}).items()}
    return ReplDriver(Command.of(command, TO_START), lines, prompt=prompt, piped=piped, seconds=seconds)


@contextmanager
def played(
    stage: FakeStage, driver: ArgvDriver | ReplDriver, policy: Policy | None = None
) -> Generator[Session]:
    """A session with it."""
    with driver:
        yield Session(driver, stage, policy or Policy())
