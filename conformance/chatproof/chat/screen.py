"""What is shown: replies as they come on standard output, all else on standard error.

On a terminal, what an endpoint sends is escaped where that would obey it; a pipe gets it as it came, and one line feed
more. Known keys are taken out of it, also where they come in pieces.
"""

import os
import sys
from collections.abc import Callable, Iterable
from typing import TextIO

from chatproof.gate.escaping import prose
from chatproof.report.console import say

__all__ = ["Screen"]

_WORD = "".join(map(chr, range(0x21, 0x7F)))
"""What keys are of: what a text ends with of it may be a part of one."""

_LONGEST_HELD = 2048
"""Characters, more than any form of a key has; of a longer word so much waits."""


class Screen:
    """`hidden` takes the keys out of a text; without keys (None) each piece is shown as soon as it is there."""

    def __init__(self, hidden: Callable[[str], str] | None = None, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._escaped: Callable[[str], str] = prose if self._stream.isatty() else str
        self._hidden = hidden

    def tell(self, text: str) -> None:
        """What is for the user alone."""
        say(text, err=True)

    def page(self, text: str) -> None:
        """A text of several lines that was asked for, and is kept whole."""
        self._write(f"{text}\n")

    def prompt(self, text: str) -> None:
        """What says that a line is waited for."""
        self._write(text)

    def reply(self, pieces: Iterable[str]) -> None:
        """Show a reply as it comes, and a line feed; what came of one that breaks off ends its line, too."""
        held, shown = "", ""
        try:
            for piece in pieces:
                ready, held = self._cut(held + piece)
                shown = self._part(ready) or shown
        except BaseException:
            shown = self._part(held) or shown
            if shown and not shown.endswith("\n"):
                self._write("\n")
            raise
        self._part(held)
        self._write("\n")

    def _cut(self, text: str) -> tuple[str, str]:
        """What can be shown, and what has to wait for more; without keys both."""
        told = self._hidden(text) if self._hidden else text
        ready = told.rstrip(_WORD) if self._hidden else told
        ready = told[: max(len(ready), len(told) - _LONGEST_HELD)]
        ready = ready.removesuffix("\r")  # a line feed may follow
        return ready, told[len(ready) :]

    def _part(self, text: str) -> str:
        """Show a part of a reply, and give back what was shown."""
        shown = "\r\n".join(map(self._escaped, text.split("\r\n")))
        if shown:
            self._write(shown)
        return shown

    def _write(self, text: str) -> None:
        """Write and flush. Where the reader has left, the rest goes nowhere: a reply is kept whoever reads it."""
        encoding = self._stream.encoding or "utf-8"
        safe = text.encode(encoding, "backslashreplace").decode(encoding)
        try:
            self._stream.write(safe)
            self._stream.flush()
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)
