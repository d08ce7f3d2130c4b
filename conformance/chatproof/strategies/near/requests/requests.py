"""Near misses of requests: for a chat, for completions, for embeddings."""

from chatproof.strategies.near.near_miss import joined
from chatproof.strategies.near.requests.chat import NEAR_CHAT_REQUEST
from chatproof.strategies.near.text.request import NEAR_TEXT_REQUEST

__all__ = ["NEAR_REQUESTS"]

NEAR_REQUESTS = joined(NEAR_CHAT_REQUEST, NEAR_TEXT_REQUEST)
