"""What all commands share in how they speak: colours only on a terminal, one sentence for a user's mistake."""

import os
import shutil
import sys
from typing import NoReturn, TextIO

import click

from chatproof.gate.escaping import line
from chatproof.report.exit_code import CANNOT
from chatproof.report.files import refuse_unwritable, write_text
from chatproof.report.wrapping import wrapped

__all__ = ["STANDARD_OUTPUT", "Progress", "cannot", "check_writable", "flash", "say", "write_file"]


_ASCII = str.maketrans({"■": "#", "✗": "X", "□": "o", "·": ".", "…": "...", "←": "<-", "—": "-"})
"""The marks of reports, for a terminal that cannot show them."""

STANDARD_OUTPUT = "-"
"""A report that is named so goes to standard output; what is for people then goes to standard error."""


def say(text: str = "", *, err: bool = False) -> None:
    """Print lines, wrapped on a terminal; in colours where they are wanted, and in the marks that can be shown."""
    stream = sys.stderr if err else sys.stdout
    encoding = stream.encoding or "utf-8"
    shown = wrapped(text, shutil.get_terminal_size().columns) if stream.isatty() else text
    try:
        shown.encode(encoding)
    except UnicodeEncodeError:
        shown = shown.translate(_ASCII).encode(encoding, "backslashreplace").decode(encoding)
    _echo(shown, stream, color=_colours())


def _echo(shown: str | bytes, stream: TextIO, *, nl: bool = True, color: bool | None = None) -> None:
    """Write and flush. Where the reader has left, as `| head` does, the rest of the stream goes nowhere.

    The run goes on: its reports and its exit code are not about who reads along.
    """
    try:
        click.echo(shown, file=stream, nl=nl, color=color)
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _colours() -> bool | None:
    """What the environment says (no-color.org, force-color.org); None where it depends on the stream."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return False if os.environ.get("TERM") == "dumb" else None


def flash(text: str, terminal: TextIO) -> None:
    """Show what is at work in a line that the next one overwrites; nothing where nobody watches, or nothing moves."""
    if terminal.isatty() and os.environ.get("TERM") != "dumb":
        _echo(f"\r\033[K{text[: shutil.get_terminal_size().columns - 1]}", terminal, nl=False)


class Progress:
    """Shows how something goes on, each second: in one line on a terminal, elsewhere in a line now and then."""

    _ONE_IN = 10

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream
        self._told = 0

    def __call__(self, text: str) -> None:
        """Show where it stands; an empty text ends it."""
        stream = self._stream or sys.stderr
        if stream.isatty():
            flash(text, stream)
        elif text and self._told % self._ONE_IN == 0:
            _echo(f"chatproof: {text}", stream)
        self._told += 1


def cannot(sentence: str, code: int = CANNOT) -> NoReturn:
    """End the command: nothing was judged, and this is why."""
    say(f"chatproof: {line(sentence)}", err=True)
    sys.exit(code)


def check_writable(*paths: str | None) -> None:
    """Look whether reports can be written before anything is asked; what stands there stays.

    Ends the command with one sentence where one cannot.
    """
    for path in paths:
        if not path or path == STANDARD_OUTPUT:
            continue
        try:
            refuse_unwritable(path)
        except OSError as error:
            cannot(f"cannot write {path}: {error.strerror}")


def write_file(path: str, text: str) -> None:
    """Write a report; `-` is standard output.

    Ends the command with one sentence where that fails.
    """
    if path == STANDARD_OUTPUT:
        _echo(text.encode("utf-8", "backslashreplace"), sys.stdout, nl=False)
        return
    try:
        write_text(path, text)
    except OSError as error:
        cannot(f"cannot write {path}: {error.strerror}")
