"""Words, wrapped at a terminal's width."""

import re

from click import unstyle

__all__ = ["wrapped"]

_LABEL = re.compile(
    r"\s*(?:(?:expected|seen|printed|note:|not run:|inconclusive|unsupported|known|likely|in)\s+)?"
)
_COPIED = re.compile(r"\s*again\s")
_NARROWEST = 40


def wrapped(text: str, width: int) -> str:
    """Each line broken between words; what follows stands below the line's own text, beside its label.

    Lines to be copied into a shell stay whole. No line begins with `::` or `##[`, which CI systems obey.
    """
    return "\n".join(part for line in text.split("\n") for part in _parts(line, max(width, _NARROWEST)))


def _parts(line: str, width: int) -> list[str]:
    bare = unstyle(line)
    if len(bare) <= width or _COPIED.match(bare):
        return [line]
    label = _LABEL.match(bare)
    indent = " " * min(len(label[0]) if label else 0, width // 2)
    first, *words = re.split(r"(?<=\S) (?=\S)", line)
    parts: list[str] = []
    last, size = first, len(unstyle(first))
    for word in words:
        length = len(unstyle(word))
        if size + 1 + length > width and size > len(indent) and not word.startswith(("::", "##[")):
            parts.append(last)
            last, size = f"{indent}{word}", len(indent) + length
        else:
            last, size = f"{last} {word}", size + 1 + length
    return [*parts, last]
