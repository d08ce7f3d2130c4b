"""Near misses of what LoRAX's OpenAI routes are asked. Some of them OpenAI takes."""

from hypothesis import strategies as st

from chatproof.strategies.near.near_miss import catalogue
from chatproof.strategies.near.rows import rows
from chatproof.strategies.valid.members import something, texts
from chatschema import JsonObject

__all__ = ["NEAR_LORAX_OPENAI_REQUEST"]


def _chatted(text: str) -> JsonObject:
    return {"model": "", "messages": [{"role": "user", "content": text}]}


def _prompted(text: str) -> JsonObject:
    return {"model": "", "prompt": something(text)}


NEAR_LORAX_OPENAI_REQUEST = catalogue(
    *rows(__file__, chat=st.builds(_chatted, texts()), text=st.builds(_prompted, texts()))
)
