"""Which adapter a request wants."""

from pydantic import Field

from chatschema.core.base import Strict

from .numbers import Finite

__all__ = ["AdapterChoice", "MergedAdapters"]


class MergedAdapters(Strict):
    """Adapters to merge into one."""

    ids: list[str]
    """Their names; at least one where text is generated."""
    weights: list[Finite] = Field(default_factory=list[float])
    """One for each name; there is no default."""
    merge_strategy: str | None = None
    """linear, ties, dare_linear or dare_ties, in any case; linear by default."""
    density: Finite = 0.0
    """The part of each adapter that is kept."""
    majority_sign_method: str | None = None
    """total or frequency, in any case; total by default."""


class AdapterChoice(Strict):
    """One adapter, several merged, or (with neither) the base model."""

    adapter_id: str | None = None
    """The adapter's name; empty is the base model."""
    adapter_source: str | None = None
    """hub, local, s3 or pbase, in any case."""
    merged_adapters: MergedAdapters | None = None
    """Adapters to merge, in place of `adapter_id`."""
    api_token: str | None = None
    """The token for a private adapter; the bearer token by default."""
