"""Answers that are something else than what was asked for, or hardly HTTP."""

from tests.hostile.kind import Kind, Mischief
from tests.hostile.peer import EVENTS, JSON, Peer

__all__ = ["SHAPES"]

_PAGE = "<!doctype html><html><script>alert(1)</script><body>]]></system-out>&bogus; sorry</body></html>"


def _sent(data: str, *lines: str, status: str = "200 OK", kind: str = JSON) -> Mischief:
    async def does(peer: Peer) -> None:
        await peer.body(data, *lines, status=status, kind=kind)

    return does


def _raw(data: str) -> Mischief:
    async def does(peer: Peer) -> None:
        await peer.send(data)

    return does


def _to(there: str, status: str = "302 Found") -> Mischief:
    return _sent("", f"location: {there}", status=status)


async def _loop(peer: Peer) -> None:
    await peer.body("", f"location: {peer.request.path}", status="307 Temporary Redirect")


async def _lies(peer: Peer) -> None:
    """JSON as a stream, streams as JSON."""
    if peer.asked.get("stream"):
        await peer.body('data: {"choices": []}\n\n', kind=JSON)
    else:
        await peer.body('{"object": "list", "data": [{"id": "tiny"}]}', kind=EVENTS)


def _refused(status: str, *lines: str) -> Mischief:
    return _sent(
        '{"error": {"message": "no", "type": "x", "param": null, "code": null}}', *lines, status=status
    )


SHAPES = (
    Kind(name="types that lie", what="JSON as event stream, streams as JSON", does=_lies, door=1),
    Kind(name="no type", what="an empty content type", does=_sent("{}", kind="")),
    Kind(name="a page", what="HTML with HTTP 200", does=_sent(_PAGE, kind="text/html")),
    Kind(
        name="a page of a gateway",
        what="HTML with HTTP 500",
        does=_sent(_PAGE, status="500 Oops", kind="text/html"),
    ),
    Kind(name="redirect to itself", what="HTTP 307, for ever", does=_loop),
    Kind(
        name="redirect elsewhere",
        what="HTTP 302 to another host",
        does=_to("http://elsewhere.invalid/v1/models"),
    ),
    Kind(
        name="redirect to a file",
        what="HTTP 301 to file:///etc/passwd",
        does=_to("file:///etc/passwd", "301 Moved"),
    ),
    Kind(name="redirect to no URL", what="HTTP 308 to http://[::1", does=_to("http://[::1", "308 Moved")),
    Kind(
        name="101",
        what="a switch to another protocol",
        does=_sent("", "upgrade: h2c", status="101 Switching"),
    ),
    Kind(name="204", what="no content", does=_raw("HTTP/1.1 204 No Content\r\n\r\n")),
    Kind(name="304", what="not modified", does=_raw("HTTP/1.1 304 Not Modified\r\n\r\n")),
    Kind(name="401", what="the key refused", does=_refused("401 Unauthorized"), inside=2),
    Kind(name="403", what="the key forbidden", does=_refused("403 Forbidden"), inside=2),
    Kind(name="429", what="busy, to be asked in 0 s", does=_refused("429 Busy", "retry-after: 0"), inside=2),
    Kind(
        name="503",
        what="busy, to be asked in a day",
        does=_refused("503 Busy", "retry-after: 86400"),
        inside=0,
        timeout=2,
    ),
    Kind(
        name="503, when it is odd",
        what="`retry-after:` of 400 digits",
        does=_refused("503 Busy", f"retry-after: {'9' * 400}"),
        inside=0,
        timeout=2,
    ),
    Kind(name="error with 200", what="an error object under HTTP 200", does=_refused("200 OK")),
    Kind(name="HTTP/0.9", what="a body without a head", does=_raw('{"object": "list", "data": []}')),
    Kind(name="HTTP/9.9", what="a version that is none", does=_raw("HTTP/9.9 200 OK\r\n\r\n{}")),
    Kind(name="status 999", what="a number that is no status", does=_raw("HTTP/1.1 999 Odd\r\n\r\n{}")),
    Kind(name="status 000", what="as before", does=_raw("HTTP/1.1 000 Odd\r\n\r\n{}")),
    Kind(name="SSH", what="another protocol's greeting", does=_raw("SSH-2.0-OpenSSH_9.9\r\n")),
    Kind(
        name="bare line feeds",
        what="a head without carriage returns",
        does=_raw("HTTP/1.1 200 OK\nx: 1\n\n{}"),
    ),
    Kind(
        name="folded header",
        what="a header over two lines",
        does=_raw("HTTP/1.1 200 OK\r\nx: 1\r\n ::error::owned\r\n\r\n{}"),
    ),
    Kind(
        name="two lengths",
        what="content-length 2 and 7",
        does=_raw("HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 7\r\n\r\n{}{}{}{}"),
    ),
    Kind(
        name="a length and chunks",
        what="content-length beside chunked",
        does=_raw(
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
        ),
    ),
    Kind(
        name="a length below 0",
        what="content-length -1",
        does=_raw("HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n"),
    ),
    Kind(
        name="chunks without sizes",
        what="letters where the size stands",
        does=_raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n"),
    ),
    Kind(
        name="a second answer",
        what="another answer behind the first",
        does=_raw(
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
        ),
    ),
    Kind(name="no object", what="`null` whatever is asked", does=_sent("null")),
    Kind(name="a file", what="an event stream of a file", does=_sent("%PDF-1.7\n" * 1000, kind=EVENTS)),
)
