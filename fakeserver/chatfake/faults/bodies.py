"""Bodies and heads that no client should take for an answer."""

import zlib
from dataclasses import replace

from chatfake.core.http import Answer, Headers, Send
from chatfake.faults.fault import add, fault
from chatfake.faults.pauses import ending, waiting
from chatfake.faults.raw import with_head

_HTML = (
    b"<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>"
    b"<body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>\n"
)
_BAD_BODY = "whose body was no answer"
#: zlib writes a gzip head and trailer.
_GZIP = zlib.MAX_WBITS + 16


def _whole(answer: Answer, body: bytes, *, status: int = 200, kind: str = "application/json") -> Answer:
    """An answer of one body; the request id stays."""
    kept = tuple(header for header in answer.headers if header[0] == "x-request-id")
    head: Headers = (("content-type", kind), ("content-length", str(len(body))))
    return Answer(status=status, headers=(*head, *kept), steps=waiting(answer, (Send(body),)))


def _with(answer: Answer, *headers: tuple[str, str]) -> Headers:
    names = {name for name, _ in headers}
    return (*(one for one in answer.headers if one[0] not in names), *headers)


def _every(answer: Answer, body: bytes) -> Answer:
    """The same head over other bytes, in one piece."""
    headers = tuple(one for one in answer.headers if one[0] != "content-length")
    return replace(
        answer, headers=(*headers, ("content-length", str(len(body)))), steps=waiting(answer, (Send(body),))
    )


@fault("html-200", "a page of HTML under status 200", _BAD_BODY)
def _html_200(answer: Answer) -> Answer:
    return _whole(answer, _HTML, kind="text/html; charset=utf-8")


@fault("html-502", "a proxy's page of HTML under status 502", "which failed with status 502")
def _html_502(answer: Answer) -> Answer:
    return _whole(answer, _HTML, status=502, kind="text/html; charset=utf-8")


@fault("wrong-content-type", "the right body as text/plain", "whose answer had the wrong content type")
def _wrong_content_type(answer: Answer) -> Answer:
    return replace(answer, headers=_with(answer, ("content-type", "text/plain; charset=utf-8")))


@fault("empty-body", "nothing at all after the head", _BAD_BODY)
def _empty_body(answer: Answer) -> Answer:
    return _every(answer, b"")


@fault("truncated-json", "the first half of the body, under its own length", _BAD_BODY)
def _truncated_json(answer: Answer) -> Answer:
    body = answer.body
    return _every(answer, body[: len(body) // 2])


@fault("trailing-garbage", "the right body and something after it", _BAD_BODY)
def _trailing_garbage(answer: Answer) -> Answer:
    return _every(answer, answer.body + b"\n<!-- served by proxy 7 -->")


@fault("bom", "a byte-order mark before the body", "whose answer began with a byte-order mark")
def _bom(answer: Answer) -> Answer:
    sends = [step for step in answer.steps if isinstance(step, Send)]
    if not sends:
        return answer
    sends[0] = Send(b"\xef\xbb\xbf" + sends[0].data)
    marked = replace(answer, steps=(*waiting(answer, sends), *ending(answer)))
    if not answer.header("content-length"):
        return marked
    return replace(marked, headers=_with(answer, ("content-length", str(len(answer.body) + 3))))


@fault("latin-1", "the body in Latin-1, and no word about it", "whose answer was not UTF-8")
def _latin_1(answer: Answer) -> Answer:
    text = answer.body.decode("utf-8", "replace").replace('"content":"', '"content":"É')
    return _every(answer, text.encode("latin-1", "replace"))


@fault("gzip", "the body compressed, as its head says", "whose answer was compressed")
def _gzip(answer: Answer) -> Answer:
    packed = zlib.compress(answer.body, 9, wbits=_GZIP)  # gzip's own head differs between versions of Python
    return replace(
        _every(answer, packed), headers=_with(_every(answer, packed), ("content-encoding", "gzip"))
    )


@fault("wrong-gzip", "a head that says gzip over a body that is not", _BAD_BODY)
def _wrong_gzip(answer: Answer) -> Answer:
    return replace(answer, headers=_with(answer, ("content-encoding", "gzip")))


@fault("cut-gzip", "a compressed body that ends in the middle", _BAD_BODY)
def _cut_gzip(answer: Answer) -> Answer:
    packed = zlib.compress(answer.body)
    cut = _every(answer, packed[: len(packed) // 2])
    return replace(cut, headers=_with(cut, ("content-encoding", "deflate")))


add(
    "redirect",
    "a redirect to the scenario's plain path",
    "which was redirected",
    redirect="/scenario/text/v1",
)
add(
    "redirect-loop",
    "a redirect to where it came from, for ever",
    "which was redirected in a circle",
    redirect="/scenario/redirect-loop/v1",
)


@fault("huge-headers", "a head of 200 kB", "whose head was too large")
def _huge_headers(answer: Answer) -> Answer:
    stuffed = tuple((f"x-fake-{number}", "x" * 8_000) for number in range(25))
    return with_head(replace(answer, headers=(*answer.headers, *stuffed)))


@fault("content-length-long", "a content length of more bytes than come", "whose answer broke off")
def _content_length_long(answer: Answer) -> Answer:
    return with_head(_measured(answer, len(answer.body) + 100))


@fault("content-length-short", "a content length of fewer bytes than come", _BAD_BODY)
def _content_length_short(answer: Answer) -> Answer:
    return with_head(_measured(answer, max(len(answer.body) - 10, 0)))


def _measured(answer: Answer, length: int) -> Answer:
    return replace(answer, headers=_with(answer, ("content-length", str(length))))
