"""What an exchange cost, in tokens."""

from .base import NonNegative, Strict

__all__ = ["CompletionTokensDetails", "PromptTokensDetails", "Usage"]


class PromptTokensDetails(Strict):
    """Parts of `prompt_tokens`."""

    audio_tokens: NonNegative | None = None
    cached_tokens: NonNegative | None = None


class CompletionTokensDetails(Strict):
    """Parts of `completion_tokens`."""

    accepted_prediction_tokens: NonNegative | None = None
    audio_tokens: NonNegative | None = None
    reasoning_tokens: NonNegative | None = None
    rejected_prediction_tokens: NonNegative | None = None


class Usage(Strict):
    """Token counts; that they add up is the rule `chat.json.usage`."""

    prompt_tokens: NonNegative
    completion_tokens: NonNegative
    total_tokens: NonNegative
    prompt_tokens_details: PromptTokensDetails | None = None
    completion_tokens_details: CompletionTokensDetails | None = None
