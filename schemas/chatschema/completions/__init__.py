"""Completions of a text: the answer in JSON form, in chunks, the stream of them, and what is asked."""

from chatschema.core.lazy import lazy

__all__, __getattr__, __dir__ = lazy(__name__)
