"""Answers whose bytes are not what they are said to be."""

import gzip
import json

from tests.hostile.kind import Kind, Mischief
from tests.hostile.peer import EVENTS, JSON, Peer

__all__ = ["ENCODINGS"]

_ANSWER = (
    '{"id": "c", "object": "chat.completion", "created": 1, "model": "tiny", "choices": [{"index": 0, '
    '"finish_reason": "stop", "message": {"role": "assistant", "content": "%s"}}]}'
)


def _sent(data: bytes, *lines: str, kind: str = JSON) -> Mischief:
    async def does(peer: Peer) -> None:
        await peer.body(data, *lines, kind=kind)

    return does


def _both(said: bytes) -> Mischief:
    """The text in whatever is asked for: a list, a stream, an answer."""

    async def does(peer: Peer) -> None:
        if peer.is_list:
            await peer.body(b'{"object": "list", "data": [{"id": "%s", "object": "model"}]}' % said)
        elif peer.asked.get("stream"):
            event = b'data: {"choices": [{"index": 0, "delta": {"content": "%s"}}]}\n\n' % said
            await peer.body(event, kind=EVENTS)
        else:
            await peer.body(_ANSWER.encode() % said)

    return does


_GOOD = json.dumps({"object": "list", "data": []}).encode()

ENCODINGS = (
    Kind(
        name="br said", what="`content-encoding: br` on plain JSON", does=_sent(_GOOD, "content-encoding: br")
    ),
    Kind(
        name="gzip said", what="`content-encoding: gzip` on it", does=_sent(_GOOD, "content-encoding: gzip")
    ),
    Kind(
        name="gzip cut",
        what="half of what was packed",
        does=_sent(gzip.compress(_GOOD * 50)[:30], "content-encoding: gzip"),
    ),
    Kind(
        name="gzip and more",
        what="what was packed, and another member behind it",
        does=_sent(gzip.compress(b"{") + gzip.compress(b"}"), "content-encoding: gzip"),
    ),
    Kind(
        name="coding of no sense",
        what="`content-encoding: ../../x`",
        does=_sent(b"{}", "content-encoding: ../../x"),
    ),
    Kind(name="no UTF-8", what="bytes 80 FF FE in texts", does=_both(b"\x80\xff\xfe")),
    Kind(name="lone surrogates", what=r"`\ud800` in texts", does=_both(rb"\ud800x\udc00")),
    Kind(name="NUL in texts", what=r"`\u0000` and the byte itself", does=_both(b"a\\u0000b\x00")),
    Kind(name="NUL all over", what="a megabyte of NUL", does=_sent(bytes(10**6))),
    Kind(name="BOM", what="EF BB BF before the JSON, twice", does=_sent(b"\xef\xbb\xbf\xef\xbb\xbf{}")),
    Kind(name="UTF-16", what="JSON in UTF-16", does=_sent('{"data": []}'.encode("utf-16"))),
    Kind(
        name="charset that is a codec",
        what="`charset=zip`, `charset=unicode_escape`",
        does=_sent(rb"\x1b[31m \N{BELL}", kind="text/plain; charset=zip; charset=unicode_escape"),
    ),
    Kind(
        name="NaN",
        what="NaN, Infinity, -0, 1e400 as numbers",
        does=_sent(b'{"data": [NaN, Infinity, -0, 1e400]}'),
    ),
    Kind(
        name="members that stand twice",
        what="`object` and `id` twice, with other values",
        does=_sent(b'{"object": "list", "object": "error", "data": [], "data": {"id": 1, "id": 2}}'),
    ),
)
