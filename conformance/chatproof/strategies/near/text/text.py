"""Near misses of completions and their streams, of embeddings, of models and of errors."""

from chatproof.strategies.near.near_miss import joined
from chatproof.strategies.near.text.completion import NEAR_COMPLETION
from chatproof.strategies.near.text.embeddings import NEAR_EMBEDDINGS
from chatproof.strategies.near.text.lists import NEAR_LISTS
from chatproof.strategies.near.text.stream import NEAR_COMPLETION_STREAM

__all__ = ["NEAR_TEXT"]

NEAR_TEXT = joined(NEAR_COMPLETION, NEAR_COMPLETION_STREAM, NEAR_EMBEDDINGS, NEAR_LISTS)
