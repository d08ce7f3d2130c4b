"""History clients that mean harm, for `chatproof client`."""

import os
import sys

from chatproof.clients import MessageList
from chatproof.history import Endpoint

_HARM = "\x1b]0;owned\x07\u202e\x9b31m\ud800\n::error file=x::owned\n"


class _Client:
    def __init__(self, endpoint: Endpoint) -> None:
        self.inner = MessageList.at(endpoint)

    def close(self) -> None:
        """End it."""
        self.inner.close()


class Prints(_Client):
    """Prints what a terminal obeys."""

    def say(self, text: str) -> str | None:
        """A round."""
        sys.stdout.buffer.write(_HARM.encode("utf-8", "surrogatepass"))
        sys.stderr.write(_HARM.replace("\ud800", ""))
        self.inner.say(text)
        return _HARM


class Raises(_Client):
    """Raises it."""

    def say(self, text: str) -> str | None:
        """A round."""
        raise ValueError(_HARM + text)


class Floods(_Client):
    """Prints a megabyte in each round."""

    def say(self, text: str) -> str | None:
        """A round."""
        sys.stdout.write("flood " * 170_000)
        return self.inner.say(text)


class Answers(_Client):
    """Gives back a megabyte."""

    def say(self, text: str) -> str | None:
        """A round."""
        return "a" * 10**6


class Exits(_Client):
    """Ends its process."""

    def say(self, text: str) -> str | None:
        """A round."""
        os._exit(0)


class Hangs(_Client):
    """Never comes back."""

    def say(self, text: str) -> str | None:
        """A round."""
        sys.stdin.read()
        while True:
            pass
