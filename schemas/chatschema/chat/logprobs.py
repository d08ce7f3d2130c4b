"""Log probabilities of the tokens of a reply."""

from typing import Annotated

from pydantic import Field

from chatschema.core.base import Byte, Strict

__all__ = ["Logprob", "Logprobs", "TokenLogprob", "TopLogprob"]

#: A natural logarithm. OpenAI says -9999.0 for what is as good as impossible.
Logprob = Annotated[float, Field(allow_inf_nan=False)]


class TopLogprob(Strict):
    """One of the likeliest tokens at a position."""

    token: str
    """The token as text."""
    logprob: Logprob
    """Its log probability."""
    bytes: list[Byte] | None = None
    """Its UTF-8; a token may be part of a character, which its text cannot show."""


class TokenLogprob(TopLogprob):
    """The token that was sampled, and its rivals where they were asked for."""

    top_logprobs: list[TopLogprob]
    """The likeliest tokens at its position."""


class Logprobs(Strict):
    """One entry a token, for the text and for the refusal."""

    content: list[TokenLogprob] | None
    """The tokens of the text; null where it has none, and never absent, as in the form of the older completions."""
    refusal: list[TokenLogprob] | None = None
    """The tokens of the refusal."""
