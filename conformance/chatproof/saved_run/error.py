"""Why a saved run cannot be read or written."""

__all__ = ["SavedRunError"]


class SavedRunError(ValueError):
    """A run cannot be saved or read there; the text says why, as a clause about what stands there."""
