"""Words that are said once in a run: by them every message has one provenance, however much of it is damaged."""

import re
from hashlib import blake2b

from chatproof.history.model.plan import MARK

__all__ = ["filled", "tags", "words"]

_NOUNS = (
    "amber", "birch", "cedar", "delta", "ember", "falcon", "garnet", "harbor", "indigo", "juniper", "kestrel", "lagoon",
    "maple", "nectar", "onyx", "pepper", "quartz", "raven", "saffron", "timber", "umber", "violet", "walnut", "zephyr",
)  # fmt: skip

_TAG = re.compile(rf"(?:{'|'.join(_NOUNS)})-\d{{7}}")


def words(play: int, step: int, side: str) -> str:
    """The words of one message: the same for the same play, step and side, and for no other."""
    digest = blake2b(f"{play} {step} {side}".encode(), digest_size=8).digest()
    number = int.from_bytes(digest)
    return f"{_NOUNS[number % len(_NOUNS)]}-{number // len(_NOUNS) % 10_000_000:07}"


def filled(text: str, said: str) -> str:
    """The text with its mark filled in; where it has none, it stays as it is."""
    return text.replace(MARK, said)


def tags(text: str) -> tuple[str, ...]:
    """The words of plays that stand in a text, in order."""
    return tuple(_TAG.findall(text))
