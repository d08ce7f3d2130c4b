"""Near misses of what LoRAX's OpenAI routes answer. Some of them are right in an answer of OpenAI's."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.near_miss import catalogue
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.lorax.openai import (
    lorax_calling_completions,
    lorax_chat_chunks,
    lorax_completion_chunks,
    lorax_completions,
    lorax_last_chat_chunks,
    lorax_spoken_completions,
)
from chatschema import JsonValue

__all__ = ["NEAR_LORAX_CHAT"]

#: Last chunks of a sequence that ended by itself.
_ENDED: SearchStrategy[JsonValue] = st.just(
    {
        "id": "null",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "null",
        "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "total_tokens": 3, "completion_tokens": 2},
    }
)

NEAR_LORAX_CHAT = catalogue(
    *rows(
        __file__,
        said=lorax_spoken_completions(),
        called=lorax_calling_completions(),
        chunk=lorax_chat_chunks(),
        ended=_ENDED,
        last=lorax_last_chat_chunks(),
        text=lorax_completions(),
        piece=lorax_completion_chunks(),
    )
)
