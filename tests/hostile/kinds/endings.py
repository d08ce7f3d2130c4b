"""Answers that end too early, too late or never."""

import asyncio

from tests.hostile.kind import HURRIED, Kind
from tests.hostile.peer import Peer

__all__ = ["ENDINGS"]


async def _reset(peer: Peer) -> None:
    await peer.reset()


async def _close(peer: Peer) -> None:
    await asyncio.sleep(0)


async def _reset_in_body(peer: Peer) -> None:
    await peer.head("content-length: 1000")
    await peer.send('{"object": ')
    await peer.reset()


async def _cut_in_head(peer: Peer) -> None:
    await peer.send("HTTP/1.1 200 OK\r\ncontent-ty")


async def _cut_in_body(peer: Peer) -> None:
    await peer.head("content-length: 1000")
    await peer.send('{"object": ')


async def _cut_in_chunks(peer: Peer) -> None:
    await peer.head("transfer-encoding: chunked")
    await peer.send("2\r\n{}\r\n")


async def _hang(peer: Peer) -> None:
    await peer.hang()


async def _hang_in_head(peer: Peer) -> None:
    await peer.send("HTTP/1.1 200 OK\r\ncontent-type: appl")
    await peer.hang()


async def _hang_in_body(peer: Peer) -> None:
    await peer.head("content-length: 1000")
    await peer.send('{"object": ')
    await peer.hang()


async def _hang_at_end(peer: Peer) -> None:
    await peer.head()
    await peer.send("{}")
    await peer.hang()


async def _header_bytes(peer: Peer) -> None:
    await peer.send("HTTP/1.1 200 OK\r\nx-long: ")
    await peer.repeat(b"a", 0.02)


async def _header_lines(peer: Peer) -> None:
    await peer.send("HTTP/1.1 200 OK\r\n")
    await peer.repeat(b"x-more: 1\r\n", 0.02)


async def _informational(peer: Peer) -> None:
    await peer.repeat(b"HTTP/1.1 100 Continue\r\n\r\n", 0.02)


async def _informational_fast(peer: Peer) -> None:
    await peer.repeat(b"HTTP/1.1 102 Processing\r\n\r\n" * 100)


async def _chunk_extension(peer: Peer) -> None:
    await peer.head("transfer-encoding: chunked")
    await peer.send("1;extension=")
    await peer.repeat(b"a", 0.02)


async def _slow_body(peer: Peer) -> None:
    await peer.head("content-length: 1000")
    await peer.repeat(b" ", 0.02)


async def _slow_events(peer: Peer) -> None:
    await peer.head(kind="text/event-stream")
    await peer.repeat(b": keep alive\n\n", 0.02)


ENDINGS = (
    Kind(name="reset", what="RST instead of an answer", does=_reset),
    Kind(name="closed", what="the connection closed without a word", does=_close),
    Kind(name="cut in the head", what="half a header, then the end", does=_cut_in_head),
    Kind(name="cut in the body", what="11 bytes of 1,000, then the end", does=_cut_in_body),
    Kind(name="cut between chunks", what="a chunk, and no last one", does=_cut_in_chunks),
    Kind(name="reset in the body", what="11 bytes of 1,000, then RST", does=_reset_in_body),
    *(
        Kind(name=name, what=what, does=does, timeout=HURRIED)
        for name, what, does in (
            ("hangs before the head", "nothing", _hang),
            ("hangs in the head", "half a header, then nothing", _hang_in_head),
            ("hangs in the body", "11 bytes of 1,000, then nothing", _hang_in_body),
            ("hangs at the end", "a whole body without a length, and no end", _hang_at_end),
            ("dribbled header", "a header's value, a byte every 20 ms", _header_bytes),
            ("dribbled headers", "a header every 20 ms", _header_lines),
            ("1xx, dribbled", "`100 Continue` every 20 ms", _informational),
            ("1xx, fast", "`102 Processing` as fast as it can", _informational_fast),
            ("dribbled chunk extension", "an extension of a chunk, a byte every 20 ms", _chunk_extension),
            ("dribbled body", "a blank every 20 ms", _slow_body),
            ("dribbled comments", "an event stream of comments, one every 20 ms", _slow_events),
        )
    ),
)
