"""How the suite talks to an endpoint: bounded requests, whole transcripts, a budget."""

from chatschema.core.lazy import lazy

__all__, __getattr__, __dir__ = lazy(
    __name__
)  # httpx comes with `Probe`, which a report or a `--help` has no use for
