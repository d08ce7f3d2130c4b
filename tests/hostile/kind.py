"""A kind of hostile endpoint: a row of the catalogue."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.hostile.peer import Peer

__all__ = ["HURRIED", "Kind", "Mischief"]

Mischief = Callable[[Peer], Awaitable[None]]

HURRIED = 0.5
"""--timeout for what takes up time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`does` answers a request, of which `what` says how.

    `door` is the exit code of `chatproof check` where all requests are answered so; `inside` where the models and the
    plain request are answered well and all others so. None: it is not tried there.
    """

    name: str
    what: str
    does: Mischief
    door: int | None = 2
    inside: int | None = 1
    timeout: float = 20.0
    """--timeout, seconds."""
    url: str = "http://{address}/v1"
    certified: bool = False
    """Speaks TLS, with a certificate that nobody trusts."""
    listens: bool = True
    reads: bool = True
    """Does it wait for a request before it does something?"""

    @property
    def most_seconds(self) -> int:
        """--max-seconds: short where each request takes its time, and far away elsewhere."""
        return 8 if self.timeout <= 2 else 60
