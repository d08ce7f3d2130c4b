"""How much one request may ask for at once, whatever the dialect and however lenient the fake: a small request
must not keep the server busy for minutes.
"""

from collections.abc import Sequence

from chatfake.core.api_error import ApiError

#: Of prompts with their choices, and of texts to embed (API reference: an array must be 2048 dimensions or less).
MOST_AT_ONCE = 2048
#: Of all texts to embed (API reference: 300,000 tokens summed across all inputs in a single request).
MOST_TOKENS = 300_000


def too_many_choices(prompts: int, n: int) -> ApiError | None:
    """What is said to more choices than a batch may have."""
    if prompts * max(n, 1) <= MOST_AT_ONCE:
        return None
    return ApiError(
        message=f"A batch has at most {MOST_AT_ONCE} choices, and you asked for {n} of each of {prompts} prompts.",
        param="n",
    )


def too_many_inputs(inputs: Sequence[str], tokens: int) -> ApiError | None:
    """What is said to more texts, or longer ones, than a batch may have."""
    if len(inputs) > MOST_AT_ONCE:
        return ApiError(message=f"A batch has at most {MOST_AT_ONCE} inputs.", param="input")
    if tokens > MOST_TOKENS:
        return ApiError(
            message=f"Requested {tokens} tokens, max {MOST_TOKENS} tokens per request",
            type="max_tokens_per_request",
            code="max_tokens_per_request",
        )
    return None
