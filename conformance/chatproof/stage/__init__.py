"""Where plays are performed: an endpoint that answers as it is told, and remembers every request."""

from chatschema.core.lazy import lazy

__all__, __getattr__, __dir__ = lazy(
    __name__
)  # a test class imports the suite, and needs no server until it runs
