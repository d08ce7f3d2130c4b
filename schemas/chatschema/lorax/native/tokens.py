"""Tokens as LoRAX sends them.

A log probability is a plain f32 in the router, and serde writes NaN and both infinities as null: the first token of
a prompt has NaN, a masked alternative has minus infinity.
"""

from chatschema.core.base import NonNegative, Strict
from chatschema.lorax.numbers import Finite

__all__ = ["AlternativeToken", "GeneratedToken", "PrefillToken"]


class PrefillToken(Strict):
    """A token of the prompt."""

    id: NonNegative
    """Token id."""
    text: str
    """Text of the token."""
    logprob: Finite | None
    """Its log probability; null where there is none, as for the first token."""


class AlternativeToken(Strict):
    """A token that could have been generated instead."""

    id: NonNegative
    """Token id."""
    text: str
    """Text of the token."""
    logprob: Finite | None
    """Its log probability; null where the token was ruled out."""


class GeneratedToken(Strict):
    """A token that was generated."""

    id: NonNegative
    """Token id."""
    text: str
    """Text that the token adds; empty while a character is incomplete."""
    logprob: Finite | None
    """Its log probability, or null."""
    special: bool
    """A mark such as the end of the sequence, which is not part of the text."""
    alternative_tokens: list[AlternativeToken] | None = None
    """The likeliest tokens at this place, where `return_k_alternatives` asked for them."""
    skipped: bool = False
    """Whether speculation spared a pass of the model; servers before 0.12.1 do not say."""
