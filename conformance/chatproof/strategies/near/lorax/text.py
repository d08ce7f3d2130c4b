"""Near misses of what LoRAX's `/v1/completions` answers. Some of them are right in an answer of OpenAI's."""

from chatproof.strategies.near.near_miss import catalogue
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.lorax.openai import lorax_completion_chunks, lorax_completions

__all__ = ["NEAR_LORAX_TEXT"]

_TEXT, _PIECE = lorax_completions(), lorax_completion_chunks()


NEAR_LORAX_TEXT = catalogue(
    *rows(__file__, text=_TEXT, piece=_PIECE),
)
