"""Messages that come through a pipe, or from a terminal without line editing: a line each."""

from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO

from chatproof.chat.commands import unfinished

__all__ = ["MOST_BYTES", "NotTextError", "from_lines", "whole"]

MOST_BYTES = 16 * 1024 * 1024
"""Of one message: what no endpoint reads."""


class NotTextError(ValueError):
    """What came is no text; the sentence says why."""


def whole(stream: BinaryIO) -> str:
    """All that comes, as one message, without the line feeds at its end.

    Raises:
        NotTextError: it is not UTF-8, is too long, or nothing.
    """
    text = _text(stream.read(MOST_BYTES + 1)).rstrip("\r\n")
    if not text:
        raise NotTextError("no text came on standard input")
    return text


def from_lines(stream: BinaryIO, prompt: Callable[[str], None]) -> Callable[[], str]:
    """What reads the next message from lines: one that ends in a backslash goes on in the next line.

    It raises EOFError at the end, and NotTextError.
    """

    def line() -> str:
        data = stream.readline(MOST_BYTES + 1)
        if not data:
            raise EOFError
        return _text(data).removesuffix("\n").removesuffix("\r")

    def read() -> str:
        prompt("> ")
        parts = [line()]
        while unfinished(parts[-1]):
            parts[-1] = parts[-1][:-1]
            with suppress(EOFError):
                parts.append(line())
        return "\n".join(parts)

    return read


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise NotTextError(f"the message is longer than {MOST_BYTES:,} bytes")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise NotTextError(f"the message is no UTF-8 ({error.reason} at byte {error.start})") from None
