"""Log probabilities of the tokens of a completed text."""

from typing import Annotated

from pydantic import Field

from chatschema.core.base import NonNegative, Strict

__all__ = ["CompletionLogprobs"]

_Logprob = Annotated[float, Field(allow_inf_nan=False)]


class CompletionLogprobs(Strict):
    """Four lists with one entry a token; that they are of equal length is the rule `completions.logprobs`.

    The specification requires none of them, and llama.cpp sends the form of a chat completion instead.
    """

    tokens: list[str] | None = None
    """The tokens as text."""
    token_logprobs: list[_Logprob | None] | None = None
    """Their log probabilities; null for the first token of an echoed prompt, which follows on nothing."""
    top_logprobs: list[dict[str, _Logprob] | None] | None = None
    """The likeliest tokens at each place, with their log probabilities."""
    text_offset: list[NonNegative] | None = None
    """Where in the text each token starts, in characters; a prompt that is not echoed counts too."""
