"""What a driver's standard output is made of: answers, and what is printed between them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from chatproof.drivers.jsonl.answers import InvalidAnswerError, is_answer

__all__ = ["LONGEST", "read_line"]

LONGEST = 32 * 1024 * 1024
"""Bytes of a line. Nothing that the stage says is near that."""

_MOST_BRACES = 16
"""At so many places of a line it is looked for an answer: something may have been printed before it without an end."""

_DECODER = json.JSONDecoder()


def read_line(line: bytes) -> Iterator[Mapping[str, Any] | bytes]:
    """The answers of a line, as objects, and what else is in it, as bytes.

    Raises:
        InvalidAnswerError: an answer is longer than anybody takes, or no UTF-8.
    """
    if len(line) >= LONGEST and line.lstrip(b" \t\r\n\xef\xbb\xbf").startswith(b'{"id"'):
        raise InvalidAnswerError(f"has more than {LONGEST // 1024 // 1024} MiB")
    if not line.strip():
        return
    try:
        yield from _read(line.decode("utf-8"))
    except UnicodeDecodeError:
        if any(not isinstance(one, bytes) for one in _read(line.decode("utf-8", "replace"))):
            raise InvalidAnswerError("is no UTF-8") from None
        yield line


def _read(text: str) -> Iterator[Mapping[str, Any] | bytes]:
    printed, at = 0, text.find("{")
    for _ in range(_MOST_BRACES):
        if at < 0:
            break
        value, end = _object_at(text, at)
        if value is not None and is_answer(value):
            yield from _printed(text[printed:at])
            yield value
            printed = end
        at = text.find("{", end)
    yield from _printed(text[printed:])


def _object_at(text: str, at: int) -> tuple[Mapping[str, Any] | None, int]:
    """The JSON object that begins there, and where it ends; None, and the next place to look at."""
    value: Any = None
    end = at + 1
    try:
        value, end = _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):
        return None, at + 1
    return (cast("Mapping[str, Any]", value), end) if isinstance(value, dict) else (None, end)


def _printed(text: str) -> Iterator[bytes]:
    if text.strip("\ufeff \t\r\n"):
        yield text.encode("utf-8", "replace")
