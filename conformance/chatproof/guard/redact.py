"""Keys of a request, kept out of all that is said about the exchange."""

from collections.abc import Iterable
from dataclasses import replace

from chatproof.validate.mask import masked_violation
from chatschema import Violation

__all__ = ["keys_of", "redacted"]

_HEADERS = frozenset({"authorization", "proxy-authorization", "api-key", "x-api-key", "cookie"})
_MASK = "[key]"

#: Shorter ones are no secrets, and stand in half of all words.
_SHORTEST = 4
#: What is left of a key where a quote ends in the middle of it.
_REST = 6


def keys_of(headers: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """What the headers have in the places of keys, the longest first."""
    found: set[str] = set()
    for name, value in headers:
        if name.lower() in _HEADERS:
            found |= {value, value.partition(" ")[2], value.rpartition(" ")[2]}
    return tuple(sorted((key for key in found if len(key) >= _SHORTEST), key=len, reverse=True))


def redacted(violation: Violation, keys: tuple[str, ...]) -> Violation:
    """The violation with nothing in it that is one of the keys, or looks like a key."""
    clean = masked_violation(violation)
    return replace(
        clean,
        path=_clean(clean.path, keys),
        message=_clean(clean.message, keys),
        expected=_clean(clean.expected, keys),
        seen=_clean(clean.seen, keys),
    )


def _clean(text: str, keys: tuple[str, ...]) -> str:
    for key in keys:
        text = text.replace(key, _MASK)
        for length in range(len(key) - 1, _REST - 1, -1):
            text = text.replace(f"{key[:length]}…", f"{_MASK}…")
    return text
