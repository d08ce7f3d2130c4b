"""Answers that are too large: in bytes, in elements, in depth, in digits."""

import gzip
import zlib
from functools import cache

from tests.hostile.kind import Kind, Mischief
from tests.hostile.peer import EVENTS, Peer

__all__ = ["SIZES"]

_MANY = 100_000


def _endless(*lines: str, first: bytes = b"", piece: bytes, kind: str = "application/json") -> Mischief:
    async def does(peer: Peer) -> None:
        await peer.head(*lines, kind=kind)
        await peer.send(first)
        await peer.repeat(piece)

    return does


def _endless_head(first: str, piece: bytes) -> Mischief:
    async def does(peer: Peer) -> None:
        await peer.send(f"HTTP/1.1 200 OK\r\n{first}")
        await peer.repeat(piece)

    return does


def _claimed(*lines: str) -> Mischief:
    async def does(peer: Peer) -> None:
        await peer.head(*lines)
        await peer.send("{}")

    return does


async def _huge_chunk(peer: Peer) -> None:
    await peer.head("transfer-encoding: chunked")
    await peer.send("ffffffffffffffff\r\n")
    await peer.repeat(b" " * 4096)


async def _bomb(peer: Peer) -> None:
    await peer.head("content-encoding: gzip")
    packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    for _ in range(1000):
        await peer.send(packer.compress(bytes(2**20)))
    await peer.send(packer.flush())


@cache
def _packed_twice() -> bytes:
    return gzip.compress(gzip.compress(bytes(10**8)))


async def _bomb_in_bomb(peer: Peer) -> None:
    await peer.body(_packed_twice(), "content-encoding: gzip, gzip")


def _text(before: str, item: str, after: str, between: str = ",", count: int = _MANY) -> Mischief:
    async def does(peer: Peer) -> None:
        await peer.body(before + between.join([item] * count) + after)

    return does


def _answer(before: str, item: str, after: str, count: int = _MANY) -> Mischief:
    """A chat completion with a long list somewhere in it."""
    return _text(
        '{"id": "c", "object": "chat.completion", "created": 1, "model": "tiny", ' + before,
        item,
        after + "}",
        count=count,
    )


def _events(item: str, count: int) -> Mischief:
    async def does(peer: Peer) -> None:
        await peer.body(f"data: {item}\n\n" * count, kind=EVENTS)

    return does


def _headers(line: str, count: int) -> Mischief:
    async def does(peer: Peer) -> None:
        await peer.body("{}", *(line.format(n) for n in range(count)))

    return does


SIZES = (
    Kind(name="endless body", what="blanks for ever", does=_endless(piece=b" " * 65536)),
    Kind(
        name="endless chunks",
        what="one byte in a chunk, for ever",
        does=_endless("transfer-encoding: chunked", piece=b"1\r\n \r\n" * 1000),
        timeout=2,
    ),
    Kind(name="endless header", what="a value without end", does=_endless_head("x: ", b"a" * 4096)),
    Kind(name="endless headers", what="headers without end", does=_endless_head("", b"x-more: 1\r\n" * 400)),
    Kind(
        name="endless line of a stream",
        what="`data: aaa…`",
        does=_endless(first=b"data: ", piece=b"a" * 65536, kind=EVENTS),
    ),
    Kind(
        name="endless events",
        what="the same chunk for ever",
        does=_endless(piece=b'data: {"choices": [{"index": 0, "delta": {}}]}\n\n' * 100, kind=EVENTS),
    ),
    Kind(name="endless comments", what="`:` for ever", does=_endless(piece=b":\n" * 10_000, kind=EVENTS)),
    Kind(name="content-length 10^18", what="2 bytes of them", does=_claimed(f"content-length: {10**18}")),
    Kind(
        name="content-length of 5,000 digits", what="2 bytes", does=_claimed(f"content-length: {'9' * 5000}")
    ),
    Kind(name="huge chunk", what="a chunk of 2^64 - 1 bytes", does=_huge_chunk),
    Kind(name="gzip bomb", what="1 GB of zeros in 1 MB", does=_bomb),
    Kind(name="gzip bomb in another", what="100 MB of zeros, packed twice", does=_bomb_in_bomb),
    Kind(name="deep lists", what="100,000 `[`", does=_text("", "[", "]", between="")),
    Kind(name="deep objects", what='100,000 `{"a":`', does=_text("", '{"a":', "", between="")),
    Kind(name="long number", what="a million digits", does=_text('{"created": ', "9" * 10, "}", between="")),
    Kind(
        name="long exponent",
        what="1e999999999",
        does=_text('{"created": 1e999999999, "usage": {"total_tokens": ', "1e999999999", "}}", count=1),
    ),
    Kind(
        name="huge usage",
        what="counts of 4,000 digits",
        does=_answer(
            '"choices": [], "usage": {"prompt_tokens": 1', "0" * 4000, ', "completion_tokens": 1}', count=1
        ),
    ),
    Kind(
        name="100,000 models",
        what="a list of empty ids",
        does=_text('{"object": "list", "data": [', '{"id":""}', "]}"),
        door=1,
    ),
    Kind(
        name="20,000 named models",
        what="a list of ids, each of 200 characters",
        does=_text('{"object": "list", "data": [', '{"id":"' + "m" * 200 + '"}', "]}", count=20_000),
        door=1,
    ),
    Kind(name="100,000 choices", what="empty ones", does=_answer('"choices": [', "{}", "]")),
    Kind(
        name="100,000 calls",
        what="empty tool calls",
        does=_answer(
            '"choices": [{"index": 0, "message": {"role": "assistant", "tool_calls": [', "{}", "]}}]"
        ),
    ),
    Kind(
        name="100,000 embeddings",
        what="empty ones",
        does=_text('{"object": "list", "data": [', '{"object":"embedding"}', "]}", count=80_000),
    ),
    Kind(
        name="a vector of 500,000",
        what="one embedding",
        does=_text(
            '{"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": [',
            "0",
            "]}]}",
            count=500_000,
        ),
    ),
    Kind(
        name="members without end",
        what="100,000 members of one name",
        does=_text("{", '"a": 1', "}"),
    ),
    Kind(
        name="a name of a megabyte",
        what="one member with a long name",
        does=_text('{"', "n" * 10, '": 1}', between=""),
    ),
    Kind(
        name="a text of a megabyte",
        what="an answer that long",
        does=_answer(
            '"choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "',
            "word " * 200_000,
            '"}}]',
            count=1,
        ),
    ),
    Kind(name="a million events", what="`data: 1`, a million times", does=_events("1", 10**6)),
    Kind(name="100,000 [DONE]", what="`data: [DONE]`, so often", does=_events("[DONE]", _MANY)),
    Kind(name="100 headers of 1 kB", what="`x-N: aaa…`", does=_headers(f"x-{{}}: {'a' * 1000}", 100)),
    Kind(name="10,000 headers", what="`x-N: 1`", does=_headers("x-{}: 1", 10_000)),
    Kind(name="cookies", what="90 kB of Set-Cookie", does=_headers("set-cookie: c{}=1; path=/", 3000)),
)
