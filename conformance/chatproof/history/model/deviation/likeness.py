"""How like two messages are: by the words of the play in them, by their calls, by their letters."""

from functools import lru_cache

from chatproof.history.model.message import Message
from chatproof.history.model.words import tags

__all__ = ["alike", "marks"]

_NEAR = 0.6
"""Texts are taken for one another where so much of them is alike: the words of a run make any two differ in more."""

_COMPARED = 2_000
"""Characters of a text that are compared for likeness."""

_CALLS = 20
"""Calls of one message that are looked at."""

_PIECE = 4
"""Characters of the pieces that texts are compared by: it takes time that is linear in their length."""


def marks(message: Message) -> frozenset[str]:
    """What says which message of a play this is: words that are said once, and ids of calls."""
    calls = message.calls[:_CALLS]
    texts = [message.text, message.odd, *(call.arguments or "" for call in calls)]
    ids = {message.result_of, *(call.id for call in calls)} - {""}
    return frozenset({tag for text in texts for tag in tags(text.casefold())} | ids)


def alike(one: str, other: str) -> bool:
    """Whether one text was probably made from the other."""
    one, other = one[:_COMPARED], other[:_COMPARED]
    if not one or not other:
        return False
    if len(one) >= _PIECE <= len(other) and (one in other or other in one):
        return True
    mine, its = _pieces(one), _pieces(other)
    return 2 * len(mine & its) >= _NEAR * (len(mine) + len(its))


@lru_cache(maxsize=512)
def _pieces(text: str) -> frozenset[str]:
    plain = "".join(text.casefold().split())
    return frozenset(plain[at : at + _PIECE] for at in range(max(len(plain) - _PIECE + 1, 1)))
