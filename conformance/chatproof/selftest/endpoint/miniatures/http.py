"""Miniatures that are broken in HTTP itself."""

import threading

from chatfake import Answer, Request
from chatproof.selftest.endpoint.miniatures.registry import broken, on_200
from chatproof.selftest.endpoint.miniatures.routes import is_at
from chatproof.selftest.endpoint.wrapping import (
    CRASH,
    Handler,
    Wrapper,
    as_html,
    as_json,
    asked,
    is_chat,
    is_stream,
    where,
    with_body,
    with_type,
)

broken(
    "json-as-text", "http.json-content-type", on_200(lambda _, a: with_type(a, "text/plain"), stream=False)
)
broken("sse-as-text", "http.sse-content-type", on_200(lambda _, a: with_type(a, "text/plain"), stream=True))


def _as_text(path: str, *, stream: bool) -> Wrapper:
    """The JSON answers, or the streams, of another route than chat come as a text."""
    fits = is_at(path)

    def make(handler: Handler) -> Handler:
        def wrapped(request: Request) -> Answer:
            answer = handler(request)
            of_it = fits(request) and answer.status == 200 and is_stream(answer) is stream
            return with_type(answer, "text/plain") if of_it else answer

        return wrapped

    return make


broken("embeddings-as-text", "http.json-content-type", _as_text("/embeddings", stream=False))
broken("text-stream-as-text", "http.sse-content-type", _as_text("/completions", stream=True))
broken("response-as-text", "http.json-content-type", _as_text("/responses", stream=False))
broken("response-stream-as-text", "http.sse-content-type", _as_text("/responses", stream=True))
broken("ascii-only", "http.utf8", where(lambda r: is_chat(r) and not r.body.isascii(), CRASH))
broken(
    "latin-1",
    "http.utf8",
    on_200(
        lambda r, a: (
            a if r.body.isascii() else with_body(a, a.body.replace(b'"object"', b'"\xfc":1,"object"'))
        ),
        stream=False,
    ),
)
broken("malformed-500", "http.malformed-json", where(lambda r: is_chat(r) and not asked(r), CRASH))
broken("html-404", "http.unknown-route", where(lambda r: "no-such-route" in r.path, as_html(404)))
broken(
    "wrong-method-200",
    "http.wrong-method",
    where(lambda r: r.method == "GET" and r.path.endswith("/chat/completions"), as_json(200, {})),
)
broken("bom", "http.no-junk", on_200(lambda _, a: with_body(a, b"\xef\xbb\xbf" + a.body), stream=False))
broken(
    "member-twice",
    "http.no-junk",
    on_200(lambda _, a: with_body(a, b'{"object":"chat.completion",' + a.body[1:]), stream=False),
)

broken(
    "not-a-number",
    "http.no-junk",
    on_200(lambda _, a: with_body(a, b'{"score":NaN,' + a.body[1:]), stream=False),
)


def _shared_when_busy(handler: Handler) -> Handler:
    """Of those who ask at once, four get the first one's answer."""
    meet = threading.Barrier(4, timeout=30)
    kept: list[Answer] = []

    def wrapped(request: Request) -> Answer:
        if b'"word' not in request.body:
            return handler(request)
        if meet.wait() == 0:
            kept.append(handler(request))
        meet.wait()
        return kept[0]

    return wrapped


broken("mixed-up-when-busy", "http.concurrent", _shared_when_busy, along=("history.ids-differ",))
