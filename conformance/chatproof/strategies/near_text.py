"""Near misses of completions and their streams, of embeddings, of models and of errors."""

from chatproof.strategies.near_completion import NEAR_COMPLETION
from chatproof.strategies.near_completion_stream import NEAR_COMPLETION_STREAM
from chatproof.strategies.near_embeddings import NEAR_EMBEDDINGS
from chatproof.strategies.near_lists import NEAR_LISTS
from chatproof.strategies.near_miss import Catalogue

__all__ = ["NEAR_TEXT"]

NEAR_TEXT: Catalogue = {**NEAR_COMPLETION, **NEAR_COMPLETION_STREAM, **NEAR_EMBEDDINGS, **NEAR_LISTS}
