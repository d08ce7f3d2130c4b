"""Keys of a request, kept out of all that is said about the exchange."""

from collections.abc import Iterable
from functools import lru_cache

from chatproof.gate import Gate
from chatproof.probe.access import is_secret

__all__ = ["gate_of", "keys_of"]

_MASK = "[key]"


def keys_of(headers: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """What the headers have in the places of keys, the longest first."""
    found: set[str] = set()
    for name, value in headers:
        if is_secret(name):
            found |= {value, value.partition(" ")[2], value.rpartition(" ")[2]}
        if name.lower() == "cookie":
            found |= {pair.partition("=")[2].strip() for pair in value.split(";")}
    return tuple(sorted(found, key=len, reverse=True))


@lru_cache(maxsize=64)
def gate_of(keys: tuple[str, ...]) -> Gate:
    """The gate that knows these keys; a program has few of them."""
    return Gate(dict.fromkeys(keys, _MASK))
