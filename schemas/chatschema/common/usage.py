"""What an exchange cost, in tokens."""

from chatschema.core.base import NonNegative, Strict

__all__ = ["CompletionTokensDetails", "PromptTokensDetails", "Usage"]


class PromptTokensDetails(Strict):
    """Parts of `prompt_tokens`."""

    audio_tokens: NonNegative | None = None
    """Audio tokens."""
    cache_write_tokens: NonNegative | None = None
    """Tokens that were written to the prompt cache."""
    cached_tokens: NonNegative | None = None
    """Tokens that were read from the prompt cache."""
    image_tokens: NonNegative | None = None
    """Image tokens."""
    text_tokens: NonNegative | None = None
    """Text tokens."""


class CompletionTokensDetails(Strict):
    """Parts of `completion_tokens`."""

    accepted_prediction_tokens: NonNegative | None = None
    """Tokens of the prediction that appear in the answer."""
    audio_tokens: NonNegative | None = None
    """Audio tokens."""
    reasoning_tokens: NonNegative | None = None
    """Reasoning tokens, which the answer does not show."""
    rejected_prediction_tokens: NonNegative | None = None
    """Tokens of the prediction that do not appear in the answer; they are billed."""
    text_tokens: NonNegative | None = None
    """Text tokens."""


class Usage(Strict):
    """Token counts; that they add up is the rule `chat.json.usage`."""

    prompt_tokens: NonNegative
    """Tokens of the prompt."""
    completion_tokens: NonNegative
    """Tokens of the answer, including reasoning."""
    total_tokens: NonNegative
    """Prompt and completion tokens together."""
    prompt_tokens_details: PromptTokensDetails | None = None
    """What the prompt's tokens are."""
    completion_tokens_details: CompletionTokensDetails | None = None
    """What the answer's tokens are."""
