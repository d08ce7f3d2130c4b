"""How anything is judged: contracts, streams, and the life of a stream as a table."""

from chatschema.core.lazy import lazy

__all__, __getattr__, __dir__ = lazy(__name__)
