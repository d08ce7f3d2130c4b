"""Which client `chatproof client` drives, and how: a factory in Python, or a program."""

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from typing import Any, TypeAlias, TypeVar

import click

from chatproof.drivers import Driver, ProcessDriver
from chatproof.drivers.commands.argv import ARGV_WAYS, IN_A_COMMAND, ArgvDriver
from chatproof.drivers.commands.command import Command, CommandError, Template
from chatproof.drivers.commands.repl import REPL_WAYS, TO_START, ReplDriver
from chatproof.gate import Gate
from chatproof.history.model.policy import Policy
from chatproof.history.rules.registry import Can
from chatproof.history.running.tour import Leg, brief_tour, tour
from chatproof.report.console import cannot

__all__ = ["Opening", "driven", "driven_options"]

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--argv",
        metavar="COMMAND",
        help="In place of TARGET: a command that is run for each message, and prints the reply. {text} in it is the"
        " message; without that the message goes to its standard input.",
    ),
    click.option(
        "--repl",
        metavar="COMMAND",
        help="In place of TARGET: a program that prompts, reads a line, prints the reply, and prompts again. It runs on"
        " a terminal of its own.",
    ),
    click.option(
        "--prompt",
        metavar="TEXT",
        help="With --repl, what it prompts with. [default: found out by the first message]",
    ),
    click.option(
        "--jobs",
        type=click.IntRange(1, 64),
        metavar="N",
        help="Play so many conversations at once. [default: with --argv as many as there are processors, else 1]",
    ),
    click.option("--pipe", "piped", is_flag=True, help="With --repl, run it on pipes and not on a terminal."),
    click.option(
        "--jsonl",
        metavar="COMMAND",
        help="In place of TARGET: a driver of a client in any language, which speaks JSON lines on its standard input"
        " and output (docs/client-protocol.md).",
    ),
    click.option(
        "--can",
        "can",
        multiple=True,
        metavar="WHAT=HOW",
        help="What a program can do besides, and how: the command, or the line. Can be given several times.",
    ),
)


def driven_options(function: Function) -> Function:
    """Adds the options; what they were given comes as keyword arguments, which `driven` takes out."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def driven(target: str | None, others: dict[str, Any]) -> "Opening":
    """What is to be driven, by what the options were given, which are taken out; else the run cannot be made."""
    names = [one.name for one in fields(Driven) if one.name != "target"]
    return Driven(target=target, **{name: others.pop(name) for name in names}).open()


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """What was asked for; the help texts say what each is."""

    target: str | None
    argv: str | None
    repl: str | None
    prompt: str | None
    piped: bool
    jobs: int | None
    jsonl: str | None
    can: tuple[str, ...]

    def open(self) -> "Opening":
        """What is to be driven; else the run cannot be made."""
        given = {name: value for name in _KINDS if (value := getattr(self, name)) is not None}
        if len(given) != 1:
            cannot(_NOT_ONE if not given else f"{' and '.join(map(_shown, given))} exclude each other.")
        ((name, what),) = given.items()
        if name != "repl" and (self.prompt is not None or self.piped):
            cannot("--prompt and --pipe are about a chat loop: name it with --repl.")
        kind = _KINDS[name]
        try:
            ways = ways_of(self.can, kind.ways)
            opening = kind.open(self, what, ways)
        except CommandError as error:
            cannot(f"{_shown(name)}: {Gate().line(str(error))}.")
        return opening if self.jobs is None else replace(opening, jobs=self.jobs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A client that can be driven, as often as is wanted at once.

    `name` is what reports call it. `policy` says what is declared by the way it is driven.
    """

    name: str
    driver: Callable[
        [float, Collection[str]], Driver
    ]  #: from the limit of an ask in seconds, and hidden variables
    policy: Callable[[Policy], Policy] = lambda policy: policy
    jobs: int = 1  #: conversations at once
    legs: Callable[[Policy, Can], tuple[Leg, ...]] = tour


Ways: TypeAlias = Mapping[str, str]
"""What a program can do besides, and its command or line for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """One kind of client: which `--can` it takes, and what opens it."""

    open: Callable[[Driven, str, Ways], Opening]
    ways: tuple[str, ...] = ()


def ways_of(given: tuple[str, ...], known: Collection[str]) -> Ways:
    """The values of `--can`.

    Raises:
        CommandError: one says nothing that this kind of client can, or how is left out, or is said twice.
    """
    ways: dict[str, str] = {}
    for text in given:
        what, _, how = text.partition("=")
        what = what.strip()
        if not known:
            raise CommandError("--can is for commands: what another client can do it says itself")
        if what not in known:
            near = get_close_matches(what, known, n=3) or known
            raise CommandError(f"--can {text}: there is no {what!r}; near are {', '.join(near)}")
        if not how.strip():
            raise CommandError(f"--can {text}: how is left out; write --can {what}='…'")
        if what in ways:
            raise CommandError(f"--can {what} is given twice")
        ways[what] = how
    return ways


def _python(driven: Driven, target: str, ways: Ways) -> Opening:
    del driven, ways
    return Opening(
        name=target,
        driver=lambda seconds, hidden: ProcessDriver(target, seconds=seconds, hidden=hidden),
    )


def _argv(driven: Driven, command: str, ways: Ways) -> Opening:
    del driven
    parsed = Command.of(command, IN_A_COMMAND)
    others = {way: Command.of(text, ARGV_WAYS[way]) for way, text in ways.items()}
    return Opening(
        name=command,
        driver=lambda seconds, hidden: ArgvDriver(parsed, others, seconds=seconds, hidden=hidden),
        # each ask is a new process
        policy=lambda policy: replace(policy, persistent=True),
        legs=brief_tour,
        jobs=min(
            len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
            _MOST_JOBS,
        ),
    )


def _repl(driven: Driven, command: str, ways: Ways) -> Opening:
    parsed = Command.of(command, TO_START)
    lines = {way: Template.of(text, REPL_WAYS[way]) for way, text in ways.items()}
    return Opening(
        name=command,
        driver=lambda seconds, hidden: ReplDriver(
            parsed, lines, prompt=driven.prompt or "", piped=driven.piped, seconds=seconds, hidden=hidden
        ),
    )


def _jsonl(driven: Driven, command: str, ways: Ways) -> Opening:
    del driven, ways
    from chatproof.drivers.jsonl.driver import JsonlDriver  # noqa: PLC0415  --help waits for no pydantic
    from chatproof.drivers.jsonl.program import jsonl_command  # noqa: PLC0415

    words = jsonl_command(command)
    return Opening(
        name=command,
        driver=lambda seconds, hidden: JsonlDriver(words, seconds=seconds, hidden=hidden),
    )


_KINDS: Mapping[str, _Kind] = {
    "target": _Kind(open=_python),
    "argv": _Kind(open=_argv, ways=tuple(ARGV_WAYS)),
    "repl": _Kind(open=_repl, ways=tuple(REPL_WAYS)),
    "jsonl": _Kind(open=_jsonl),
}
"""By the name of the option, or of the argument."""


def _shown(name: str) -> str:
    return name.upper() if name == "target" else f"--{name}"


_MOST_JOBS = 8

_NOT_ONE = (
    "no TARGET was given: write module:Factory or path/to/file.py:Factory, --argv COMMAND or --repl COMMAND for a"
    " program, or --jsonl COMMAND for a driver."
)
