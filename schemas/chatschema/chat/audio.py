"""An answer that is heard."""

from chatschema.core.base import Integer, NonEmpty, Strict

__all__ = ["Audio", "AudioDelta"]


class Audio(Strict):
    """A spoken answer with its transcript."""

    id: NonEmpty
    """Id by which a later request can refer to this audio."""
    data: str
    """Audio data in base64, in the requested format."""
    transcript: str
    """Transcript of the audio."""
    expires_at: Integer | None = None
    """When the server deletes it, in seconds since 1970."""


class AudioDelta(Strict):
    """A piece of the spoken answer: audio, transcript, or id."""

    id: str | None = None
    """Id of the spoken answer."""
    data: str | None = None
    """More of the audio."""
    transcript: str | None = None
    """More of the transcript."""
    expires_at: Integer | None = None
    """When the server deletes it."""
