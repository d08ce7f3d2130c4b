"""Embeddings: vectors as lists of numbers or as base64, and what is asked."""

from chatschema.core.lazy import lazy

__all__, __getattr__, __dir__ = lazy(__name__)
