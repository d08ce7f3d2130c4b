"""The program that speaks the protocol: its command line, and its process."""

import os
import shlex
import subprocess
from collections.abc import Collection

from chatproof.drivers.commands.command import AT_AN_ENDPOINT, CommandError, check_program
from chatproof.drivers.commands.environment import environment_at
from chatproof.drivers.jsonl.reading import LONGEST
from chatproof.drivers.pipes import Child, handed_over
from chatproof.gate.escaping import line
from chatproof.history.model.endpoint import CannotBuildError, Endpoint

__all__ = ["jsonl_command", "started"]


def jsonl_command(text: str) -> tuple[str, ...]:
    """The words of a driver's command line, with the quotes of a shell and nothing else of one.

    Raises:
        CommandError: it is none, or has placeholders: one process serves many clients.
    """
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise CommandError(f"{line(text)!r} is no command line: {str(error).lower()}") from None
    if not words or not words[0]:
        raise CommandError("a command line has at least the name of a program")
    for name in sorted(AT_AN_ENDPOINT):
        if any(f"{{{name}}}" in word for word in words):
            raise CommandError(
                f"{{{name}}} is no placeholder here: it comes with each request to open a client"
            )
    return tuple(words)


def started(words: tuple[str, ...], endpoint: Endpoint, hidden: Collection[str]) -> Child:
    """A process of the program, which is to be asked for a client at that endpoint first.

    Raises:
        CannotBuildError: there is no such program, or it cannot be started.
    """
    variables = environment_at(endpoint, os.environ, hidden=hidden)
    check_program(words[0], variables.get("PATH"))
    try:
        process = subprocess.Popen(  # noqa: S603  the user's own command
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=variables,
            start_new_session=True,
            restore_signals=False,  # a file that may not grow is an error, and no end of the process
        )
    except (OSError, ValueError) as error:
        raise CannotBuildError(f"{line(words[0])} cannot be started: {error}") from None
    writing, reading, printing = map(handed_over, (process.stdin, process.stdout, process.stderr))
    return Child(process, writing=writing, reading=reading, printing=printing, longest=LONGEST)
