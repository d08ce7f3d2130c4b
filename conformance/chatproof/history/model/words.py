"""Words that are said once in a run: by them every message has one provenance, however much of it is damaged."""

import re
from collections.abc import Iterator
from hashlib import blake2b
from itertools import islice

from chatproof.history.model.plan import MARK

__all__ = ["filled", "tags", "words"]

_NOUNS = (
    "amber", "birch", "cedar", "delta", "ember", "falcon", "garnet", "harbor", "indigo", "juniper", "kestrel", "lagoon",
    "maple", "nectar", "onyx", "pepper", "quartz", "raven", "saffron", "timber", "umber", "violet", "walnut", "zephyr",
)  # fmt: skip

_LONGEST = max(map(len, _NOUNS))

_MOST = 20

_NUMBER = re.compile(r"-\d{7}")


def words(play: int, step: int, side: str) -> str:
    """The words of one message: the same for the same play, step and side, and for no other."""
    digest = blake2b(f"{play} {step} {side}".encode(), digest_size=8).digest()
    number = int.from_bytes(digest)
    return f"{_NOUNS[number % len(_NOUNS)]}-{number // len(_NOUNS) % 10_000_000:07}"


def filled(text: str, said: str) -> str:
    """The text with its mark filled in; where it has none, it stays as it is."""
    return text.replace(MARK, said)


def tags(text: str, most: int = _MOST) -> tuple[str, ...]:
    """The words of plays that stand in a text, in order: the first of them, for an honest text has one or two."""
    return tuple(islice(_tags(text), most))


def _tags(text: str) -> Iterator[str]:
    for number in _NUMBER.finditer(text):
        before = text[max(number.start() - _LONGEST, 0) : number.start()]
        noun = next((noun for noun in _NOUNS if before.endswith(noun)), None)
        if noun is not None:
            yield noun + number.group()
