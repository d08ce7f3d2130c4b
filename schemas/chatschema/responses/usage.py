"""What a response cost, in tokens."""

from chatschema.core.base import NonNegative

from .body import Body

__all__ = ["InputTokensDetails", "OutputTokensDetails", "ResponseUsage"]


class InputTokensDetails(Body):
    """Parts of `input_tokens`."""

    cached_tokens: NonNegative | None = None
    cache_write_tokens: NonNegative | None = None


class OutputTokensDetails(Body):
    """Parts of `output_tokens`."""

    reasoning_tokens: NonNegative | None = None


class ResponseUsage(Body):
    """Token counts; that they add up is the rule `responses.json.usage`."""

    input_tokens: NonNegative
    output_tokens: NonNegative
    total_tokens: NonNegative
    input_tokens_details: InputTokensDetails | None = None
    output_tokens_details: OutputTokensDetails | None = None
