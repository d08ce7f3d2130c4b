"""The body of `POST /v1/completions`."""

from typing import Annotated

from pydantic import Discriminator, Field, Tag

from chatschema.common.sampling import Sampling, input_form
from chatschema.core.base import NonNegative, Whole

__all__ = ["MOST_PROMPT_TOKENS", "CompletionRequest", "Prompt"]

#: More tokens than a model reads.
MOST_PROMPT_TOKENS = 2**24

_Tokens = Annotated[list[NonNegative], Field(min_length=1, max_length=MOST_PROMPT_TOKENS)]


#: A text, several texts, or their tokens.
Prompt = Annotated[
    Annotated[str, Tag("<text>")]
    | Annotated[list[str], Tag("<texts>")]
    | Annotated[_Tokens, Tag("<tokens>")]
    | Annotated[list[_Tokens], Field(min_length=1), Tag("<token lists>")],
    Discriminator(input_form),
]


class CompletionRequest(Sampling):
    """What a client asks. Without a prompt, OpenAI starts a new document."""

    prompt: Prompt | None = None
    """The prompt to complete."""
    suffix: str | None = None
    """Text that follows the completion."""
    max_tokens: NonNegative | None = None
    """Maximum number of tokens; 16 by default."""
    best_of: Annotated[int, Whole(ge=0, le=20)] | None = None
    """Generate as many and answer the best."""
    echo: bool | None = None
    """Repeat the prompt before the completion."""
    logprobs: Annotated[int, Whole(ge=0, le=5)] | None = None
    """Return the log probability of each token, and of this many of the likeliest alternatives."""
