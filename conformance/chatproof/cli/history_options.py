"""Where `chatproof chat` keeps what was said."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from chatproof.report.console import cannot

__all__ = ["history_file_option", "history_path"]

Function = TypeVar("Function", bound=Callable[..., Any])

history_file_option = click.option(
    "--history-file",
    metavar="FILE",
    help="Where the conversations are kept. [default: chatproof/history.json in $XDG_DATA_HOME or ~/.local/share]",
)


def history_path(given: str | None) -> Path:
    """The file. Ends the command where there is no home to have it in."""
    from chatproof.chat.names import default_file  # noqa: PLC0415  `--help` need not wait for it

    if given is not None:
        return Path(given)
    try:
        return default_file(os.environ, Path.home())
    except RuntimeError:
        cannot("There is no home directory to keep the conversation in: name a file with --history-file.")
