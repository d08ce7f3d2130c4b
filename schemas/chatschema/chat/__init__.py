"""Chat completions: the answer in JSON form, in chunks, and the stream of them."""

from chatschema.core.lazy import lazy

__all__, __getattr__, __dir__ = lazy(__name__)
