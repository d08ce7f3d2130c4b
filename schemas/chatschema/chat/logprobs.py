"""Log probabilities of the tokens of a reply."""

from typing import Annotated

from pydantic import Field

from chatschema.base import Byte, Strict

__all__ = ["Logprobs", "TokenLogprob", "TopLogprob"]

Logprob = Annotated[float, Field(allow_inf_nan=False)]


class TopLogprob(Strict):
    """One of the likeliest tokens at a position."""

    token: str
    logprob: Logprob
    bytes: list[Byte] | None = None


class TokenLogprob(TopLogprob):
    """The token that was sampled, and its rivals where they were asked for."""

    top_logprobs: list[TopLogprob]


class Logprobs(Strict):
    """One entry a token, for the text and for the refusal."""

    content: list[TokenLogprob] | None = None
    refusal: list[TokenLogprob] | None = None
