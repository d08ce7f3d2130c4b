"""What all commands share in how they speak: colours only on a terminal, one sentence for a user's mistake."""

import os
import sys
from typing import NoReturn, TextIO

import click

from chatproof.gate.escaping import line
from chatproof.report.exit_code import CANNOT
from chatproof.report.files import refuse_unwritable, write_text

__all__ = ["cannot", "check_writable", "flash", "say", "write_file"]


def say(text: str = "", *, err: bool = False) -> None:
    """Print a line; without colours where the output is no terminal, or NO_COLOR is set (no-color.org)."""
    stream = sys.stderr if err else sys.stdout
    encoding = stream.encoding or "utf-8"
    shown = text.encode(encoding, "backslashreplace").decode(encoding)  # a terminal may know ASCII only
    click.echo(shown, err=err, color=False if os.environ.get("NO_COLOR") else None)


def flash(text: str, terminal: TextIO) -> None:
    """Show what is at work in a line that the next one overwrites; nothing where nobody watches."""
    if terminal.isatty():
        click.echo(f"\r\033[K{text}", nl=False, file=terminal)


def cannot(sentence: str, code: int = CANNOT) -> NoReturn:
    """End the command: nothing was judged, and this is why."""
    say(f"chatproof: {line(sentence)}", err=True)
    sys.exit(code)


def check_writable(*paths: str | None) -> None:
    """Look whether reports can be written before anything is asked; what stands there stays.

    Ends the command with one sentence where one cannot.
    """
    for path in filter(None, paths):
        try:
            refuse_unwritable(path)
        except OSError as error:
            cannot(f"cannot write {path}: {error.strerror}")


def write_file(path: str, text: str) -> None:
    """Write a report.

    Ends the command with one sentence where that fails.
    """
    try:
        write_text(path, text)
    except OSError as error:
        cannot(f"cannot write {path}: {error.strerror}")
