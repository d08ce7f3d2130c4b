"""The vector of a text: of length one, and the same for the same text on every machine."""

import hashlib
import math
import struct
from collections import Counter
from functools import lru_cache

from chatfake.core.tokens import split


def vector(text: str, dimensions: int) -> tuple[float, ...]:
    """A sum of one direction a word, so that texts which share words are near each other; of length one.

    The numbers are those of 32-bit floats, so that both encodings say the same.
    """
    words = Counter(word.strip() for word in split(text.lower())[:512] or ("",))
    # all places at once, as one number of 32 bits a place
    total = sum(times * _direction(word, dimensions) for word, times in words.items())
    middle = 127.5 * words.total()
    sums = [
        one - middle for one in struct.unpack(f"<{dimensions}I", total.to_bytes(4 * dimensions, "little"))
    ]
    length = math.sqrt(sum(one * one for one in sums)) or 1.0
    packed = struct.pack(f"<{dimensions}f", *(one / length for one in sums))
    return struct.unpack(f"<{dimensions}f", packed)


@lru_cache(maxsize=256)
def _direction(word: str, dimensions: int) -> int:
    """The direction that a word adds, one byte in 32 bits for each dimension."""
    spread = bytearray(4 * dimensions)
    spread[::4] = hashlib.shake_128(word.encode("utf-8", "replace")).digest(dimensions)
    return int.from_bytes(spread, "little")
