"""Token counts on LoRAX's OpenAI routes."""

from chatschema.core.base import NonNegative, Strict

__all__ = ["LoraxUsage"]


class LoraxUsage(Strict):
    """Token counts. Of several choices only the best is counted."""

    prompt_tokens: NonNegative
    """Tokens of the prompt."""
    total_tokens: NonNegative
    """Input and output tokens together."""
    completion_tokens: NonNegative
    """Tokens of the text, the end of the sequence among them."""
