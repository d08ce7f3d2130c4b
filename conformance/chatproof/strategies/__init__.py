"""Hypothesis strategies for whatever the contract describes, and near misses of it."""

from .near_miss import Miss, NearMiss, catalogue, events, replaced, without

__all__ = ["Miss", "NearMiss", "catalogue", "events", "replaced", "without"]
