"""`chatproof chat` as a process of its own, at a terminal or at pipes. What it shows is waited for, never for how long."""

import os
import pty
import select
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic

from chatfake import Handle

__all__ = ["PROMPT", "Terminal", "at_terminal", "command"]

PROMPT = "\x1b[?2004h"
"""What a terminal is told where a line begins to be edited: it is to mark what is pasted."""

_PATIENCE = 60.0

# the terminal becomes that of the process, so that Ctrl-C reaches it
_MAIN = """
import fcntl, sys, termios
if sys.stdin.isatty(): fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from chatproof.cli import main
main(prog_name="chatproof")
"""


def command(handle: Handle, *args: str) -> tuple[list[str], dict[str, str]]:
    """The words of a chat with a fake, and its variables."""
    variables = {
        **os.environ,
        "OPENAI_API_KEY": handle.api_key,
        "NO_PROXY": "*",
        "TERM": "xterm",
        "PROMPT_TOOLKIT_NO_CPR": "1",  # nobody answers where the cursor is
        "PYTHONIOENCODING": "utf-8",
    }
    return [sys.executable, "-c", _MAIN, "chat", handle.base_url, *args], variables


@dataclass
class Terminal:
    """The other side of a terminal with a process at it."""

    process: subprocess.Popen[bytes]
    master: int
    seen: str = ""
    _passed: int = field(default=0, init=False)

    def type(self, keys: str) -> None:
        """Press keys; a line ends with CR."""
        os.write(self.master, keys.encode())

    def expect(self, *texts: str) -> None:
        """Wait until these are shown, one after another, after what was expected before."""
        end = monotonic() + _PATIENCE
        for text in texts:
            while (at := self.seen.find(text, self._passed)) < 0:
                ready, _, _ = select.select([self.master], [], [], max(end - monotonic(), 0))
                assert ready, f"{text!r} is not shown, but {self.seen[self._passed :]!r}"
                self.seen += self._read()
            self._passed = at + len(text)

    def wait(self) -> int:
        """What is left is read, and the exit code given back."""
        while data := self._read():
            self.seen += data
        return self.process.wait(_PATIENCE)

    def _read(self) -> str:
        try:
            return os.read(self.master, 65536).decode("utf-8", "replace")
        except OSError:  # Linux says so that nobody has the terminal any more
            return ""


@contextmanager
def at_terminal(handle: Handle, *args: str) -> Generator[Terminal]:
    """A chat at a terminal of its own; it is ended with the block."""
    master, slave = pty.openpty()
    words, variables = command(handle, *args)
    process = subprocess.Popen(
        words, stdin=slave, stdout=slave, stderr=slave, env=variables, start_new_session=True
    )
    os.close(slave)
    try:
        yield Terminal(process, master)
    finally:
        process.kill()
        process.wait(_PATIENCE)
        os.close(master)
