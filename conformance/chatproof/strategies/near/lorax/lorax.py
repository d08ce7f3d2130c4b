"""Near misses of all that LoRAX sends and takes."""

from chatproof.strategies.near.lorax.chat import NEAR_LORAX_CHAT
from chatproof.strategies.near.lorax.generate import NEAR_LORAX_GENERATE
from chatproof.strategies.near.lorax.item_request import NEAR_LORAX_ITEM_REQUEST
from chatproof.strategies.near.lorax.items import NEAR_LORAX_ITEMS
from chatproof.strategies.near.lorax.openai_request import NEAR_LORAX_OPENAI_REQUEST
from chatproof.strategies.near.lorax.openai_stream import NEAR_LORAX_OPENAI_STREAM
from chatproof.strategies.near.lorax.request import NEAR_LORAX_REQUEST
from chatproof.strategies.near.lorax.stream import NEAR_LORAX_STREAM
from chatproof.strategies.near.near_miss import joined

__all__ = ["NEAR_LORAX"]

NEAR_LORAX = joined(
    NEAR_LORAX_GENERATE,
    NEAR_LORAX_STREAM,
    NEAR_LORAX_ITEMS,
    NEAR_LORAX_CHAT,
    NEAR_LORAX_OPENAI_STREAM,
    NEAR_LORAX_REQUEST,
    NEAR_LORAX_ITEM_REQUEST,
    NEAR_LORAX_OPENAI_REQUEST,
)
