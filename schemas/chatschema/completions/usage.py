"""What a completion cost."""

from chatschema.common.usage import CompletionTokensDetails, PromptTokensDetails
from chatschema.core.base import NonNegative, Strict

__all__ = ["CompletionUsage"]


class CompletionUsage(Strict):
    """Token counts; that they add up is the rule `completions.usage`.

    OpenAI leaves `completion_tokens` out where it generated nothing (2 of 56 recordings).
    """

    prompt_tokens: NonNegative
    """Tokens of all prompts."""
    completion_tokens: NonNegative | None = None
    """Tokens of all texts; absent is none."""
    total_tokens: NonNegative
    """Prompt and completion tokens together."""
    prompt_tokens_details: PromptTokensDetails | None = None
    """What the prompts' tokens are."""
    completion_tokens_details: CompletionTokensDetails | None = None
    """What the texts' tokens are."""
