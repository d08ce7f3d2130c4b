"""Endpoints that are good for a dozen requests."""

from tests.hostile.kind import HURRIED, Kind, Mischief
from tests.hostile.peer import Peer

__all__ = ["MID_RUN"]

_GOOD = 12


def _after(mischief: Mischief) -> Mischief:
    async def does(peer: Peer) -> None:
        await (peer.usual() if peer.number <= _GOOD else mischief(peer))

    return does


def _each_third(mischief: Mischief) -> Mischief:
    async def does(peer: Peer) -> None:
        await (mischief(peer) if peer.number > _GOOD and peer.number % 3 == 0 else peer.usual())

    return does


def _refusing(status: str) -> Mischief:
    async def does(peer: Peer) -> None:
        await peer.json({"error": {"message": f"no more for {peer.key}"}}, "retry-after: 0", status=status)

    return does


async def _dies(peer: Peer) -> None:
    await peer.usual()
    if peer.number == _GOOD:
        peer.stop()


async def _reset(peer: Peer) -> None:
    await peer.reset()


async def _hang(peer: Peer) -> None:
    await peer.hang()


MID_RUN = tuple(
    Kind(name=name, what=what, does=does, door=code, inside=None, timeout=timeout)
    for name, what, does, code, timeout in (
        ("dies", "the port is closed after request 12", _dies, 2, 20.0),
        ("resets from then on", "RST from request 13 on", _after(_reset), 2, 20.0),
        ("hangs from then on", "nothing from request 13 on", _after(_hang), 2, HURRIED),
        ("throttles from then on", "429 from request 13 on", _after(_refusing("429 Busy")), 2, 20.0),
        ("refuses the key from then on", "401 from request 13 on", _after(_refusing("401 No")), 2, 20.0),
        ("forbids now and then", "403 for each third request", _each_third(_refusing("403 No")), 2, 20.0),
        ("throttles now and then", "429 for each third request", _each_third(_refusing("429 Busy")), 2, 20.0),
        ("breaks from then on", "500 from request 13 on", _after(_refusing("500 Oops")), 2, 20.0),
        ("resets now and then", "RST for each third request", _each_third(_reset), 1, 20.0),
    )
)
