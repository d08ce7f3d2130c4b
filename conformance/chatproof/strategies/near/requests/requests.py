"""Near misses of requests: for a chat, for completions, for embeddings."""

from chatproof.strategies.near.near_miss import Catalogue
from chatproof.strategies.near.requests.chat import NEAR_CHAT_REQUEST
from chatproof.strategies.near.requests.form import NEAR_CHAT_FORM
from chatproof.strategies.near.requests.messages import NEAR_MESSAGES
from chatproof.strategies.near.requests.tools import NEAR_REQUEST_TOOLS
from chatproof.strategies.near.text.request import NEAR_TEXT_REQUEST

__all__ = ["NEAR_REQUESTS"]

NEAR_REQUESTS: Catalogue = {
    **NEAR_CHAT_REQUEST,
    **NEAR_CHAT_FORM,
    **NEAR_MESSAGES,
    **NEAR_REQUEST_TOOLS,
    **NEAR_TEXT_REQUEST,
}
