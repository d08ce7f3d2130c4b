"""How much the model reads, as its endpoint tells it in the list of models: each server has a name of its own."""

from chatproof.cases.answer import dict_in, dicts_in
from chatproof.probe import Exchange, Json

__all__ = ["context_length"]

_NAMES = ("max_model_len", "context_length", "context_window", "max_context_length", "n_ctx")
"""vLLM, OpenRouter and Together, Groq, Mistral and LM Studio, llama.cpp. (Its `n_ctx_train` is what the model was made
for, and not what is served.)"""


def context_length(models: Exchange, model: str) -> tuple[int, str] | None:
    """The tokens of prompt and reply together, and where that is said; None where nothing says it."""
    if models.status != 200:
        return None
    for entry in dicts_in(models.object(), "data"):
        if entry.get("id") != model:
            continue
        for name in _NAMES:
            for holder, where in ((entry, name), (dict_in(entry, "meta"), f"meta.{name}")):
                if tokens := _count(holder.get(name)):
                    return tokens, f"GET /models: {where}"
    return None


def _count(value: Json) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        return 0
    return value if 0 < value < 2**40 else 0
