"""What all commands share in how they speak: colours only on a terminal, one sentence for a user's mistake."""

import os
import sys
from pathlib import Path
from typing import NoReturn, TextIO

import click

__all__ = ["CANNOT", "cannot", "flash", "say", "write_file"]

CANNOT = 2
"""The exit code of a run that could not be made."""


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


def cannot(sentence: str) -> NoReturn:
    """End the command: nothing was judged, and this is why."""
    say(f"chatproof: {sentence}", err=True)
    sys.exit(CANNOT)


def write_file(path: str, text: str) -> None:
    """Write a report.

    Ends the command with one sentence where that fails.
    """
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        cannot(f"cannot write {path}: {error.strerror}")
