"""Near misses of what LoRAX's `/v1/completions` answers. Some of them are right in an answer of OpenAI's."""

from chatproof.strategies.lorax_openai import lorax_completion_chunks, lorax_completions
from chatproof.strategies.near_miss import catalogue
from chatproof.strategies.rows import rows

__all__ = ["NEAR_LORAX_TEXT"]

_TEXT, _PIECE = lorax_completions(), lorax_completion_chunks()


NEAR_LORAX_TEXT = catalogue(
    *rows(__file__, text=_TEXT, piece=_PIECE),
)
