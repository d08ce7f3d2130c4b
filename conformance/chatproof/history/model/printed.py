"""A reply within what a program printed: its words in order, whatever stands between them.

Programs wrap and render what they print, and put a banner, a name or a frame around it. None of that is blamed; a word
that is not there is.
"""

import re
import unicodedata

__all__ = ["holds", "lost_words", "plain"]

_ESCAPES = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # titles and links
    r"|\x1b\[[0-?]*[ -/]*[@-~]"
    r"|\x1b[PX^_].*?(?:\x1b\\|\Z)"
    r"|\x1b[ -/]*[0-~]",
    re.DOTALL,
)

_RENDERED = re.compile(
    r"<think>.*?</think>"
    r"|<[^<>]*>"
    r"|&\#?\w+;"
    r"|^[ \t]*(?:```|~~~)[^\n]*$"
    r"|\]\([^()]*\)",
    re.DOTALL | re.MULTILINE,
)
"""What is gone, rightly, where a reply is shown as thoughts, HTML or Markdown are."""

_MOST = 5
"""Lost words that are looked for."""


def plain(text: str) -> str:
    """The text without what a terminal would obey: escape sequences."""
    return _ESCAPES.sub("", text)


def lost_words(reply: str, printed: str) -> tuple[str, ...]:
    """The first words of a reply that were not printed in their place."""
    squeezed, at = _squeezed(plain(printed)), 0
    lost: list[str] = []
    for word in _words(reply):
        found = squeezed.find(word, at)
        if found < 0:
            lost.append(word)
            if len(lost) == _MOST:
                break
        else:
            at = found + len(word)
    return tuple(lost)


def holds(printed: str, reply: str) -> bool:
    """Whether a reply of at least one word stands in what was printed."""
    return any(_words(reply)) and not lost_words(reply, printed)


def _words(reply: str) -> list[str]:
    """Its words: letters and digits, as they are in any form and case."""
    spaced = "".join(c if c.isalnum() else " " for c in _folded(_RENDERED.sub(" ", plain(reply))))
    return spaced.split()


def _squeezed(text: str) -> str:
    """One line of letters and digits: a word that was wrapped is whole again."""
    return "".join(filter(str.isalnum, _folded(text)))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
