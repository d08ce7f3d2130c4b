"""The manners of servers, by name. A new one is a file here that registers itself, and its name in the list below."""

from collections.abc import Mapping
from types import MappingProxyType

from chatfake.dialects import (
    azure,
    deepseek,
    groq,
    llamacpp,
    lorax,
    mistral,
    ollama,
    openai,
    openrouter,
    sglang,
    tgi,
    together,
    vllm,
)
from chatfake.dialects.format.dialect import (
    REGISTRY,
    Deviation,
    Dialect,
    UnknownDialectError,
    dialect_named,
    in_order,
)

__all__ = ["DIALECTS", "OPENAI", "Deviation", "Dialect", "UnknownDialectError", "dialect_named"]

# each of these files puts its dialect into the registry
_FILES = (
    openai, azure, vllm, sglang, tgi, llamacpp, lorax, groq, mistral, deepseek, openrouter, together, ollama,
)  # fmt: skip

OPENAI = REGISTRY["openai"]
#: Every dialect by name, OpenAI's first.
DIALECTS: Mapping[str, Dialect] = MappingProxyType({name: REGISTRY[name] for name in in_order()})
