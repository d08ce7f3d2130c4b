"""Near misses of completions and their streams, of embeddings, of models and of errors."""

from .near_completion import NEAR_COMPLETION
from .near_completion_stream import NEAR_COMPLETION_STREAM
from .near_embeddings import NEAR_EMBEDDINGS
from .near_lists import NEAR_LISTS
from .near_miss import Catalogue

__all__ = ["NEAR_TEXT"]

NEAR_TEXT: Catalogue = {**NEAR_COMPLETION, **NEAR_COMPLETION_STREAM, **NEAR_EMBEDDINGS, **NEAR_LISTS}
