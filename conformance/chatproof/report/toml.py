"""TOML: documents that users write, and texts in those that are written for them."""

from pathlib import Path
from typing import Any

__all__ = ["read_toml", "toml_text"]

_MOST = 200_000
"""Bytes of a file that are read."""

_DOTS = 500
"""In one line: what a key of so many parts costs grows with their square."""

_ESCAPED = {'"': '\\"', "\\": "\\\\"}


def read_toml(path: Path, holding: bytes = b"") -> dict[str, Any]:
    """The document in a file; empty, and not looked at, where the file does not hold these bytes.

    Raises:
        ValueError: it is no TOML, too long, or cannot be read.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MOST + 1)
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from None
    if len(data) > _MOST:
        raise ValueError(f"has more than {_MOST:,} bytes")
    if holding not in data:
        return {}
    if any(line.count(b".") > _DOTS for line in data.splitlines()):
        raise ValueError(f"has a line with more than {_DOTS:,} dots")
    import tomllib  # noqa: PLC0415  most runs read none

    try:
        return tomllib.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is no TOML: {error}") from None


def toml_text(text: str) -> str:
    """The text as TOML has it, in quotes."""
    shown = (_ESCAPED.get(c) or (c if c.isprintable() else f"\\U{ord(c):08X}") for c in text)
    return f'"{"".join(shown)}"'
