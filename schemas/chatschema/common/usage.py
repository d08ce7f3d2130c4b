"""What an exchange cost, in tokens."""

from chatschema.core.base import NonNegative, Strict

__all__ = ["CompletionTokensDetails", "PromptTokensDetails", "Usage"]


class PromptTokensDetails(Strict):
    """Parts of `prompt_tokens`."""

    audio_tokens: NonNegative | None = None
    """Tokens of sound."""
    cache_write_tokens: NonNegative | None = None
    """Tokens that were written to the prompt cache."""
    cached_tokens: NonNegative | None = None
    """Tokens that were read from the prompt cache."""
    image_tokens: NonNegative | None = None
    """Tokens of images."""
    text_tokens: NonNegative | None = None
    """Tokens of text."""


class CompletionTokensDetails(Strict):
    """Parts of `completion_tokens`."""

    accepted_prediction_tokens: NonNegative | None = None
    """Tokens of the predicted output that the answer has."""
    audio_tokens: NonNegative | None = None
    """Tokens of sound."""
    reasoning_tokens: NonNegative | None = None
    """Tokens of thinking, which the answer does not show."""
    rejected_prediction_tokens: NonNegative | None = None
    """Tokens of the predicted output that the answer does not have; they are paid for."""
    text_tokens: NonNegative | None = None
    """Tokens of text."""


class Usage(Strict):
    """Token counts; that they add up is the rule `chat.json.usage`."""

    prompt_tokens: NonNegative
    """Tokens of the prompt."""
    completion_tokens: NonNegative
    """Tokens of the answer, its reasoning included."""
    total_tokens: NonNegative
    """The sum of both."""
    prompt_tokens_details: PromptTokensDetails | None = None
    """What the prompt's tokens are."""
    completion_tokens_details: CompletionTokensDetails | None = None
    """What the answer's tokens are."""
