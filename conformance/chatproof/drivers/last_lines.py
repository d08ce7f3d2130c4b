"""The last of what a client's processes have printed."""

from collections import deque

from chatproof.gate import Gate

__all__ = ["MOST_KEPT", "LastLines"]

_LINES = 5
MOST_KEPT = 2_000
"""Bytes: more of what was printed is of use to nobody."""


class LastLines:
    """Kept beyond the process that printed it, until somebody asks."""

    def __init__(self) -> None:
        self._kept = b""

    def keep(self, pieces: deque[bytes]) -> None:
        """Takes the pieces, which are forgotten where they were."""
        self._kept = (self._kept + b"".join(pieces))[-MOST_KEPT:]
        pieces.clear()

    def told(self, lines: int = _LINES) -> str:
        """The last lines since this was asked, as text that can be shown."""
        text, self._kept = self._kept.decode("utf-8", "replace"), b""
        return "\n".join(Gate().text(text).splitlines()[-lines:])
