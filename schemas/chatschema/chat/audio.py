"""An answer that is heard."""

from chatschema.core.base import Integer, NonEmpty, Strict

__all__ = ["Audio", "AudioDelta"]


class Audio(Strict):
    """A whole answer as sound, with its words."""

    id: NonEmpty
    """The name by which a later request repeats it."""
    data: str
    """The sound in base64, in the format that was asked for."""
    transcript: str
    """What is said."""
    expires_at: Integer | None = None
    """When the server forgets it, in seconds since 1970."""


class AudioDelta(Strict):
    """A piece of it: sound, words, or its name."""

    id: str | None = None
    """The name of the whole."""
    data: str | None = None
    """More of the sound."""
    transcript: str | None = None
    """More of the words."""
    expires_at: Integer | None = None
    """When the server forgets it."""
