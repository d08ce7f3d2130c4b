"""All near misses, of all shapes and streams."""

from chatproof.strategies.near.chat.body import NEAR_BODY
from chatproof.strategies.near.chat.chunk import NEAR_CHUNK
from chatproof.strategies.near.chat.completion import NEAR_CHAT
from chatproof.strategies.near.chat.framing import NEAR_FRAMING
from chatproof.strategies.near.chat.pieces import NEAR_PIECES
from chatproof.strategies.near.chat.stream import NEAR_STREAM
from chatproof.strategies.near.lorax.lorax import NEAR_LORAX
from chatproof.strategies.near.near_miss import NearMiss, joined
from chatproof.strategies.near.other_things import NEAR_OTHER_THINGS
from chatproof.strategies.near.requests.requests import NEAR_REQUESTS
from chatproof.strategies.near.responses.responses import NEAR_RESPONSES
from chatproof.strategies.near.text.text import NEAR_TEXT
from chatschema import Kind, Level

__all__ = ["NEAR_MISSES", "near_misses"]

#: Every kind of defect by name, shoulds as well as musts.
NEAR_MISSES = joined(
    NEAR_CHAT,
    NEAR_BODY,
    NEAR_OTHER_THINGS,
    NEAR_CHUNK,
    NEAR_STREAM,
    NEAR_PIECES,
    NEAR_FRAMING,
    NEAR_TEXT,
    NEAR_REQUESTS,
    NEAR_RESPONSES,
    NEAR_LORAX,
)


def near_misses(kind: Kind | str | None = None, *, level: Level | str = Level.MUST) -> tuple[NearMiss, ...]:
    """The near misses of `kind` (None: of all) that break a rule of `level`.

    A judge that accepts one whose level is must is wrong. The kinds are `chatschema.Kind`; ValueError where `kind`
    or `level` is none.
    """
    wanted = None if kind is None else Kind(kind)
    return tuple(
        miss
        for miss in NEAR_MISSES.values()
        if miss.level is Level(level) and (wanted is None or miss.kind is wanted)
    )
