"""What goes wrong before a request is read."""

import asyncio

from tests.hostile.kind import HURRIED, Kind
from tests.hostile.peer import Peer

__all__ = ["CONNECTIONS"]


async def _usual(peer: Peer) -> None:
    await peer.usual()


async def _hang(peer: Peer) -> None:
    await peer.hang()


async def _handshake(peer: Peer) -> None:
    await peer.send(b"\x16\x03\x03\x40\x00\x02")
    await peer.repeat(b"\x00", 0.02)


async def _refusal(peer: Peer) -> None:
    await peer.send("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n")


async def _nothing(_: Peer) -> None:
    await asyncio.sleep(0)


CONNECTIONS = (
    Kind(name="http:// to TLS", what="a port that speaks TLS", does=_usual, certified=True, inside=None),
    *(
        Kind(
            name=name,
            what=what,
            does=does,
            url="https://{address}/v1",
            inside=None,
            reads=False,
            timeout=HURRIED,
        )
        for name, what, does in (
            ("https:// to HTTP", "a port that speaks no TLS, and says so in HTTP", _refusal),
            ("handshake that hangs", "a port that speaks no TLS, and waits for a request", _hang),
            ("dribbled handshake", "a record of TLS, a byte every 20 ms", _handshake),
        )
    ),
    Kind(
        name="untrusted certificate",
        what="TLS with an authority of its own",
        does=_usual,
        url="https://{address}/v1",
        certified=True,
        inside=None,
    ),
    Kind(
        name="no such host",
        what="a name that does not resolve",
        does=_nothing,
        url="http://no-such-host.invalid/v1",
        inside=None,
    ),
    Kind(
        name="no such port", what="a port on which nobody listens", does=_nothing, listens=False, inside=None
    ),
)
