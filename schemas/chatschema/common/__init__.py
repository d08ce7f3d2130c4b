"""Members that several families share, and the rules over them."""

from chatschema.core.lazy import lazy

__all__, __getattr__, __dir__ = lazy(__name__)
