"""Miniatures that are broken in a connection: kept, packed, left too early, large; and in the key."""

import gzip
from collections.abc import Callable
from dataclasses import replace

from chatfake import Answer, Request
from chatproof.selftest.endpoint.miniatures.registry import broken, on_200
from chatproof.selftest.endpoint.wrapping import (
    CRASH,
    KEY,
    Handler,
    Wrapper,
    as_html,
    as_json,
    asked,
    is_chat,
    is_stream,
    where,
    with_body,
)

_NO = as_json(
    401,
    {"error": {"message": "no", "type": "invalid_request_error", "param": None, "code": "invalid_api_key"}},
)


def _key_of(request: Request) -> str:
    return dict(request.headers).get("authorization", "").removeprefix("Bearer ")


def _locked(
    no: Callable[[Request], Answer], lets_in: Callable[[str], bool] = lambda key: key == KEY
) -> Wrapper:
    """An endpoint that wants the key, and what it says to others."""
    return lambda handler: lambda request: handler(request) if lets_in(_key_of(request)) else no(request)


def _echo(request: Request) -> Answer:
    message = f"Incorrect API key provided: {_key_of(request)}"
    return as_json(
        401,
        {
            "error": {
                "message": message,
                "type": "invalid_request_error",
                "param": None,
                "code": "invalid_api_key",
            }
        },
    )


broken("any-key-lets-in", "http.bad-key", _locked(lambda _: _NO, bool))
broken("key-repeated", "http.bad-key", _locked(_echo))
broken("bad-key-500", "http.bad-key", _locked(lambda _: CRASH))
broken("bad-key-as-text", "http.bad-key", _locked(lambda _: as_json(401, {"error": "Unauthorized"})))
broken("bad-key-is-forbidden", "http.bad-key", _locked(lambda _: replace(_NO, status=403)))


def _packed(_: Request, answer: Answer) -> Answer:
    made = with_body(answer, gzip.compress(answer.body))
    return replace(made, headers=(*made.headers, ("content-encoding", "gzip")))


def _accepts_packed(request: Request) -> bool:
    return "gzip" in dict(request.headers).get("accept-encoding", "")


def _named_only(request: Request, answer: Answer) -> Answer:
    if not _accepts_packed(request):
        return answer
    return replace(answer, headers=(*answer.headers, ("content-encoding", "gzip")))


broken("packed-unasked", "http.encoding", on_200(_packed, stream=False))
broken("stream-packed-unasked", "http.encoding", on_200(_packed, stream=True))
broken("packed-in-name-only", "http.encoding", on_200(_named_only, stream=False))


def _after_a_stream(handler: Handler) -> Handler:
    """What comes after a stream over the same connection begins with the rest of it."""
    streamed: list[bool] = []

    def wrapped(request: Request) -> Answer:
        answer = handler(request)
        if not is_chat(request) or not _accepts_packed(request):
            return answer
        late, streamed[:] = streamed == [True], [is_stream(answer)]
        return with_body(answer, b"data: [DONE]\n\n" + answer.body) if late else answer

    return wrapped


broken("rest-of-a-stream", "http.keep-alive", _after_a_stream)


def _lame_after_leaving(handler: Handler) -> Handler:
    """One that gives the next caller an error, for it is still writing to the one who left."""
    left: list[bool] = []

    def wrapped(request: Request) -> Answer:
        if left and is_chat(request):
            left.clear()
            return CRASH
        if is_chat(request) and asked(request).get("max_tokens") == 128 and not asked(request).get("tools"):
            left.append(True)
            return handler(request)
        return handler(request)

    return wrapped


def _dead_after_leaving(handler: Handler) -> Handler:
    left: list[bool] = []

    def wrapped(request: Request) -> Answer:
        if left and is_chat(request):
            return CRASH
        if is_chat(request) and asked(request).get("max_tokens") == 128 and not asked(request).get("tools"):
            left.append(True)
        return handler(request)

    return wrapped


broken("lame-after-leaving", "http.disconnect", _lame_after_leaving)
broken("dead-after-leaving", "http.disconnect", _dead_after_leaving)


def _is_large(request: Request) -> bool:
    return is_chat(request) and len(request.body) > 500_000


broken("large-500", "http.large-body", where(_is_large, CRASH))
broken("large-in-html", "chat.errors.shape", where(_is_large, as_html(413)))
broken("large-is-nothing", "chat.json.shape", where(_is_large, as_json(200, {})))
