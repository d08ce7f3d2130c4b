"""Text of a stranger, made safe to show and to write: a terminal, a log and a CI system obey what they are sent."""

import json
import re

__all__ = ["block", "json_text", "line", "name", "prose", "without_query"]

_LONGEST_NAME = 200
"""Characters of a model's or a file's name that anyone reads."""

_OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb]"
)
"""Controls but for tab and line feed, what turns or breaks lines, halves of characters."""

_SCHEME = r"\A((?:[A-Za-z][A-Za-z0-9+.-]*:/+)?)"
_USER = re.compile(
    rf"{_SCHEME}(?:[^/?#@:]*:(?!\d{{0,5}}(?:[/?#]|\Z)).*@|[^/?#]*@)",  # a password may have any character in it
    re.DOTALL,
)
_QUERY = re.compile(r"[?#].*", re.DOTALL)


def line(text: str) -> str:
    """The text on one line, with everything that is not printable as its escape.

    That is controls (C0, DEL, C1), marks of direction, separators of lines and paragraphs, and lone surrogates.
    """
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def block(text: str) -> str:
    """The same for a text of several lines: line feeds stay."""
    return text if text.isprintable() else "\n".join(map(line, text.split("\n")))


def prose(text: str) -> str:
    """What people read and copy: only what a terminal obeys is escaped. Tabs, and what joins letters or emoji, stay."""
    return _OBEYED.sub(lambda found: repr(found[0])[1:-1], text)


def name(text: str) -> str:
    """A name on one line, and no longer than anyone reads."""
    if len(text) <= _LONGEST_NAME:
        return line(text)
    return f"{line(text[:_LONGEST_NAME])}… ({len(text):,} characters)"


def json_text(value: object, indent: int | None = None) -> str:
    """The value in JSON: readable, and in escapes where a character is not printable."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return "\n".join(
        part if part.isprintable() else "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in part)
        for part in text.split("\n")
    )


def without_query(url: str) -> str:
    """An address, even a malformed one, without what may be a secret in it: user, query and fragment."""
    return _QUERY.sub("", _USER.sub(r"\1", url))
